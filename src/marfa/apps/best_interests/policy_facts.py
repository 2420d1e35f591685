"""Decisions on a child as the charter sees them: one prepares, another one takes them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from marfa.apps.cases.queries import ASKED
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource

KIND, DECIDE = "BestInterestsDecision", "best_interests.decide"


def decision_of(person: Person, key: UUID, *, prepared_by: Collection[UUID]) -> Resource:
    """A decision, for whoever would take it."""
    facts = {**PERSON.resource(person).facts, "prepared_by": frozenset(prepared_by)}
    return Resource(KIND, key, facts)


def may_decide(actor: Actor, person: Person, key: UUID, *, prepared_by: Collection[UUID]) -> bool:
    """Whether somebody may take a decision that another one prepared."""
    return decide(actor, DECIDE, decision_of(person, key, prepared_by=prepared_by), ASKED).allowed

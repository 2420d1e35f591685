"""What the charter is asked about screenings."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Model

from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.fields.register import facts_of


def record_of(person: Person, model: type[Model], fields: Iterable[str]) -> Resource:
    """Some fields about a person, as the charter sees them."""
    tier, purposes = facts_of(model, fields)
    facts = {**PERSON.resource(person).facts, "tier": tier, "purposes": purposes}
    return Resource("Record", person.pk, facts)


def outcome_of(person: Person, screening: UUID, *, asked_by: UUID) -> Resource:
    """What a screening found, for whoever would lower it."""
    facts = {**PERSON.resource(person).facts, "asked_by": frozenset({asked_by})}
    return Resource("ScreeningOutcome", screening, facts)

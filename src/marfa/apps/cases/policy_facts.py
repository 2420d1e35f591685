"""A case as the charter sees it.

It is the person whom a case is about who is assigned, protected, shut out from, or open to a guest,
so a case has the facts of its person.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Model

from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.policy_facts import record_of as record_of_person
from marfa.safeguards.charter.columns import Standing
from marfa.safeguards.charter.resources import Resource

CASE = Standing("Case", PERSON.facts)
"""On rows of ``Person``: ``about(visibility_condition(CASE, actor, "cases.read", ...))``."""


def case_of(person: Person, case: UUID) -> Resource:
    """A case, as the charter sees it."""
    return Resource("Case", case, PERSON.resource(person).facts)


def review_of(person: Person, review: UUID, *, asked_by: UUID) -> Resource:
    """A second look, for whoever would give it."""
    facts = {**PERSON.resource(person).facts, "asked_by": frozenset({asked_by})}
    return Resource("CaseReview", review, facts)


def record_of(person: Person, model: type[Model], *fields: str) -> Resource:
    """Some fields about a person, as the charter sees them."""
    return record_of_person(PERSON.resource(person), model, fields)

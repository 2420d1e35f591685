"""Rows about a person as the charter sees them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model

from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.fields.register import facts_of, model_declaration
from marfa.safeguards.words import Tier


def record_of(person: Person, model: type[Model], fields: Iterable[str] | None = None) -> Resource:
    """Some fields of a row about a person; by default all that are about people."""
    named = fields if fields is not None else about_people(model)
    tier, purposes = facts_of(model, named)
    facts = {
        **PERSON.resource(person).facts,
        "tier": tier.value,
        "purposes": frozenset(purpose.value for purpose in purposes),
    }
    return Resource("Record", person.pk, facts)


def about_people(model: type[Model]) -> list[str]:
    """Fields of a table that tell something of the person whom a row is about."""
    declared = model_declaration(model).fields.values()
    return [each.name for each in declared if each.tier not in (Tier.SYSTEM, Tier.STAFF)]

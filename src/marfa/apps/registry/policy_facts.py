"""A person as the charter sees them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from marfa.apps.organisations import object_access
from marfa.apps.registry.models import Person, Protection
from marfa.safeguards.charter.columns import Column, Flag, Standing
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.fields.register import facts_of

KIND = "Person"

PERSON = Standing(
    KIND,
    {
        "organisation": Column("organisation_id"),
        "site": Column("site_id"),
        "team": Column("team_id"),
        "protected": Flag(Q(protected=True)),
        "erased": Flag(Q(erased_at__isnull=False)),
        **object_access.standing_rows(KIND),
    },
)


def protected_people() -> QuerySet[Any]:
    """Keys of those who may not be counted or sent on by anybody who is not assigned."""
    return Person.objects.filter(protected=True).values("pk")


def newcomer_resource(key: UUID, *, organisation: UUID, site: UUID) -> Resource:
    """Somebody who is about to be registered, as the charter sees them."""
    facts: dict[str, Value] = {"organisation": organisation, "site": site}
    facts |= dict.fromkeys(("protected", "erased"), False)
    nobody: frozenset[UUID] = frozenset()
    facts |= dict.fromkeys(("assigned", "granted", "excluded", "excluded_places"), nobody)
    return Resource(KIND, key, facts)


def protection_as_asked(person: Person, row: Protection) -> Resource:
    """The protection of a person, for whoever would take it away."""
    asked = frozenset() if row.asked_by is None else frozenset({row.asked_by})
    return Resource("Protection", row.pk, {**PERSON.resource(person).facts, "asked_by": asked})


def record_of(person: Resource, model: type[Model], fields: Iterable[str]) -> Resource:
    """Some fields of a person, or of a row about them, as the charter sees them."""
    tier, purposes = facts_of(model, fields)
    words = frozenset(purpose.value for purpose in purposes)
    return Resource("Record", person.id, {**person.facts, "tier": tier.value, "purposes": words})

"""Who people are, for a file of many of them: each is asked about as on their own page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from marfa.apps.registry.models import ContactPoint, Person
from marfa.apps.registry.person_page import first_names
from marfa.apps.registry.policy_facts import PERSON, record_of
from marfa.apps.registry.reader import IDENTITY, READ
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.row_decisions import allowed_of
from marfa.safeguards.vault.access import current_vault
from marfa.safeguards.words import Purpose


def openable_people(actor: Actor, purpose: Purpose, people: Collection[UUID]) -> set[UUID]:
    """Those whose identity an actor may open for a purpose."""
    return allowed_of(actor, IDENTITY, _resources(people), _asked(purpose))


def names_called(actor: Actor, purpose: Purpose, people: Collection[UUID]) -> Mapping[UUID, str]:
    """What each of them is called by; within ``open_vault()``."""
    return first_names(openable_people(actor, purpose, people))


def safe_contacts(actor: Actor, purpose: Purpose, people: Collection[UUID]) -> Mapping[UUID, str]:
    """How each of them can be reached without danger; within ``open_vault()``. What is not known
    to be safe is in no file."""
    records = [record_of(each, ContactPoint, ["value"]) for each in _resources(people)]
    allowed = allowed_of(actor, READ, records, _asked(purpose))
    current_vault().load(list(allowed))
    found: dict[UUID, list[str]] = defaultdict(list)
    safe = ContactPoint.objects.filter(
        person__in=allowed, ended_at=None, safety=ContactPoint.Safety.SAFE
    )
    for row in safe.order_by("recorded_at", "pk"):
        found[row.person_id].append(row.value or "")
    return {key: "; ".join(filter(None, values)) for key, values in found.items()}


def _resources(people: Collection[UUID]) -> list[Resource]:
    return list(PERSON.resources(Person.objects.filter(pk__in=list(people))).values())


def _asked(purpose: Purpose) -> dict[str, object]:
    return {"on_record": True, "purpose": purpose.value}

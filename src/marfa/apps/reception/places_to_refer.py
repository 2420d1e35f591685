"""To which services a person can be sent at once. Without one nothing is asked of them: questions
open what nobody could then take care of."""

from __future__ import annotations

from django.db.models import QuerySet

from marfa.apps.directory.models import Service
from marfa.apps.directory.offers import (
    Found,
    Whom,
    nearest_first,
    offered_services,
    places_to_refer_to,
    takes,
)
from marfa.apps.directory.queries import place_of
from marfa.apps.reception.rule_inputs import today_of
from marfa.apps.registry.models import Person
from marfa.domain.dates import age_on, from_storage
from marfa.safeguards.vault.access import open_vault

SHOWN = 5


def whom_of(person: Person) -> Whom:
    """What services ask of a person. An age in doubt is not known."""
    with open_vault():
        born = None if person.age_disputed or not person.born else from_storage(person.born)
    today = today_of(person)
    known = born is not None and born.earliest <= today
    return Whom(person.sex, age_on(born, today) if born is not None and known else None)


def has_place_to_refer(person: Person) -> bool:
    """Whether a service that takes this person was called this week and takes people."""
    return places_to_refer_to(whom_of(person)).exists()


def places_near(person: Person) -> list[Found]:
    """The nearest of those services."""
    return _near(person, places_to_refer_to(whom_of(person)))


def services_near(person: Person, *needs: str, most: int = SHOWN) -> list[Found]:
    """The nearest services that are offered for some needs and take this person for certain."""
    rows = offered_services().filter(takes(whom_of(person)), need__in=needs)
    return _near(person, rows, most)


def _near(person: Person, rows: QuerySet[Service], most: int = SHOWN) -> list[Found]:
    near = place_of(person.site) if person.site else None
    return nearest_first(rows, near=near, most=most)

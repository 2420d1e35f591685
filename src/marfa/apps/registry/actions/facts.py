"""The facts of people follow what an action changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from marfa.apps.registry.care import derive_care, known_of, ties_of
from marfa.apps.registry.facts import Period, known_as, periods_of, statements_after_change
from marfa.apps.registry.models import Person, RegisteredFact, Relationship
from marfa.platform.facts.actions import state_fact, wait_for
from marfa.platform.facts.models import columns_of
from marfa.safeguards.vault.access import open_vault

OWN = frozenset(
    {"born", "sex", "displacement", "presence", "site_id", "child_until", "age_disputed"}
)
"""Fields of a person that their own facts are made from."""

TO_OTHERS = frozenset({"presence", "site_id", "child_until", "age_disputed", "protected"})
"""Fields of a person on which the care of others depends."""


def restate_person_facts(people: Iterable[UUID], *, at: datetime, day: date | None = None) -> None:
    """State what follows for these people from a change; within the action's transaction.

    at: moment of the change as its revision carries it. day: when it happened; else the day of
    that moment where each person is.
    """
    keys = set(people)
    for key in sorted(keys):
        wait_for(RegisteredFact, key)
    rows = Person.objects.filter(pk__in=keys, erased_at=None).select_related("site")
    found = {person.pk: person for person in rows}
    ties = ties_of(found)
    others = known_of({*found, *(tie.other for each in ties.values() for tie in each)})
    stated = _stated(found)
    with open_vault() as vault:
        vault.load(found)
        for key in sorted(found):
            person = found[key]
            then = day or local_day(at, person)
            met = [(tie, others[tie.other]) for tie in ties[key] if tie.other in others]
            care = derive_care(others[key], met, then)
            known = known_as(person, without_care=care.without)
            for each in statements_after_change(stated[key], known, then, at):
                state_fact(
                    RegisteredFact,
                    subject=key,
                    values=each.values,
                    valid_from=each.valid_from,
                    valid_until=each.valid_until,
                    at=at,
                )


def restate_after(
    person: Person, changed: Collection[str], *, at: datetime, day: date | None = None
) -> None:
    """State what follows from a save of a person, for them and for whom they are related to."""
    people: set[UUID] = set()
    if OWN & set(changed):
        people.add(person.pk)
    if TO_OTHERS & set(changed):
        people |= related_to(person.pk)
    restate_person_facts(people, at=at, day=day)


def related_to(person: UUID) -> set[UUID]:
    """Everybody who was ever said to be something to a person."""
    rows = Relationship.objects.filter(Q(person=person) | Q(to=person))
    pairs = rows.values_list("person_id", "to_id")
    return {key for pair in pairs for key in pair} - {person}


def local_day(at: datetime, person: Person) -> date:
    """The day of a moment where a person is."""
    return at.astimezone(ZoneInfo(person.time_zone)).date()


def _stated(people: Iterable[UUID]) -> Mapping[UUID, list[Period]]:
    names = list(columns_of(RegisteredFact))
    rows = RegisteredFact._base_manager.filter(subject__in=list(people), replaced_at=None)
    found = defaultdict(list)
    for fact in rows:
        values = {name: getattr(fact, name) for name in names}
        found[fact.subject].append((fact.valid_from, fact.valid_until, values))
    return defaultdict(list, {key: periods_of(each) for key, each in found.items()})

"""Coded facts of detentions: written by actions, rebuilt from records, by one function.

Neither migration status nor nationality is read here or has a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from marfa.apps.detention.models import OVER, Detention, DetentionFact, Stay
from marfa.apps.registry.facts import values_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import protected_people
from marfa.platform.facts.actions import coded_values, state_fact, wait_for
from marfa.platform.facts.kinds import FactKind, History, owners_in
from marfa.platform.facts.models import columns_of
from marfa.platform.facts.timeline import Statement
from marfa.safeguards.vault.access import open_vault

SHARED = ("age_band", "is_child_until", "sex", "admin_area", "conflict_link")


def restate_detention_facts(person: Person) -> None:
    """State what the records say now and did not say before. In the transaction of the action that
    wrote them; within ``open_vault()``."""
    wait_for(DetentionFact, person.pk)
    stated = DetentionFact.objects.filter(subject=person.pk).order_by("-recorded_at")
    last = stated.values_list("recorded_at", flat=True).first()
    found = _statements(person)
    for said in found:
        if last is None or said.at >= last:
            _state(person, said)
    if found and not _stands(person, found[-1]):
        # The clock was ahead when the last was stated.
        _state(person, found[-1])


def _state(person: Person, said: Statement) -> None:
    state_fact(
        DetentionFact,
        subject=person.pk,
        values=said.values,
        valid_from=said.valid_from,
        at=said.at,
    )


def _stands(person: Person, said: Statement) -> bool:
    """Whether the facts end as a statement says."""
    present = DetentionFact.objects.filter(subject=person.pk, replaced_at=None, valid_until=None)
    rows = list(present.values(*columns_of(DetentionFact)))
    return said.values is not None and rows == [coded_values(DetentionFact, said.values)]


def detention_histories() -> Iterator[History]:
    """Everybody who is or was held, with all that was stated of them."""
    keys = Detention.objects.order_by("person_id").values_list("person_id", flat=True).distinct()
    for key in keys:
        with open_vault():
            yield key, _statements(Person.objects.get(pk=key))


def _statements(person: Person) -> Sequence[Statement]:
    """One for each place, and one for each end; within ``open_vault()``."""
    stays = Stay.objects.filter(person=person).select_related("detention__case")
    found = [
        Statement(stay.began_on, stay.recorded_at, _values(person, stay, held=True))
        for stay in stays.order_by("recorded_at", "pk")
    ]
    for row in Detention.objects.filter(person=person, state__in=OVER):
        last = stays.filter(detention=row).order_by("-recorded_at", "-pk").first()
        if last is not None and row.ended_on is not None and row.ended_at is not None:
            # The day of the release was one of detention.
            free = row.ended_on + timedelta(days=1)
            found.append(Statement(free, row.ended_at, _values(person, last, held=False)))
    return sorted(found, key=_stated_at)


def _stated_at(said: Statement) -> datetime:
    return said.at


def _values(person: Person, stay: Stay, *, held: bool) -> Mapping[str, object]:
    known = values_of(person, stay.began_on)
    return {
        **{name: known[name] for name in SHARED},
        "site": stay.detention.case.site_id,
        "held": held,
        "grounds": (stay.ground,) if held else (),
    }


DETENTIONS = FactKind(
    "detentions", DetentionFact, detention_histories, owners_in(Person), protected_people
)

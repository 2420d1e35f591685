"""The duties follow what happens to a child, and what somebody decides about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from marfa.apps.cases.action_base import TIME
from marfa.apps.children.clocks import Followed, Known, Owed, follow
from marfa.apps.children.deadlines import run_clock
from marfa.apps.children.hours import hours_of
from marfa.apps.children.models import Duty, DutyStep
from marfa.apps.children.policy_facts import PURPOSE
from marfa.apps.children.situation import known_of_people
from marfa.apps.registry.models import Person
from marfa.platform import clock
from marfa.platform.many_keys import among
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actions import Act, current_act
from marfa.safeguards.audit.event import Event
from marfa.safeguards.vault.access import open_vault

Kind = DutyStep.Kind
COLUMNS = (
    *("first_at", "due_at", "care", "risk", "danger", "met_by", "met_at", "met_until", "ended_at"),
)
A_SLICE = 500


def by_rule() -> Act:
    """A clock follows what happened. The log is told of the action that gave rise to it."""
    return Act(Event(action="children.follow", actor=TIME, purpose=PURPOSE))


def refresh_duties(people: Collection[UUID], act: Act | None = None) -> int:
    """State anew what is owed to these people, within the transaction of what happened to them. It
    follows by itself, whoever did it, so that it sees and writes what the actor may not.

    Returns how many duties changed.
    """
    keys = sorted(people)
    changed = 0
    with every_organisation(), open_vault():
        for part in _sliced(keys):
            changed += _refresh(part, act or current_act() or by_rule())
    return changed


def duties_to_be(people: Collection[UUID]) -> Iterable[tuple[UUID, Owed | None, Followed]]:
    """What is owed to each of these people now, beside what is stored; nothing is written."""
    known = known_of_people(people)
    rows = Duty.objects.filter(among("person", people), current=True)
    stored = {row[0]: Owed(*row[1:]) for row in rows.values_list("person_id", *COLUMNS)}
    hours = hours_of(_organisations(known))
    now = clock.now()
    for key, each in known.items():
        before = stored.get(key)
        followed = follow(before, each, hours[key], now)
        if followed is not None:
            yield key, before, followed


def _refresh(people: Collection[UUID], act: Act) -> int:
    # Whoever else does something about the same people waits for the end of this.
    locked = Duty.objects.select_for_update().filter(person__in=people, current=True)
    rows = {row.person_id: row for row in locked.defer("asked_words").order_by("pk")}
    changed = 0
    for key, _before, followed in duties_to_be(people):
        row = rows.get(key)
        if row is None or followed.anew:
            changed += 1
            run_clock(_begin(act, key, row, followed.owed))
        else:
            changed += _change(act, row, followed.owed)
            run_clock(row)
    return changed


def _begin(act: Act, key: UUID, before: Duty | None, owed: Owed) -> Duty:
    if before is not None:
        act.save(before, changes={"current": False})
    person = Person.objects.only("pk", "organisation_id").get(pk=key)
    row = Duty(organisation_id=person.organisation_id, person=person, **_values(owed))
    act.create(row)
    add_step(act, row, Kind.BEGAN)
    if owed.met_by:
        add_step(act, row, Kind.MET, code=owed.met_by)
    return row


def _change(act: Act, row: Duty, owed: Owed) -> int:
    before = Owed(**{name: getattr(row, name) for name in COLUMNS})
    changes = {name: value for name, value in _values(owed).items() if getattr(row, name) != value}
    if not changes:
        return 0
    act.save(row, changes=changes)
    row.refresh_from_db()
    if owed.due_at < before.due_at:
        add_step(act, row, Kind.SOONER)
    if owed.met_by != before.met_by:
        kind = Kind.MET if owed.met_by else Kind.AGAIN
        add_step(act, row, kind, code=owed.met_by or before.met_by)
    return 1


def _values(owed: Owed) -> dict[str, Any]:
    return {name: getattr(owed, name) for name in COLUMNS}


def add_step(
    act: Act, row: Duty, kind: DutyStep.Kind, *, code: str = "", told: UUID | None = None
) -> None:
    """Write one step into the history of a duty."""
    act.create(
        DutyStep(
            organisation_id=row.organisation_id,
            person_id=row.person_id,
            duty=row,
            kind=kind,
            code=code,
            told=told,
            at=clock.now(),
            by=act.by,
        )
    )


def _organisations(known: Mapping[UUID, Known]) -> dict[UUID, UUID]:
    rows = Person.objects.filter(among("pk", list(known))).values_list("pk", "organisation_id")
    return dict(rows)


def _sliced(keys: list[UUID]) -> Iterable[list[UUID]]:
    return (keys[at : at + A_SLICE] for at in range(0, len(keys), A_SLICE))

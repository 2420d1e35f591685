"""People of the demonstration in each state: called, seen, gone for today; agreed, refused, taken
back; and the first figures of the sites."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from marfa.apps.organisations.administering import by_command
from marfa.apps.people.actions import (
    Answer,
    add_recipient,
    change_person,
    make_agreement,
    record_consent,
    refuse_consent,
    withdraw_consent,
)
from marfa.apps.people.actions.queueing import State, move
from marfa.apps.people.figures.making import make_snapshots
from marfa.apps.people.models import Person, QueueEntry, Recipient
from marfa.apps.people.told import Shown, told_in
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

Families = list[list[Person]]
ASSISTANCE = Purpose.ASSISTANCE


def go_on(boss: Actor, officer: Actor, came: Families, there: Families) -> None:
    """What happened since they came. came: at the gate, where the officer works."""
    steps = {
        came[4][0]: (State.CALLED,),
        came[4][1]: (State.CALLED, State.BEING_SEEN),
        came[5][0]: (State.CALLED, State.LEFT),
        came[1][0]: (State.CALLED, State.DECLINED),
    }
    _queue(officer, steps)
    _queue(boss, {there[2][0]: (State.CALLED, State.BEING_SEEN, State.DONE)})
    _agree(boss, came[0][0], came[2][0], there[2][0])
    _tell_more(boss, came[0][0])
    make_snapshots(actor=boss, organisation=came[0][0].organisation)


def _queue(actor: Actor, steps: Mapping[Person, tuple[State, ...]]) -> None:
    for person, states in steps.items():
        for state in states:
            entry = QueueEntry.objects.select_related("person", "site").get(
                person=person, ended_at=None
            )
            move(actor=actor, entry=entry, to=state)


def _agree(boss: Actor, agrees: Person, takes_back: Person, refuses: Person) -> None:
    """A clinic with an agreement, and three answers to whether it may be told."""
    clinic = add_recipient(
        actor=by_command(), kind="health", name="Lighthouse Clinic · عيادة المنارة"
    )
    now = clock.now()
    make_agreement(
        actor=by_command(),
        recipient=clinic,
        purposes=(ASSISTANCE.value,),
        starts_at=now,
        until=now + timedelta(days=180),
    )
    said = {"actor": boss, "purpose": ASSISTANCE, "answer": _answer(clinic)}
    record_consent(person=agrees, **said)  # type: ignore[arg-type]
    given = record_consent(person=takes_back, **said)  # type: ignore[arg-type]
    withdraw_consent(actor=boss, purpose=ASSISTANCE, consent=given)
    refuse_consent(person=refuses, **said)  # type: ignore[arg-type]


def _answer(clinic: Recipient) -> Answer:
    return Answer(
        about=ASSISTANCE.value,
        recipient=clinic,
        shown=Shown.of(told_in("ar")),
        language="apc",
        understood=True,
    )


def _tell_more(boss: Actor, person: Person) -> None:
    """What somebody told who helps: where they belong, and what is difficult for them."""
    person.refresh_from_db()
    change_person(
        actor=boss,
        purpose=ASSISTANCE,
        person=person,
        base_version=person.version,
        changes={
            "languages": ["apc", "fra"],
            "displacement": "internally_displaced",
            "functioning": {"seeing": "some_difficulty", "walking": "a_lot_of_difficulty"},
        },
    )

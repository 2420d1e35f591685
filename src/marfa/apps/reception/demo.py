"""The app's part of a demonstration: places in the queue in each state."""

from __future__ import annotations

from collections.abc import Mapping

from marfa.apps.manifest import Desk
from marfa.apps.reception.actions.queue import State, move_entry
from marfa.apps.reception.models import QueueEntry
from marfa.apps.registry.demo import find_operation
from marfa.apps.registry.models import Person
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor


def make_demo(desks: tuple[Desk, ...]) -> None:
    """What happened in the queue since they came."""
    known = find_operation()
    if known is None:
        return
    came, there = known.came, known.there
    with row_context(known.boss.organisations):
        _queue(
            known.officer,
            {
                came[4][0]: (State.CALLED,),
                came[4][1]: (State.CALLED, State.BEING_SEEN),
                came[5][0]: (State.CALLED, State.LEFT),
                came[1][0]: (State.CALLED, State.DECLINED),
            },
        )
        _queue(known.boss, {there[2][0]: (State.CALLED, State.BEING_SEEN, State.DONE)})


def _queue(actor: Actor, steps: Mapping[Person, tuple[State, ...]]) -> None:
    for person, states in steps.items():
        for state in states:
            entry = QueueEntry.objects.select_related("person", "site").get(
                person=person, ended_at=None
            )
            move_entry(actor=actor, entry=entry, to=state)

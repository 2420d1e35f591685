"""What the actions on a detention share: decision, transaction, alarm, facts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from marfa.apps.cases.action_base import PURPOSE as PURPOSE
from marfa.apps.cases.action_base import case_action
from marfa.apps.detention.clocks import ALARM
from marfa.apps.detention.facts import restate_detention_facts
from marfa.apps.detention.models import GOING_ON, Detention
from marfa.apps.detention.policy import WRITE
from marfa.apps.registry.care import somebody_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import set_deadline
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor


@contextmanager
def detention_action(
    actor: Actor, row: Detention, step: str, *, code: str = WRITE
) -> Iterator[Act]:
    """One step about a detention that goes on. Raises DeniedError; InputError where it is over."""
    with case_action(actor, row.case, step, code=code) as act:
        row.refresh_from_db(from_queryset=Detention.objects.select_for_update(no_key=True))
        if row.state not in GOING_ON:
            raise InputError.at(Message("apps.detention:over"))
        yield act
        restate_detention_facts(row.person)


def raise_alarm(row: Detention, due_at: datetime) -> None:
    """The alarm is on, and somebody has to look by a moment, in place of the one before."""
    set_deadline(
        kind=ALARM,
        subject=row.pk,
        due_at=due_at,
        owner=owner_of(row),
        responsible=row.case.worker,
    )


def today_of(row: Detention) -> date:
    """The day where the case is."""
    return clock.today(row.case.site.time_zone)


def is_child(row: Detention) -> bool:
    """Whether the person is treated as a child now; in doubt, yes."""
    return somebody_of(row.person).is_child(today_of(row))


def columns_of(row: Detention) -> dict[str, Any]:
    """The columns that every row about a detention has."""
    return {"organisation_id": row.organisation_id, "person": row.person, "detention": row}

"""The clocks of the duties, and who has to hear of them."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.cases.models import Case
from marfa.apps.children.models import Duty
from marfa.platform.deadlines.actions import (
    hand_over,
    meet_deadline,
    set_deadline,
    withdraw_deadline,
)
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.ownership import owner_of

DUE, SUPERVISOR, OUTSIDE = "due", "supervisor", "outside"
DUTY = deadline_kind(
    "children.duty",
    Step(DUE),
    Step(SUPERVISOR, timedelta(hours=2)),
    Step(OUTSIDE, timedelta(hours=6)),
)
"""Elapsed hours, whatever day it is. The last rung is somebody outside the team."""

LAPSES = deadline_kind("children.lapses", Step("due"))
"""When what satisfies a duty ends by itself: a referral that nobody answers, a decision to be
reviewed. A kind of its own, so that the ladder of the duty is never climbed by two."""


def run_clock(duty: Duty) -> None:
    """Let the clock of a duty run or rest, as the duty stands."""
    if duty.is_live:
        withdraw_deadline(kind=LAPSES, subject=duty.pk)
        _run(duty)
        return
    meet_deadline(kind=DUTY, subject=duty.pk)
    if duty.met_until is not None and duty.ended_at is None:
        set_deadline(kind=LAPSES, subject=duty.pk, due_at=duty.met_until, owner=owner_of(duty))
    else:
        withdraw_deadline(kind=LAPSES, subject=duty.pk)


def _run(duty: Duty) -> None:
    """A rung that was told is not told again because somebody else is responsible now."""
    cases = Case.objects.filter(person=duty.person_id, state=Case.State.OPEN)
    worker = cases.values_list("worker", flat=True).first()
    same = Deadline.objects.filter(kind=DUTY.name, subject=duty.pk, state=Deadline.State.OPEN)
    row = same.first()
    if row is not None and row.due_at == duty.due_at:
        if row.responsible != worker:
            hand_over(deadline=row.pk, responsible=worker)
        return
    set_deadline(
        kind=DUTY,
        subject=duty.pk,
        due_at=duty.due_at,
        owner=owner_of(duty),
        responsible=worker,
    )

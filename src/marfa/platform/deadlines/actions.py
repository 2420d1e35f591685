"""Changes to deadlines, and the climbing of their ladders."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from django.db import transaction

from marfa.platform import clock
from marfa.platform.deadlines.events import StepOfDeadline
from marfa.platform.deadlines.kinds import DeadlineKind
from marfa.platform.deadlines.models import Deadline, StepReached
from marfa.platform.events import publish_event
from marfa.platform.jobs.states import describe_error
from marfa.platform.rowsecurity.ownership import Owner, owner_of
from marfa.platform.rowsecurity.tables import columns_for

log = logging.getLogger("marfa.deadlines")

OPEN = Deadline.State.OPEN


class EscalationError(RuntimeError):
    """Some ladders could not be climbed; the others were."""


def set_deadline(
    *,
    kind: DeadlineKind,
    subject: uuid.UUID,
    due_at: datetime,
    owner: Owner,
    responsible: uuid.UUID | None = None,
    since: datetime | None = None,
) -> Deadline:
    """Set a deadline for a record, or give it a new date in place of its open one.

    due_at: an aware moment; :mod:`marfa.platform.moments` makes one from days at a place.
    owner: whose the record is (``owner_of(record)``); INSTALLATION where it is about no person.
    since: when it counts as set, by default now: for what must not tell when it was.
    Raises ValueError for a naive moment.
    """
    if due_at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    now = since or clock.now()
    with transaction.atomic():
        open_one = Deadline.objects.filter(kind=kind.name, subject=subject, state=OPEN)
        before = open_one.select_for_update().first()
        if before is not None:
            if before.due_at == due_at and before.responsible == responsible:
                return before
            now = max(now, before.created_at)
            open_one.update(state=Deadline.State.WITHDRAWN, ended_at=now)
        return Deadline.objects.create(
            kind=kind.name,
            subject=subject,
            responsible=responsible,
            due_at=due_at,
            ladder=[[step.name, step.after.total_seconds()] for step in kind.ladder],
            next_step_at=min((due_at + step.after for step in kind.ladder), default=None),
            created_at=now,
            replaces=before,
            **columns_for(owner),
        )


def meet_deadline(*, kind: DeadlineKind, subject: uuid.UUID) -> bool:
    """What had to be done was done, in time or late; False where no such deadline is open."""
    return _close(kind, subject, Deadline.State.MET)


def withdraw_deadline(*, kind: DeadlineKind, subject: uuid.UUID) -> bool:
    """It need not be done any more; False where no such deadline is open."""
    return _close(kind, subject, Deadline.State.WITHDRAWN)


def _close(kind: DeadlineKind, subject: uuid.UUID, state: Deadline.State) -> bool:
    open_one = Deadline.objects.filter(kind=kind.name, subject=subject, state=OPEN)
    return bool(open_one.update(state=state, ended_at=clock.now()))


def hand_over(*, deadline: uuid.UUID, responsible: uuid.UUID | None) -> bool:
    """Make somebody else responsible; the date stays. False where it is no longer open."""
    row = Deadline.objects.filter(pk=deadline, state=OPEN)
    return bool(row.update(responsible=responsible))


def climb_ladders() -> int:
    """Publish every step that is due and was not reached yet, each once, in order of time.

    Each deadline is a transaction of its own. Where listeners fail for one, the others go on.
    Returns the number of steps reached; raises EscalationError at the end if any failed, whose
    steps stay due.
    """
    due = Deadline.objects.filter(state=OPEN, next_step_at__lte=clock.now())
    reached = failed = 0
    for identifier in list(due.order_by("next_step_at", "id").values_list("id", flat=True)):
        try:
            reached += climb_ladder(deadline=identifier)
        except Exception as error:
            log.error("deadline %s could not escalate: %s", identifier, describe_error(error))
            failed += 1
    if failed:
        raise EscalationError(f"{failed} ladders")
    return reached


def climb_ladder(*, deadline: uuid.UUID) -> int:
    """Publish the steps of one deadline that are due. Returns how many there were."""
    now = clock.now()
    with transaction.atomic():
        row = Deadline.objects.select_for_update().filter(pk=deadline, state=OPEN).first()
        if row is None:
            return 0
        done = set(row.steps.values_list("step", flat=True))
        steps = [
            (name, row.due_at + timedelta(seconds=after))
            for name, after in row.ladder
            if name not in done
        ]
        due = [(name, at) for name, at in steps if at <= now]
        for name, at in due:
            _reach(row, name, at, now)
        following = min((at for _, at in steps if at > now), default=None)
        Deadline.objects.filter(pk=row.pk).update(next_step_at=following)
    return len(due)


def _reach(row: Deadline, step: str, at: datetime, now: datetime) -> None:
    whose = columns_for(owner_of(row))
    StepReached.objects.create(deadline=row, step=step, at=at, reached_at=now, **whose)
    publish_event(
        StepOfDeadline(
            deadline=row.pk,
            kind=row.kind,
            step=step,
            subject=row.subject,
            responsible=row.responsible,
            at=at,
        )
    )

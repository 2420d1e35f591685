"""Questions about deadlines, answered by the clock alone: no worker need have run."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db.models import QuerySet

from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline


def open_deadlines() -> QuerySet[Deadline]:
    """All that is not done yet, the earliest first."""
    return Deadline.objects.filter(state=Deadline.State.OPEN).order_by("due_at", "id")


def overdue_deadlines() -> QuerySet[Deadline]:
    """What should have been done by now; a deadline is overdue from its very moment on."""
    return open_deadlines().filter(due_at__lte=clock.now())


def due_within(time: timedelta) -> QuerySet[Deadline]:
    """What is not overdue yet and will be within a time."""
    now = clock.now()
    return open_deadlines().filter(due_at__gt=now, due_at__lte=now + time)


def of_person(responsible: uuid.UUID) -> QuerySet[Deadline]:
    """What one person has to do, the earliest first."""
    return open_deadlines().filter(responsible=responsible)


def of_subject(subject: uuid.UUID) -> QuerySet[Deadline]:
    """Every deadline a record has or had, in the order in which they were set."""
    return Deadline.objects.filter(subject=subject).order_by("id")

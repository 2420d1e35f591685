"""Whose the open deadlines of a case are."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from marfa.platform.deadlines.actions import hand_over
from marfa.platform.deadlines.models import Deadline


def hand_over_deadlines(subjects: Iterable[UUID], before: UUID | None, after: UUID) -> None:
    """The open deadlines of some rows that were another's are theirs who is responsible now."""
    open_ones = Deadline.objects.filter(subject__in=list(subjects), state=Deadline.State.OPEN)
    for key in open_ones.filter(responsible=before).values_list("pk", flat=True):
        hand_over(deadline=key, responsible=after)

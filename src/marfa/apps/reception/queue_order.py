"""The order of the queue: who is next, and by when. It knows neither database nor clock.

Children without care come first, then who is more urgent, then who waits longer. Adding a reason
never puts anybody further back and never gives them more time to wait.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from marfa.methods.screening.outcome import Urgency

WITHIN: dict[Urgency, timedelta] = {
    Urgency.NOW: timedelta(hours=1),
    Urgency.DAYS: timedelta(hours=24),
    Urgency.ROUTINE: timedelta(hours=72),
}
"""How long somebody waits at most. Our proposal: no published standard gives hours for this."""

DIGITS = "123456789"
"""Digits are called and read at every gate. No nought: in Arabic it is a dot."""
LENGTH = 4
ATTEMPTS = 20


@dataclass(frozen=True)
class Waiting:
    """Somebody in the queue. since: from when they wait; it is never moved."""

    key: UUID
    first: bool
    urgency: Urgency
    since: datetime


W = TypeVar("W", bound=Waiting)


def queue_rank(one: Waiting) -> tuple[bool, int, datetime, bytes]:
    """The place in the queue: smaller is sooner."""
    return not one.first, -one.urgency, one.since, one.key.bytes


def in_order(waiting: Iterable[W]) -> list[W]:
    """The queue."""
    return sorted(waiting, key=queue_rank)


def due_at(
    since: datetime, level: Urgency, *, raised: datetime, before: datetime | None = None
) -> datetime:
    """By when somebody is to be seen.

    since: from when they wait. raised: when it was last found out how urgent it is; what became
    urgent just now is due within its time from now, not in the past. before: by when it was due
    until now; it only ever comes sooner.
    """
    due = max(since, raised) + WITHIN[level]
    return due if before is None else min(due, before)


def new_ticket(taken: Callable[[str], bool]) -> str:
    """A ticket such as ``4729``, drawn at random: it tells neither order nor reason.

    taken: whether one is in use at the site. It grows by a digit where many are.
    """
    length = LENGTH
    while True:
        for _attempt in range(ATTEMPTS):
            drawn = "".join(secrets.choice(DIGITS) for _ in range(length))
            if not taken(drawn):
                return drawn
        length += 1

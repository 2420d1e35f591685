"""How many days somebody was held, over all places. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

Spell = tuple[date, date | None]
"""First and last day in one place, both counted; None while it goes on."""


def days_held(spells: Iterable[Spell], today: date) -> int:
    """Calendar days on which the person was held, each counted once however many places there were.

    The day of a release and that of a move count: for some of it the person was held. What begins
    after today, by a clock or an entry that was wrong, counts nothing.
    """
    counted, reached = 0, date.min
    for first, last in sorted((first, last or today) for first, last in spells):
        until = min(last, today)
        since = max(first, reached + timedelta(days=1)) if reached != date.min else first
        if since <= until:
            counted += (until - since).days + 1
            reached = until
    return counted

"""From a day and a time on somebody's wall to an instant, through changes of clocks and leap days.

Two kinds of "later" are kept apart: a number of hours is elapsed time, the same everywhere
(:func:`marfa.platform.clock.advance`); a number of days or months is read from the calendar of
a place, where a day may have 23 or 25 hours.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MIDNIGHT = time(0, 0)


def instant_on_day(day: date, at: time, zone: str) -> datetime:
    """The instant, in UTC, at which clocks in ``zone`` show ``at`` on ``day``.

    A time that clocks jump over is taken as long after midnight as it says, which is the next
    time they do show (Python, PEP 495, fold=0); of a time shown twice the first is meant.
    """
    local = datetime.combine(day, at.replace(fold=0), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def days_later(moment: datetime, days: int, zone: str) -> datetime:
    """The same time on the wall in ``zone``, so many calendar days later, in UTC."""
    local = moment.astimezone(ZoneInfo(zone))
    return instant_on_day(local.date() + timedelta(days=days), local.time(), zone)


def end_of_day(day: date, zone: str) -> datetime:
    """The first instant in UTC that no longer belongs to ``day`` in ``zone``."""
    return instant_on_day(day + timedelta(days=1), MIDNIGHT, zone)


def last_day(end: datetime, zone: str) -> date:
    """The last day in ``zone`` that belongs to what is over at ``end``."""
    return (end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where that month has no such day.

    One year after 29 February is 28 February, one month after 31 January 28 or 29 February.
    """
    months_since_zero = day.year * 12 + day.month - 1 + months
    year, month = divmod(months_since_zero, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))

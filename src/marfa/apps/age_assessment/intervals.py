"""An age as an interval: what somebody found, with its error, and the widest of several.

Nothing here is a probability. An interval holds every birthday that a result leaves possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from marfa.domain.dates import PartialDate, is_child_on
from marfa.domain.dates.answer import Answer
from marfa.domain.dates.calendars import CalendarDate

LONGEST_YEAR = 366


def interval_of(earliest: date, latest: date) -> PartialDate:
    """A birth that lies from one day to another, both included."""
    first, last = (CalendarDate(day.year, day.month, day.day) for day in (earliest, latest))
    return PartialDate(first, last if last != first else None)


def widen(born: PartialDate, error_years: Decimal) -> PartialDate:
    """A result with its error on either side; part of a day counts as a day."""
    days = int((error_years * LONGEST_YEAR).to_integral_value(ROUND_CEILING))
    return interval_of(born.earliest - timedelta(days=days), born.latest + timedelta(days=days))


def widest_of(results: Iterable[PartialDate]) -> PartialDate | None:
    """Every birthday that any of these results leaves possible; None where there is none."""
    found = list(results)
    if not found:
        return None
    return interval_of(min(each.earliest for each in found), max(each.latest for each in found))


def is_certainly_adult(results: Iterable[PartialDate], day: date) -> bool:
    """Whether no result leaves it possible that the person is under 18 on a day."""
    widest = widest_of(results)
    return widest is not None and is_child_on(widest, day) is Answer.NO

"""One day, known as well as it is known."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Self

from marfa.domain.dates.answer import Answer
from marfa.domain.dates.calendars import Calendar, CalendarDate
from marfa.domain.message import InputError, Message

MARGIN_DAYS = 15
MARGIN_MONTHS = 3
MARGIN_YEARS = 2
"""How far an approximate day, month or year may be off, on either side. A convention of ours:
two years is the margin usually stated for an age judged by looks or by development."""

HIJRI_MARGIN_DAYS = 2
"""How far a converted Hijri date may be off, on either side. Months begin by sighting the moon in
many countries, and before 1420 the tables themselves disagree: hijridate 2.6 and ICU 78 differ
by one day in 723 of 1,896 months and by two days in 17, and never by more."""


@dataclass(frozen=True)
class PartialDate:
    """One day that lies somewhere from ``earliest`` to ``latest``, both included.

    The bounds of a Hijri date hold HIJRI_MARGIN_DAYS more on either side than ``stated``.

    start, end: as given, in one calendar; ``end`` only for "between 1998 and 2001".
    approximate: "about"; it widens the bounds by the margin of the smallest part given.
    converted: for Hijri dates, the first and last Gregorian day as converted when it was
        entered. It is kept, and rules, should the tables ever be corrected.
    Raises InputError when the end lies before the start.
    """

    start: CalendarDate
    end: CalendarDate | None = None
    approximate: bool = False
    converted: tuple[date, date] | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        last = self.end or self.start
        if last.calendar is not self.start.calendar:
            raise InputError.at(Message("domain:date-two-calendars"))
        if last.last < self.start.first or last.first < self.start.first:
            raise InputError.at(Message("domain:date-range-order"))
        if self.calendar is Calendar.GREGORIAN:
            if self.converted is not None:
                raise ValueError("only a Hijri date is converted")
        elif self.converted is None:
            object.__setattr__(self, "converted", (self.start.first, last.last))
        elif self.converted[0] > self.converted[1]:
            raise InputError.at(Message("domain:date-range-order"))

    @classmethod
    def gregorian(
        cls, year: int, month: int | None = None, day: int | None = None, *, about: bool = False
    ) -> Self:
        """A year, month or day of the Gregorian calendar."""
        return cls(CalendarDate(year, month, day), approximate=about)

    @classmethod
    def hijri(
        cls, year: int, month: int | None = None, day: int | None = None, *, about: bool = False
    ) -> Self:
        """A year, month or day of the Hijri calendar (Umm al-Qura)."""
        return cls(CalendarDate(year, month, day, Calendar.HIJRI), approximate=about)

    @classmethod
    def on(cls, day: date) -> Self:
        """A day that is known."""
        return cls.gregorian(day.year, day.month, day.day)

    @property
    def calendar(self) -> Calendar:
        return self.start.calendar

    @cached_property
    def stated(self) -> tuple[date, date]:
        """First and last day as stated and converted, without any margin."""
        return self.converted or (self.start.first, (self.end or self.start).last)

    @cached_property
    def earliest(self) -> date:
        """No earlier day is possible."""
        first = self.stated[0] - self._hijri_margin
        return _moved(first, self.start, -1) if self.approximate else first

    @cached_property
    def latest(self) -> date:
        """No later day is possible."""
        last = self.stated[1] + self._hijri_margin
        if not self.approximate:
            return last
        # Moving the day after keeps the ends of months where they are.
        after = last + timedelta(days=1)
        return _moved(after, self.end or self.start, +1) - timedelta(days=1)

    @property
    def _hijri_margin(self) -> timedelta:
        return timedelta(days=HIJRI_MARGIN_DAYS if self.calendar is Calendar.HIJRI else 0)

    @property
    def is_exact(self) -> bool:
        """Whether one day alone is possible."""
        return self.earliest == self.latest

    @property
    def sort_key(self) -> tuple[date, date]:
        """For showing dates in a row; it decides nothing about which came first."""
        return self.earliest, self.latest

    def is_before(self, other: PartialDate | date) -> Answer:
        """Whether this day came before the other."""
        first, last = _bounds(other)
        return Answer.of(always=self.latest < first, never=self.earliest >= last)

    def is_after(self, other: PartialDate | date) -> Answer:
        """Whether this day came after the other."""
        first, last = _bounds(other)
        return Answer.of(always=self.earliest > last, never=self.latest <= first)

    def is_same_day(self, other: PartialDate | date) -> Answer:
        """Whether both are the same day; two equal years cannot say."""
        first, last = _bounds(other)
        return Answer.of(
            always=self.earliest == self.latest == first == last,
            never=self.latest < first or last < self.earliest,
        )

    def falls_within(self, first: date, last: date) -> Answer:
        """Whether the day lies from first to last, both included."""
        return Answer.of(
            always=first <= self.earliest and self.latest <= last,
            never=self.latest < first or last < self.earliest,
        )


def _bounds(value: PartialDate | date) -> tuple[date, date]:
    return (value.earliest, value.latest) if isinstance(value, PartialDate) else (value, value)


def _moved(day: date, part: CalendarDate, direction: int) -> date:
    if part.day is not None:
        return day + direction * timedelta(days=MARGIN_DAYS)
    months = 12 * MARGIN_YEARS if part.month is None else MARGIN_MONTHS
    years, month = divmod(day.year * 12 + day.month - 1 + direction * months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))

"""A year, a month or a day of one calendar, and the days of ours that it covers."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from hijridate import Hijri

from marfa.domain.message import InputError, Message


class Calendar(StrEnum):
    """Calendars in which a date may be given.

    Hijri is the Umm al-Qura calendar of Saudi Arabia, as printed at the time (tables 1343 to
    1500, in the package hijridate).
    """

    GREGORIAN = "gregorian"
    HIJRI = "hijri"


YEARS = {Calendar.GREGORIAN: (1800, 2199), Calendar.HIJRI: (1343, 1500)}
"""Years that are accepted, inclusive. They do not overlap, so that a Hijri year entered as
Gregorian is caught. Hijri years are those of the tables: August 1924 to November 2077."""


@dataclass(frozen=True)
class CalendarDate:
    """A year, a month of a year, or a day.

    Raises InputError when there is no such date, or the year is outside YEARS.
    """

    year: int
    month: int | None = None
    day: int | None = None
    calendar: Calendar = Calendar.GREGORIAN

    def __post_init__(self) -> None:
        low, high = YEARS[self.calendar]
        if not low <= self.year <= high:
            raise InputError.at(
                Message(
                    f"domain:date-year-{self.calendar}",
                    {"year": str(self.year), "low": str(low), "high": str(high)},
                )
            )
        if self.day is not None and self.month is None:
            raise ValueError("a day needs its month")
        if self.month is not None and not 1 <= self.month <= 12:
            raise InputError.at(Message("domain:date-month", {"month": self.month}))
        if self.day is not None and not 1 <= self.day <= self._month_length():
            raise InputError.at(
                Message("domain:date-day", {"day": self.day, "last": self._month_length()})
            )

    @cached_property
    def first(self) -> date:
        """The first Gregorian day that it covers."""
        return _day(self.calendar, self.year, self.month or 1, self.day or 1)

    @cached_property
    def last(self) -> date:
        """The last Gregorian day that it covers."""
        if self.day is not None:
            return self.first
        month = self.month or 12
        length = _month_length(self.calendar, self.year, month)
        return _day(self.calendar, self.year, month, length)

    def isoformat(self) -> str:
        """``1999``, ``1999-05`` or ``1999-05-03``, in its own calendar."""
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def _month_length(self) -> int:
        return _month_length(self.calendar, self.year, self.month or 1)


def _day(calendar: Calendar, year: int, month: int, day: int) -> date:
    if calendar is Calendar.GREGORIAN:
        return date(year, month, day)
    return date.fromordinal(Hijri(year, month, day).to_gregorian().toordinal())


def _month_length(calendar: Calendar, year: int, month: int) -> int:
    if calendar is Calendar.HIJRI:
        return Hijri(year, month, 1).month_length()
    return monthrange(year, month)[1]

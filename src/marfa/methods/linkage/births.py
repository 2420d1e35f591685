"""Dates of birth of many records beside one another, by columns.

What two dates say of one another is what ``names.context`` says of them, which sees two at a time;
here it is finer: two days in one year are told from two years, and a year that is one off.
A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from marfa.methods.linkage.records import is_exact, whole_year
from marfa.methods.names.context import Span

Ints = npt.NDArray[np.int32]
Levels = npt.NDArray[np.int8]


class BirthLevel(IntEnum):
    """What two dates of birth are to one another."""

    UNKNOWN = -1
    APART = 0
    """More than two years, however it came about."""
    NEAR = 1
    """Within two years."""
    SAME_YEAR = 2
    """Two days of one year."""
    DIGIT = 3
    """One digit is another, or the year alone is one off."""
    EXCHANGED = 4
    """Day and month stand the other way round."""
    AGREE = 5
    """One may be the other: a year alone, an estimate, an age."""
    SAME = 6


NEAR_DAYS = 2 * 366
WHOLE_YEAR = 366
DIGITS = 8


@dataclass(frozen=True)
class Births:
    """A column of dates of birth, as days and digits; of several dates of one record the first two.

    first, last: ordinals of the earliest and latest day; -1 where none is known.
    exact: whether the day is known. digits: of exact dates, YYYYMMDD.
    """

    first: Ints
    last: Ints
    exact: npt.NDArray[np.bool_]
    digits: Ints

    @classmethod
    def of(cls, spans: Sequence[tuple[Span, ...] | None]) -> Births:
        """From dates by record; of a year written in two calendars the whole stretch counts."""
        rows = np.array([_row(several) for several in spans], dtype=np.int32).reshape(-1, 3)
        return cls(rows[:, 0], rows[:, 1], rows[:, 2] > 0, rows[:, 2])

    def joined(self, more: Births) -> Births:
        """These and more of them."""
        pairs = zip(
            (self.first, self.last, self.exact, self.digits),
            (more.first, more.last, more.exact, more.digits),
            strict=True,
        )
        return Births(*(np.concatenate(pair) for pair in pairs))

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        return self.first >= 0

    @property
    def year(self) -> Ints:
        """The year, of a stretch the middle one; 0 where none is known."""
        middle = (self.first.astype(np.int64) + self.last) // 2
        years = np.floor(middle / 365.2425).astype(np.int32) + 1
        exact = np.where(self.exact, self.digits // 10_000, years)
        return np.where(self.known, exact, 0).astype(np.int32)

    @property
    def day_either_way(self) -> Ints:
        """One number for an exact date and the one with day and month exchanged; 0 for others."""
        month, day = self.digits // 100 % 100, self.digits % 100
        low, high = np.minimum(month, day), np.maximum(month, day)
        return np.where(self.exact, self.digits // 10_000 * 10_000 + low * 100 + high, 0).astype(
            np.int32
        )

    def levels_of(self, left: Ints, right: Ints) -> Levels:
        """What the dates of some records are to those of others, row by row."""
        first = np.maximum(self.first[left], self.first[right])
        last = np.minimum(self.last[left], self.last[right])
        gap = first - last
        exact = self.exact[left] & self.exact[right]
        one, other = self.digits[left], self.digits[right]
        found = np.full(len(left), BirthLevel.APART, dtype=np.int8)
        found[gap <= NEAR_DAYS] = BirthLevel.NEAR
        same_year = one // 10_000 == other // 10_000
        found[exact & same_year] = BirthLevel.SAME_YEAR
        slip = _digits_that_differ(one, other) == 1
        slip |= (one % 10_000 == other % 10_000) & (np.abs(one - other) == 10_000)
        found[exact & slip] = BirthLevel.DIGIT
        exchanged = self.day_either_way[left] == self.day_either_way[right]
        found[exact & exchanged] = BirthLevel.EXCHANGED
        found[~exact & (gap <= 0)] = BirthLevel.AGREE
        found[exact & (one == other)] = BirthLevel.SAME
        found[(self.first[left] < 0) | (self.first[right] < 0)] = BirthLevel.UNKNOWN
        return found

    def share_near(self, rows: Ints) -> npt.NDArray[np.float64]:
        """For some records, of which share of all that have a date the dates overlap theirs."""
        known = self.known
        total = max(1, int(known.sum()))
        starts, ends = np.sort(self.first[known]), np.sort(self.last[known])
        begun = np.searchsorted(starts, self.last[rows], side="right")
        over = np.searchsorted(ends, self.first[rows], side="left")
        return np.asarray((begun - over) / total, dtype=np.float64)

    def share_same(self, rows: Ints) -> npt.NDArray[np.float64]:
        """For some records, which share of all that have a date has the same to the day."""
        known = int(self.known.sum())
        days, counts = np.unique(self.digits[self.exact], return_counts=True)
        if not len(days):
            return np.zeros(len(rows))
        found = np.searchsorted(days, self.digits[rows])
        found = np.minimum(found, len(days) - 1)
        return np.where(days[found] == self.digits[rows], counts[found] / max(1, known), 0.0)


def _row(several: tuple[Span, ...] | None) -> tuple[int, int, int]:
    """First day, last day, and the digits where one day is known."""
    known = tuple(whole_year(span) for span in several or ())
    if not known:
        return -1, -1, 0
    first = min(span.earliest for span in known)
    last = max(span.latest for span in known)
    whole = len(known) == 1 and is_exact(known[0])
    return first.toordinal(), last.toordinal(), _digits(first) if whole else 0


def _digits(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _digits_that_differ(one: Ints, other: Ints) -> Ints:
    found = np.zeros(len(one), dtype=np.int32)
    for place in range(DIGITS):
        found += (one // 10**place % 10) != (other // 10**place % 10)
    return found

"""Which earlier steps a newest one is compared with.

Farrington et al. 1996: the same season of earlier years. Noufaily et al. 2013: the whole of those
years, divided into the reference weeks and nine further seasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from marfa.methods.surveillance.panel import Ints, Panel, Step


@dataclass(frozen=True)
class Rows:
    """Steps that are compared with, as distances from the newest (negative), and their season.

    season: 0 for the reference weeks of earlier years, 1, 2, ... for the others.
    """

    back: tuple[int, ...]
    season: tuple[int, ...]

    def arrays(self) -> tuple[Ints, Ints]:
        return np.array(self.back, dtype=np.int64), np.array(self.season, dtype=np.int64)


def same_season(panel: Panel, at: int, years: int) -> tuple[int, ...]:
    """The step at this season 1, 2, ... years earlier; negative where the series is younger.

    With dates: the same day of the year, at the nearest step of the series. A year of 53 weeks
    shifts everything by one otherwise.
    """
    if not panel.dates or panel.step is Step.DAY:
        return tuple(at - panel.step.period * year for year in range(1, years + 1))
    return tuple(_steps_to(panel, _years_before(panel.dates[at], y)) for y in range(1, years + 1))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return date(day.year - years, 3, 1)


def _steps_to(panel: Panel, day: date) -> int:
    first = panel.dates[0]
    if panel.step is Step.MONTH:
        return (day.year - first.year) * 12 + day.month - first.month
    return round((day - first).days / 7)


@lru_cache(maxsize=4096)
def reference_rows(
    at: int, seasons: tuple[int, ...], half_window: int, periods: int, gap: int, stride: int = 1
) -> Rows:
    """The rows for step ``at``, whose season was at ``seasons`` in earlier years, newest first.

    half_window: steps on each side of a season that belong to it.
    periods: seasons that a year is divided into; 1 takes the reference weeks alone.
    gap: newest steps that are left out, since an outbreak may have begun in them.
    stride: distance between rows; 7 compares a day with its own weekday.
    """
    back: list[int] = []
    season: list[int] = []
    oldest_first = seasons[::-1]
    for start, end in zip(oldest_first, (*oldest_first[1:], at), strict=True):
        inside = range(start - half_window * stride, start + (half_window + 1) * stride, stride)
        back += inside
        season += [0] * len(inside)
        if periods > 1:
            between = range(start + (half_window + 1) * stride, end - half_window * stride, stride)
            back += between
            for number, part in enumerate(np.array_split(between, periods - 1), start=1):
                season += [number] * len(part)
    kept = [(b - at, s) for b, s in zip(back, season, strict=True) if 0 <= b < at - gap]
    return Rows(tuple(b for b, _ in kept), tuple(s for _, s in kept))

"""Series of counts side by side: one column a place and indicator, one row a day, week or month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from marfa.methods.surveillance.profiling import refuse_profiling

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Step(StrEnum):
    """How far one row is from the next."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def period(self) -> int:
        """Steps to the same season a year earlier, on the same weekday where days are counted."""
        return {Step.DAY: 364, Step.WEEK: 52, Step.MONTH: 12, Step.YEAR: 1}[self]


@dataclass(frozen=True)
class Panel:
    """Counts by time and unit. Whoever makes one has named no origin of people in it.

    units: names of the columns: a place, or a place and an indicator.
    counts: (times, units); NaN where nothing was reported, which is not zero.
    dates: first day of each step, or none where the file has none.
    times: what the file calls the steps; 1, 2, 3, ... where it has no name for them.
    at_risk: (times, units), people among whom the counts arise, or None.
    """

    units: tuple[str, ...]
    counts: Floats
    step: Step = Step.WEEK
    dates: tuple[date, ...] = ()
    times: tuple[int, ...] = ()
    at_risk: Floats | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        refuse_profiling(self.units)
        counts = np.asarray(self.counts, dtype=float)
        if counts.ndim != 2 or counts.shape[1] != len(self.units):
            raise ValueError("counts are a table with a column for each unit")
        object.__setattr__(self, "counts", counts)
        if not self.times:
            object.__setattr__(self, "times", tuple(range(1, len(counts) + 1)))
        if len(self.times) != len(counts) or len(self.dates) not in (0, len(counts)):
            raise ValueError("every step has one time, and one date where there are dates")

    def __len__(self) -> int:
        return len(self.counts)

    def label(self, at: int) -> str:
        """What a step is called: its ISO week, month, day or year, or its number."""
        if not self.dates:
            return str(self.times[at])
        day = self.dates[at]
        if self.step is Step.WEEK:
            year, week, _weekday = day.isocalendar()
            return f"{year}-W{week:02}"
        lengths = {Step.MONTH: 7, Step.YEAR: 4, Step.DAY: 10}
        return day.isoformat()[: lengths[self.step]]

    def until(self, end: int) -> Panel:
        """The panel as it was when only the first ``end`` steps had happened."""
        return replace(
            self,
            counts=self.counts[:end],
            dates=self.dates[:end],
            times=self.times[:end],
            at_risk=None if self.at_risk is None else self.at_risk[:end],
        )

    def choose(self, units: Sequence[str]) -> Panel:
        """Some of the units, in the order asked for."""
        at = [self.units.index(unit) for unit in units]
        return replace(
            self,
            units=tuple(units),
            counts=self.counts[:, at],
            at_risk=None if self.at_risk is None else self.at_risk[:, at],
        )

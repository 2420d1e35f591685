"""Charts as the server draws them: shares of a width, so that they fit any screen and paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

WIDTH = 1000
Row = Sequence[object]


@dataclass(frozen=True)
class Bar:
    """One bar. All lengths are thousandths of the width; ``low`` and ``high`` bound the value."""

    label: object
    value: float
    length: int
    low: float | None = None
    high: float | None = None
    low_at: int = 0
    high_at: int = 0

    @property
    def spread(self) -> int:
        return self.high_at - self.low_at


def build_bars(rows: Iterable[Row]) -> list[Bar]:
    """Bars for (label, value) or (label, value, low, high); they begin at zero, always.

    Raises ValueError for a negative value, which a bar from zero cannot show.
    """
    read = [_read(row) for row in rows]
    if any(each < 0 for _, *numbers in read for each in numbers if each is not None):
        raise ValueError("a bar chart shows no negative values")
    top = _top(
        max((value for _, *parts in read for value in parts if value is not None), default=0)
    )

    def at(value: float | None) -> int:
        return round(WIDTH * (value or 0) / top)

    return [
        Bar(label, value or 0, at(value), low, high, at(low), at(high))
        for label, value, low, high in read
    ]


def _read(row: Row) -> tuple[object, float | None, float | None, float | None]:
    label, *numbers = row
    value, low, high = ([float(str(each)) for each in numbers] + [None, None])[:3]
    return label, value, low, high


def _top(highest: float) -> float:
    """The end of the scale: the next round number, so that bars compare between pages."""
    if highest <= 0:
        return 1
    unit = 10.0 ** floor(log10(highest))
    steps = (step * unit for step in (1, 2, 5, 10))
    return float(next(step for step in steps if step >= highest))

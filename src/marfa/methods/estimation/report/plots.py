"""Plots as SVG in the page itself: nothing is fetched, and they print sharply.

Axes always run from left to right; in a language written from right to left the labels
stand on the right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from marfa.methods.estimation.report.html import Markup, Words, tag

WIDTH, LABELS, ROW, EDGE = 760.0, 250.0, 26.0, 20.0


@dataclass(frozen=True)
class Bar:
    """A row of a forest plot: a label, a point, and limits where there are any."""

    label: str
    point: float | None
    low: float | None = None
    high: float | None = None
    open_end: bool = False


@dataclass(frozen=True)
class Scale:
    """A logarithmic axis between two values."""

    low: float
    high: float
    left: float
    right: float

    def __call__(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        part = log10(inside / self.low) / log10(self.high / self.low)
        return self.left + part * (self.right - self.left)

    def ticks(self) -> list[float]:
        """1, 2, 5 times powers of ten; more of them where they are few."""
        powers = range(floor(log10(self.low)), ceil(log10(self.high)) + 1)
        for steps in ((1, 2, 5), (1, 1.5, 2, 3, 4, 5, 7), tuple(x / 4 for x in range(4, 40))):
            found = [s * 10.0**p for p in powers for s in steps]
            found = [value for value in found if self.low <= value <= self.high]
            if len(found) >= 3:
                break
        every = max(1, ceil(len(found) / 7))
        return found[::every]


def forest_plot(
    bars: Sequence[Bar],
    words: Words,
    title: str,
    *,
    mark: float | None = None,
    right: bool = False,
    places: int = 0,
) -> Markup:
    """Points with limits on a common axis. mark: a value to draw a line at."""
    values = [v for bar in bars for v in (bar.point, bar.low, bar.high) if v is not None and v > 0]
    values += [mark] if mark else []
    if not values:
        return Markup("")
    scale = _scale(values, right)
    height = EDGE + ROW * len(bars) + 34
    parts = [tag("title", title), *_axis(scale, words, height, places)]
    if mark:
        x = scale(mark)
        parts.append(tag("line", x1=x, x2=x, y1=EDGE - 8, y2=height - 30, class_="mark"))
    for number, bar in enumerate(bars):
        parts += _bar(bar, scale, EDGE + ROW * number + ROW / 2, right)
    return _svg(parts, height, title)


def _bar(bar: Bar, scale: Scale, y: float, right: bool) -> list[Markup]:
    label = (
        tag("text", bar.label, x=WIDTH - 4, y=y + 4, text_anchor="end")
        if right
        else tag("text", bar.label, x=4, y=y + 4, text_anchor="start")
    )
    parts = [label]
    if bar.low is not None:
        end = scale.high if bar.high is None else bar.high
        parts.append(
            tag("line", x1=_r(scale(bar.low)), x2=_r(scale(end)), y1=y, y2=y, class_="limits")
        )
        if bar.high is None and bar.open_end:
            x = scale.right
            parts.append(
                tag(
                    "path",
                    d=f"M{x - 6:.1f},{y - 5} L{x:.1f},{y} L{x - 6:.1f},{y + 5}",
                    class_="limits",
                )
            )
    if bar.point is not None:
        parts.append(tag("circle", cx=_r(scale(bar.point)), cy=y, r=5, class_="point"))
    return parts


def scatter_plot(
    points: Sequence[tuple[float, float]], words: Words, title: str, x_name: str, y_name: str
) -> Markup:
    """Estimate (logarithmic, across) against weight (0 to 1, up); the area shows the weight."""
    if not points:
        return Markup("")
    height, bottom = 300.0, 252.0
    scale = _scale([x for x, _ in points], right=False, labels=60.0)
    top = max(weight for _, weight in points) * 1.08
    parts = [tag("title", title), *_axis(scale, words, height - 14, 0)]
    for share in (0.0, top / 2, top):
        y = bottom - (bottom - EDGE) * share / top
        parts.append(tag("text", words.number(share, 2), x=52, y=_r(y + 4), text_anchor="end"))
        parts.append(tag("line", x1=56, x2=scale.right, y1=_r(y), y2=_r(y), class_="grid"))
    for estimate, weight in points:
        y = bottom - (bottom - EDGE) * weight / top
        parts.append(
            tag(
                "circle",
                cx=_r(scale(estimate)),
                cy=_r(y),
                r=_r(3 + 9 * (weight / top) ** 0.5),
                class_="soft",
            )
        )
    parts.append(tag("text", x_name, x=scale.right, y=height - 4, text_anchor="end"))
    parts.append(tag("text", y_name, x=60, y=12, text_anchor="start"))
    return _svg(parts, height, title)


def _scale(values: Sequence[float], right: bool, labels: float = LABELS) -> Scale:
    low, high = min(values), max(values)
    room = (high / low) ** 0.06 if high > low else 1.2
    sides = (EDGE, WIDTH - labels) if right else (labels, WIDTH - EDGE)
    return Scale(low / room, high * room, *sides)


def _axis(scale: Scale, words: Words, height: float, places: int) -> list[Markup]:
    parts = []
    for value in scale.ticks():
        x = _r(scale(value))
        parts.append(tag("line", x1=x, x2=x, y1=EDGE - 8, y2=height - 30, class_="grid"))
        parts.append(
            tag("text", words.number(value, places), x=x, y=height - 12, text_anchor="middle")
        )
    return parts


def _svg(parts: Sequence[Markup], height: float, title: str) -> Markup:
    return tag(
        "figure",
        tag(
            "svg",
            *parts,
            viewBox=f"0 0 {WIDTH:.0f} {height:.0f}",
            role="img",
            aria_label=title,
            direction="ltr",
        ),
    )


def _r(value: float) -> float:
    return round(value, 1)

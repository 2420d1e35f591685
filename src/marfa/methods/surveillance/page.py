"""A page of plots: each series with its bound and its alarms, and the table beside.

No picture and no table shows a count of 1 to k - 1: all of these stand at one height, as "1 to
k - 1". The page fetches nothing and runs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from marfa.domain.catalogue import RIGHT_TO_LEFT, render_message
from marfa.domain.message import Message
from marfa.methods.estimation.report.html import Markup, Words, join, table, tag
from marfa.methods.estimation.report.style import STYLE
from marfa.methods.surveillance.answers import Answers, Why
from marfa.methods.surveillance.panel import Floats

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 760.0, 220.0, 48.0, 190.0, 14.0
LEAST_CELL = 5
MOST_SERIES = 60
SHOWN_STEPS = 104
"""The newest steps; more would be a line without anything to see."""

PLOT_STYLE = """
.series{stroke:var(--deep);stroke-width:1.6;fill:none}.bound{stroke:var(--warm);stroke-width:1.4;
fill:none;stroke-dasharray:5 3}.alarm{fill:var(--warm)}.hidden{fill:var(--line);fill-opacity:.5}
"""


def answers_page(
    answers: Answers, source: str, language: str, *, least_cell: int = LEAST_CELL
) -> str:
    """The page, complete. Series with alarms come first, at most ``MOST_SERIES`` of them."""
    words = Words(language)
    recent = answers.cut(slice(max(0, len(answers.steps) - SHOWN_STEPS), None))
    order = np.argsort(-recent.alarms.sum(axis=0), kind="stable")[:MOST_SERIES].tolist()
    title = _say("page-title", language)
    parts = [
        tag("h1", title),
        tag("p", _say("page-source", language, file=source, method=answers.config)),
        tag("p", _say("what-an-alarm-is", language), class_="headline"),
        tag("p", _say("page-key", language, least=least_cell - 1)),
    ]
    if len(order) < len(answers.panel.units):
        parts.append(tag("p", _say("page-most", language, most=len(order)), class_="note"))
    for unit in order:
        parts += _series(recent, unit, words, language, least_cell)
    head = join(
        [
            Markup('<meta charset="utf-8">'),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            tag("title", title),
            Markup(f"<style>{STYLE}{PLOT_STYLE}</style>"),
        ]
    )
    body = tag("body", tag("main", *parts))
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    return (
        f"<!doctype html>\n{tag('html', tag('head', head), body, lang=language, dir=direction)}\n"
    )


def _say(key: str, language: str, **params: object) -> str:
    return render_message(Message(f"methods.surveillance:{key}", params), language)


def _series(
    answers: Answers, unit: int, words: Words, language: str, least_cell: int
) -> list[Markup]:
    name = answers.panel.units[unit]
    return [
        tag("h2", name),
        _plot(answers, unit, name, language, least_cell),
        _table(answers, unit, words, language, least_cell),
    ]


def _plot(answers: Answers, unit: int, name: str, language: str, least_cell: int) -> Markup:
    shown = protected(answers.observed[:, unit], least_cell)
    bound = answers.bound[:, unit]
    top = float(np.nanmax([*shown, *bound, least_cell * 2.0]))
    x = LEFT + (WIDTH - LEFT - 10) * np.arange(len(shown)) / max(len(shown) - 1, 1)

    def y(values: Floats) -> Floats:
        return np.asarray(BOTTOM - (BOTTOM - TOP) * np.asarray(values) / top)

    band = y(np.array([least_cell - 1.0, 1.0]))
    parts = [
        tag("title", name),
        tag("rect", x=LEFT, width=round(WIDTH - LEFT - 10, 1), y=_r(band[0]),
            height=_r(band[1] - band[0]), class_="hidden"),
    ]  # fmt: skip
    for tick in (0.0, top / 2, top):
        text, level = f"{tick:.0f}", _r(_height(tick, top))
        parts.append(tag("text", text, x=LEFT - 6, y=level + 4, text_anchor="end"))
        parts.append(tag("line", x1=LEFT, x2=WIDTH - 10, y1=level, y2=level, class_="grid"))
    parts.append(tag("path", d=_line(x, y(shown)), class_="series"))
    parts.append(tag("path", d=_line(x, y(bound)), class_="bound"))
    for place in np.flatnonzero(answers.alarms[:, unit]):
        parts.append(
            tag("circle", tag("title", _when(answers, int(place))), cx=_r(x[place]),
                cy=_r(y(shown)[place]), r=5, class_="alarm")
        )  # fmt: skip
    ends = ((0, "start"), (len(shown) - 1, "end"))
    parts += [
        tag("text", _when(answers, i), x=_r(x[i]), y=HEIGHT - 8, text_anchor=anchor)
        for i, anchor in ends
    ]
    label = _say("plot-label", language, unit=name)
    view = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"
    return tag(
        "figure", tag("svg", *parts, viewBox=view, role="img", aria_label=label, direction="ltr")
    )


def _height(value: float, top: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / top


def protected(counts: Floats, least_cell: int) -> Floats:
    """Counts with those of 1 to k - 1 at one height, whatever they are."""
    small = (counts > 0) & (counts < least_cell)
    return np.where(small, least_cell / 2, counts)


def _line(x: Floats, y: Floats) -> str:
    """A path that breaks where there is no value."""
    parts, pen = [], "M"
    for a, b in zip(x.tolist(), y.tolist(), strict=True):
        if np.isnan(b):
            pen = "M"
            continue
        parts.append(f"{pen}{a:.1f},{b:.1f}")
        pen = "L"
    return " ".join(parts)


def _table(answers: Answers, unit: int, words: Words, language: str, least_cell: int) -> Markup:
    head = [_say(f"page-{key}", language) for key in ("step", "count", "expected", "bound", "says")]
    rows: list[Sequence[str]] = []
    for place in range(len(answers.steps) - 1, -1, -1):
        if len(rows) == 12 and not answers.alarms[: place + 1, unit].any():
            break
        if len(rows) >= 12 and not answers.alarms[place, unit]:
            continue
        count = answers.observed[place, unit]
        rows.append(
            [
                # Isolated, so that 2020-W53 stays so among words that run from right to left.
                f"\u2066{_when(answers, place)}\u2069",
                _count(count, words, language, least_cell),
                words.number(_known(answers.expected[place, unit]), 1),
                words.number(_known(answers.bound[place, unit]), 1),
                _verdict(answers, place, unit, language),
            ]
        )
    return table(head, rows, _say("page-caption", language))


def _verdict(answers: Answers, place: int, unit: int, language: str) -> str:
    if answers.alarms[place, unit]:
        return _say("page-alarm", language)
    why = Why(int(answers.why[place, unit]))
    return _say("page-none", language) if why is Why.ANSWERED else _say(f"why-{why.key}", language)


def _count(value: float, words: Words, language: str, least_cell: int) -> str:
    if 0 < value < least_cell:
        return _say("page-few", language, most=least_cell - 1)
    return words.number(_known(value))


def _when(answers: Answers, place: int) -> str:
    step = int(answers.steps[place])
    return answers.panel.label(step)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _r(value: float) -> float:
    return round(float(value), 1)

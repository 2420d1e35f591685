"""A network as a picture of its communities, as SVG in a page.

Communities are circles as large as their number of nodes, those of fewer than three nodes
together in one. Nodes are drawn only where figures of them may be shown at all, and all of them
or none: a choice would be a ranking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

from marfa.methods.estimation.report.html import Markup, tag
from marfa.methods.networks.answers import Survey

MOST_ELEMENTS = 300
MOST_CIRCLES = 40
MOST_LINKS = 90
SMALLEST = 3
REST = 0
"""The circle of all communities too small or too many to have their own."""

WIDTH, HEIGHT = 760.0, 620.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Folded:
    """Communities with their sizes, ties within and ties between them."""

    sizes: Mapping[int, int]
    within: Mapping[int, int]
    between: Mapping[tuple[int, int], int]
    circle_of: tuple[int, ...]


def fold(survey: Survey) -> Folded:
    """Every node in one circle; communities that are too small or too many share one."""
    member = survey.measured.figures.community
    sizes = Counter(member)
    own = {c for c in sorted(sizes)[: MOST_CIRCLES - 1] if sizes[c] >= SMALLEST}
    circle_of = tuple(c if c in own else REST for c in member)
    within: Counter[int] = Counter()
    between: Counter[tuple[int, int]] = Counter()
    for a, b in survey.graph.pairs():
        one, two = sorted((circle_of[a], circle_of[b]))
        if one == two:
            within[one] += 1
        else:
            between[one, two] += 1
    return Folded(dict(sorted(Counter(circle_of).items())), within, between, circle_of)


def draw_map(survey: Survey, folded: Folded, title: str, name: Callable[[int], str]) -> Markup:
    """The picture. name: what a circle is called."""
    places = _ring(folded)
    radius = {c: 8 + 34 * sqrt(n / max(folded.sizes.values())) for c, n in folded.sizes.items()}
    parts = [tag("title", title)]
    heaviest = sorted(folded.between.items(), key=lambda item: (-item[1], item[0]))
    for (one, two), ties in heaviest[:MOST_LINKS]:
        parts.append(_line(places[one], places[two], 1 + min(sqrt(ties), 8)))
    for circle, place in places.items():
        parts.append(_circle(place, radius[circle], "soft"))
        parts.append(_label(place, name(circle), 4))
    shown = survey.graph.candidates if survey.rows is not None else []
    if len(parts) + 2 * len(shown) + 1 <= MOST_ELEMENTS:
        parts += _nodes(survey, folded, places, radius)
    drawing = tag(
        "svg",
        *parts,
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        role="img",
        aria_label=title,
        direction="ltr",
    )
    return tag("figure", drawing)


def _ring(folded: Folded) -> dict[int, Point]:
    """Circles on a ring; one alone stands in the middle."""
    circles = list(folded.sizes)
    if len(circles) == 1:
        return {circles[0]: (WIDTH / 2, HEIGHT / 2)}
    turn = 2 * pi / max(len(circles), 1)
    wide, high = WIDTH / 2 - 130, HEIGHT / 2 - 90
    return {
        c: (WIDTH / 2 + wide * cos(turn * i - pi / 2), HEIGHT / 2 + high * sin(turn * i - pi / 2))
        for i, c in enumerate(circles)
    }


def _nodes(
    survey: Survey, folded: Folded, places: Mapping[int, Point], radius: Mapping[int, float]
) -> list[Markup]:
    """Dots round their circle, with their ids."""
    graph = survey.graph
    by_circle: dict[int, list[int]] = {}
    for v in graph.candidates:
        by_circle.setdefault(folded.circle_of[v], []).append(v)
    parts = []
    for circle, nodes in sorted(by_circle.items()):
        x, y = places[circle]
        for i, v in enumerate(sorted(nodes, key=graph.names.__getitem__)):
            angle = 2 * pi * i / len(nodes)
            far = radius[circle] + 14
            place = (x + far * cos(angle), y + far * sin(angle))
            above = sin(angle) < 0.2
            parts.append(_circle(place, 4, "point"))
            parts.append(_label(place, graph.names[v], -7 if above else 17))
    return parts


def _circle(place: Point, radius: float, kind: str) -> Markup:
    return tag("circle", cx=_r(place[0]), cy=_r(place[1]), r=_r(radius), class_=kind)


def _label(place: Point, text: str, down: float) -> Markup:
    return tag("text", text, x=_r(place[0]), y=_r(place[1] + down), text_anchor="middle")


def _line(one: Point, two: Point, width: float) -> Markup:
    ends = {"x1": _r(one[0]), "y1": _r(one[1]), "x2": _r(two[0]), "y2": _r(two[1])}
    return tag("line", **ends, class_="grid", style=f"stroke-width:{width:.1f}")


def _r(value: float) -> float:
    return round(value, 1)

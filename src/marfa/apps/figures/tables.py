"""The figures as tables, without what would tell of somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from marfa.apps.figures.counts import Counted, Present
from marfa.apps.figures.suppression import (
    AGES,
    ALL,
    CAME,
    EVERYWHERE,
    GROUPS,
    SEXES,
    TALKS,
    WAITING,
    WITHOUT_CARE,
    Seen,
    presence_figure_name,
)
from marfa.methods.disclosure.tables.dimension import Dimension, build_dimension
from marfa.methods.disclosure.tables.series import CellRequest, Dated

Values = Mapping[str, str]


def tables_of(counted: Counted, places: list[str], before: Mapping[str, Seen]) -> Iterator[Dated]:
    """The tables that are hidden together. before: what was shown last."""
    site = build_dimension("site", places)
    sex, age = build_dimension("sex", SEXES), build_dimension("age", AGES, AGES)
    people = counted.people
    grid = {
        presence_figure_name(one, other): _given(sex=one, age=other)
        for one in (ALL, *SEXES)
        for other in (ALL, *GROUPS, *AGES)
    }
    rows = [(str(each.site), each.sex, each.age) for each in people]
    yield _table((site, sex, age), rows, grid, before)
    children = [each for each in people if each.child]
    for name, group in ((WITHOUT_CARE, children), (WAITING, people), (CAME, people)):
        answer = build_dimension(name, ("no", "yes"))
        pairs = [(str(each.site), _answer(each, name)) for each in group]
        fixed = {"age": "children"} if name == WITHOUT_CARE else {}
        yield _table((site, answer), pairs, {name: {name: "yes"}}, before, fixed)
    talks = [(str(place),) for place, number in counted.talks.items() for _ in range(number)]
    yield _table((site,), talks, {TALKS: {}}, before, {"what": TALKS})


def _answer(each: Present, name: str) -> str:
    told = {
        WITHOUT_CARE: each.without_care,
        WAITING: each.waits is not None,
        CAME: each.came,
    }
    return "yes" if told[name] else "no"


def _given(**values: str) -> Values:
    return {name: value for name, value in values.items() if value != ALL}


def _table(
    dimensions: tuple[Dimension, ...],
    rows: Iterable[tuple[str, ...]],
    figures: Mapping[str, Values],
    before: Mapping[str, Seen],
    fixed: Values | None = None,
) -> Dated:
    """One table, its figures wanted at each site and for all together. What all its people are
    in another table may be shown there."""
    leaves: dict[tuple[int, ...], int] = {}
    for row in rows:
        nodes = tuple(each.node_of[value] for each, value in zip(dimensions, row, strict=True))
        leaves[nodes] = leaves.get(nodes, 0) + 1
    bare = Dated(dimensions, leaves, {})
    places = [EVERYWHERE, *(label for label in dimensions[0].labels[1:] if label)]
    wanted = {
        f"{place}/{name}": CellRequest(
            bare.cell(**_at(place), **values), _last(before, place, name)
        )
        for place in places
        for name, values in figures.items()
    }
    linked = len(dimensions) == len(("site", "answer"))
    elsewhere = frozenset(bare.cell(**_at(place)) for place in places) if linked else frozenset()
    return Dated(dimensions, leaves, wanted, elsewhere, fixed or {})


def _at(place: str) -> dict[str, str]:
    return {"site": place} if place else {}


def _last(before: Mapping[str, Seen], place: str, name: str) -> int | None:
    known = before.get(place, {}).get(name)
    return int(str(known[0])) if known else None

"""The figures as tables, without what would tell of somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from marfa.apps.figures.counts import Counted, Present
from marfa.apps.figures.suppression import (
    AGES,
    ALL,
    CAME,
    EVERYWHERE,
    GROUPS,
    LEAST,
    SEXES,
    TALKS,
    WAITING,
    WITHOUT_CARE,
    presence_figure_name,
)
from marfa.methods.disclosure.releases import Released
from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.cells import build_cells
from marfa.methods.disclosure.tables.dimension import Dimension, build_dimension
from marfa.methods.disclosure.tables.protected_table import ProtectedTable
from marfa.methods.disclosure.tables.protection import list_zeros

Values = Mapping[str, str]


@dataclass(frozen=True)
class FigureTable:
    """One table with every cell. figures: position of the cell of each figure, by the key of the
    place and the name; no other cell is ever shown."""

    release: Released
    figures: Mapping[tuple[str, str], int]


def tables_of_people(counted: Counted, places: list[str]) -> Iterator[FigureTable]:
    """The tables that are hidden together: they count the same people."""
    version = counted.at.isoformat()
    site = build_dimension("site", places)
    sex, age = build_dimension("sex", SEXES), build_dimension("age", AGES, AGES)
    people = counted.people
    grid = {
        presence_figure_name(one, other): _given(sex=one, age=other)
        for one in (ALL, *SEXES)
        for other in (ALL, *GROUPS, *AGES)
    }
    rows = [(str(each.site), each.sex, each.age) for each in people]
    yield _table((site, sex, age), rows, grid, version)
    children = [each for each in people if each.child]
    for name, group in ((WITHOUT_CARE, children), (WAITING, people), (CAME, people)):
        answer = build_dimension(name, ("no", "yes"))
        pairs = [(str(each.site), _answer(each, name)) for each in group]
        fixed = {"age": "children"} if name == WITHOUT_CARE else {}
        yield _table((site, answer), pairs, {name: {name: "yes"}}, version, fixed)


def table_of_talks(counted: Counted, places: list[str]) -> FigureTable:
    """Talks are no people: they are hidden apart."""
    talks = [(str(place),) for place, number in counted.talks.items() for _ in range(number)]
    site = build_dimension("site", places)
    return _table((site,), talks, {TALKS: {}}, counted.at.isoformat())


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
    version: str,
    fixed: Values | None = None,
) -> FigureTable:
    """One table, its figures at each site and for all together. fixed: what all its people are in
    another table."""
    leaves: dict[tuple[int, ...], int] = {}
    for row in rows:
        nodes = tuple(each.node_of[value] for each, value in zip(dimensions, row, strict=True))
        leaves[nodes] = leaves.get(nodes, 0) + 1
    table = _every_cell(dimensions, leaves, fixed or {})
    place_of = {tuple(nodes): place for place, nodes in enumerate(table.nodes.tolist())}
    places = [EVERYWHERE, *(label for label in dimensions[0].labels[1:] if label)]
    found = {
        (place, name): place_of[_nodes(dimensions, {**values, **_at(place)})]
        for place in places
        for name, values in figures.items()
    }
    return FigureTable(Released(table, version, table.counts), found)


def _every_cell(
    dimensions: tuple[Dimension, ...], leaves: Mapping[tuple[int, ...], int], fixed: Values
) -> ProtectedTable:
    counted: Ints = np.array(list(leaves.values()), dtype=np.int64)
    nodes: Ints = np.array(list(leaves), dtype=np.int64).reshape(-1, len(dimensions))
    if len(counted):
        cells = build_cells(dimensions, nodes, counted)
        nodes, counted = cells.nodes, cells.counts
    query = {"where": [[name, value] for name, value in fixed.items()], "unit": None}
    about = {"query": query, "zeros_withheld": True}
    status = np.zeros(len(counted), dtype=np.int64)
    return list_zeros(ProtectedTable(dimensions, nodes, counted, status, LEAST, False, about))


def _nodes(dimensions: tuple[Dimension, ...], values: Values) -> tuple[int, ...]:
    """The cell with these values, summed over all other dimensions."""
    return tuple(
        each.node_of[values[each.name]] if each.name in values else 0 for each in dimensions
    )


def _at(place: str) -> dict[str, str]:
    return {"site": place} if place else {}

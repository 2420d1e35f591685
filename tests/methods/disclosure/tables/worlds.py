"""Random records, and the attacker by exhaustion: every table of whole persons that fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from marfa.methods.disclosure.tables import (
    Cells,
    ProtectedTable,
    TableQuery,
    build_cells,
    build_dimension,
)

Record = tuple[str | None, ...]
NAMES = ("a", "b", "c")


@st.composite
def records(draw: st.DrawFn, widths: Sequence[int] = (2, 3), most: int = 9) -> Counter[Record]:
    """Counts of records by their values; about a third of the combinations are empty."""
    combinations: list[Record] = list(
        product(*([f"v{i}" for i in range(width)] for width in widths))
    )
    counts = st.one_of(st.just(0), st.integers(0, 4), st.integers(0, most))
    drawn = draw(st.lists(counts, min_size=len(combinations), max_size=len(combinations)))
    found: Counter[Record] = Counter(dict(zip(combinations, drawn, strict=True)))
    if not found.total():
        found[combinations[0]] = 1
    return +found


def cells_of(
    counted: Counter[Record],
    groups: dict[str, dict[str, str]] | None = None,
    axes: Sequence[int] | None = None,
) -> Cells:
    """The table of the records over some of their values."""
    axes = range(len(next(iter(counted)))) if axes is None else axes
    narrowed: Counter[Record] = Counter()
    for record, number in counted.items():
        narrowed[tuple(record[axis] for axis in axes)] += number
    dimensions = tuple(
        build_dimension(
            NAMES[axis], {record[place] for record in narrowed}, (groups or {}).get(NAMES[axis])
        )
        for place, axis in enumerate(axes)
    )
    nodes = np.array(
        [[d.leaf_for(v) for d, v in zip(dimensions, record, strict=True)] for record in narrowed]
    )
    return build_cells(dimensions, nodes, np.array(list(narrowed.values())))


def query_of(cells: Cells, minimum: int, population: str = "p") -> TableQuery:
    """A query that fits a table built here."""
    names = tuple(dimension.name for dimension in cells.dimensions)
    return TableQuery(names, "source", population=population, min_cell=minimum)


def _compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _compositions(total - first, parts - 1):
            yield (first, *rest)


def possible_worlds(keys: list[Record], true: int, slack: int) -> NDArray[np.int64]:
    """(worlds, keys) all tables on these combinations whose total is near the true one."""
    totals = range(max(1, true - slack), true + slack + 1)
    return np.array([world for total in totals for world in _compositions(total, len(keys))])


def membership(table: ProtectedTable, keys: list[Record], axes: Sequence[int]) -> NDArray[np.int64]:
    """(keys, cells) 1 where a combination is part of a cell."""
    inside = np.ones((len(keys), len(table.counts)), dtype=np.int64)
    for place, axis in enumerate(axes):
        dimension = table.dimensions[place]
        for row, key in enumerate(keys):
            chain = dimension.chains[dimension.leaf_for(key[axis])]
            inside[row] &= np.isin(table.nodes[:, place], chain)
    return inside


def intervals(
    tables: Sequence[tuple[ProtectedTable, Sequence[int]]],
    keys: list[Record],
    true: int,
    slack: int = 0,
    *,
    positive: bool = False,
) -> list[list[tuple[int, int]]]:
    """For each table, the lowest and highest value of each cell in any world that fits all."""
    worlds = possible_worlds(keys, true, slack)
    if positive:
        worlds = worlds[(worlds > 0).all(axis=1)]
    values = [worlds @ membership(table, keys, axes) for table, axes in tables]
    fits = np.ones(len(worlds), dtype=bool)
    for (table, _axes), found in zip(tables, values, strict=True):
        shown = ~table.withheld
        fits &= (found[:, shown] == table.counts[shown]).all(axis=1)
    assert fits.any(), "the true table is one of them"
    return [
        list(zip(found[fits].min(axis=0).tolist(), found[fits].max(axis=0).tolist(), strict=True))
        for found in values
    ]

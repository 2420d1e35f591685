"""Coarser forms of a table: two values of a column become one, the smallest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from marfa.methods.disclosure.tables.cells import Cells
from marfa.methods.disclosure.tables.count import cells_of_rows
from marfa.methods.disclosure.tables.dimension import ROOT, Dimension
from marfa.methods.disclosure.tables.query import TableQuery

Rows = Sequence[tuple[object, ...]]
JOINT = " + "
NOT_REPORTED = "_U"


def coarser_forms(
    query: TableQuery, rows: Rows, *, but: tuple[str, ...] = ()
) -> Iterator[tuple[TableQuery, Cells]]:
    """The table with ever fewer values, until every column has a single one.

    At each step the two values that hold the fewest people together are joined; values are joined
    only where they stand in the same group. but: columns whose values stay as they are.
    """
    cells = cells_of_rows(query, rows)
    while (step := _cheapest(cells, but)) is not None:
        axis, one, two = step
        query = _join(query, cells.dimensions[axis], one, two)
        cells = cells_of_rows(query, rows)
        yield query, cells


def joined_values(query: TableQuery, asked: TableQuery) -> dict[str, dict[str, list[str | None]]]:
    """By column, the values that are joined and were not asked to be: what is lost."""
    found: dict[str, dict[str, list[str | None]]] = {}
    for column, merges in query.merged.items():
        for label, parts in merges.items():
            if asked.merged.get(column, {}).get(label) != parts:
                found.setdefault(column, {})[label] = list(parts)
    return found


def _cheapest(cells: Cells, but: tuple[str, ...]) -> tuple[int, int, int] | None:
    found: list[tuple[int, int, int, int]] = []
    for axis, dimension in enumerate(cells.dimensions):
        if dimension.name in but:
            continue
        held = np.bincount(
            cells.nodes[cells.leaves, axis],
            weights=cells.counts[cells.leaves],
            minlength=len(dimension.labels),
        )
        for nodes in dimension.children:
            leaves = sorted((int(held[n]), n) for n in nodes if dimension.is_leaf[n])
            for (few, one), (more, two) in combinations(leaves[:2], 2):
                found.append((few + more, axis, one, two))
    return min(found)[1:] if found else None


def _join(query: TableQuery, dimension: Dimension, one: int, two: int) -> TableQuery:
    parts = [part for node in sorted((one, two)) for part in _parts(dimension, node)]
    parts.sort(key=lambda part: (part is None, part or ""))
    label = JOINT.join(NOT_REPORTED if part is None else part for part in parts)
    gone = {dimension.labels[one], dimension.labels[two]}
    merges = dict(query.merged.get(dimension.name, {}))
    merges = {name: of for name, of in merges.items() if name not in gone}
    merges[label] = tuple(parts)
    return replace(query, merged={**query.merged, dimension.name: merges})


def _parts(dimension: Dimension, node: int) -> tuple[str | None, ...]:
    label = dimension.labels[node]
    if node == ROOT or label is None:
        return (None,)
    return dimension.of.get(label, (label,))

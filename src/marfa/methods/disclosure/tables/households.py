"""How many people of each cell are of one household, or of one incident.

Who is of the largest household in a count knows those people; if few others are in it, he learns
of them, and whoever knows the household learns of it (dominance: Hundepool et al., Statistical
Disclosure Control (2012), section 4.2, here for counts).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.cells import Cells, build_cells
from marfa.methods.disclosure.tables.count import leaf_nodes
from marfa.methods.disclosure.tables.query import TableQuery

Rows = Sequence[tuple[object, ...]]


def largest_households(query: TableQuery, cells: Cells, rows: Rows) -> Ints:
    """(cells,) people of the household of which most are in the cell.

    rows: values of the dimensions as they stand in the file, the household, people. Who is of no
    household is one by himself.
    """
    width = len(query.dimensions)
    named = [row for row in rows if row[width] is not None]
    largest = np.ones(len(cells.counts), dtype=np.int64)
    if not named:
        return largest
    names = {name: place for place, name in enumerate(dict.fromkeys(row[width] for row in named))}
    leaves = leaf_nodes(query, cells.dimensions, named)
    household = np.array([names[row[width]] for row in named], dtype=np.int64)
    people = np.array([int(str(row[width + 1])) for row in named], dtype=np.int64)
    sizes = [len(dimension.labels) for dimension in cells.dimensions]
    strides = np.cumprod([1, *sizes[:0:-1]], dtype=np.int64)[::-1]
    codes = cells.nodes @ strides
    order = np.argsort(codes)
    # One by one: a household is in few cells.
    by = np.argsort(household, kind="stable")
    ends = np.flatnonzero(np.diff(household[by], append=-1)) + 1
    for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        mine = by[start:end]
        nodes, at = np.unique(leaves[mine], axis=0, return_inverse=True)
        counts = np.bincount(at.reshape(-1), weights=people[mine]).astype(np.int64)
        own = build_cells(cells.dimensions, nodes, counts)
        place = order[np.searchsorted(codes, own.nodes @ strides, sorter=order)]
        largest[place] = np.maximum(largest[place], own.counts)
    return largest

"""Cells that hold everyone of their group: whoever knows that somebody is in it knows the rest.

"All twelve of district D6 are victims of organ removal" tells of each of the twelve, though twelve
is no small count (attribute disclosure; Hundepool et al., Statistical Disclosure Control (2012),
section 5.2).
"""

from __future__ import annotations

import numpy as np

from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.cells import Cells
from marfa.methods.disclosure.tables.dimension import ROOT


def full_cells(cells: Cells, columns: tuple[str, ...] = ()) -> Ints:
    """Positions of cells with a value of a column that all of the cell without it have.

    columns: those that are looked at; all by default. A column with a single value says nothing.
    """
    sizes = [len(dimension.labels) for dimension in cells.dimensions]
    strides = np.cumprod([1, *sizes[:0:-1]], dtype=np.int64)[::-1]
    codes = cells.nodes @ strides
    order = np.argsort(codes)
    full = np.zeros(len(codes), dtype=bool)
    for axis, dimension in enumerate(cells.dimensions):
        if (columns and dimension.name not in columns) or int(dimension.is_leaf.sum()) < 2:
            continue
        node = cells.nodes[:, axis]
        others = np.delete(cells.nodes, axis, axis=1)
        inner = (node != ROOT) & (others != ROOT).any(axis=1)
        above = codes - node * strides[axis]
        at = order[np.searchsorted(codes, above, sorter=order)]
        full |= inner & (cells.counts == cells.counts[at])
    return np.flatnonzero(full)

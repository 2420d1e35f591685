"""Cells that hold everyone of their group: whoever knows that somebody is in it knows the rest.

"All twelve of district D6 are victims of organ removal" tells of each of the twelve, though twelve
is no small count (attribute disclosure; Hundepool et al., Statistical Disclosure Control (2012),
section 5.2).
"""

from __future__ import annotations

import numpy as np

from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.cells import Cells
from marfa.methods.disclosure.tables.dimension import ROOT, Dimension


def full_cells(cells: Cells, columns: tuple[str, ...] = ()) -> Ints:
    """Positions of cells with a value of a column that all of the cell without it have.

    columns: those that are looked at; all by default. A column with a single value says nothing.
    """
    names = columns or tuple(dimension.name for dimension in cells.dimensions)
    pairs = full_pairs(cells.dimensions, cells.nodes, cells.counts, names)
    return np.unique(np.array([cell for cell, _group in pairs], dtype=np.int64))


def full_pairs(
    dimensions: tuple[Dimension, ...], nodes: Ints, counts: Ints, columns: tuple[str, ...]
) -> tuple[tuple[int, int], ...]:
    """Each such cell, and the cell without the value: its whole group. Zeros have no group."""
    sizes = [len(dimension.labels) for dimension in dimensions]
    strides = np.cumprod([1, *sizes[:0:-1]], dtype=np.int64)[::-1]
    codes = nodes @ strides
    order = np.argsort(codes)
    found: list[tuple[int, int]] = []
    for axis, dimension in enumerate(dimensions):
        if dimension.name not in columns or int(dimension.is_leaf.sum()) < 2:
            continue
        node = nodes[:, axis]
        others = np.delete(nodes, axis, axis=1)
        inner = (node != ROOT) & (others != ROOT).any(axis=1) & (counts > 0)
        at = order[np.searchsorted(codes, codes - node * strides[axis], sorter=order)]
        full = np.flatnonzero(inner & (counts == counts[at]))
        found += zip(full.tolist(), at[full].tolist(), strict=True)
    return tuple(found)

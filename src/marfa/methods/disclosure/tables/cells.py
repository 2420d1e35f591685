"""Every cell and margin of a table that is not zero, and how they add up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.arrays import Bools, Ints
from marfa.methods.disclosure.tables.dimension import Dimension

MAX_SUMS = 60_000_000
"""Sums (innermost cells times margins above each) beyond which a table is refused as too fine."""


@dataclass(frozen=True)
class Cells:
    """All non-zero cells of a table with all its margins.

    nodes: (cells, dimensions) node of each dimension; node 0 sums over it.
    counts: (cells,) persons or records in each, at least 1.
    leaves: (leaves,) rows of ``nodes`` that are innermost cells.
    sum_cell, sum_leaf: pairs (cell, leaf) such that the leaf is part of the cell;
        ``sum_leaf`` counts in positions of ``leaves``; ordered by cell.
    """

    dimensions: tuple[Dimension, ...]
    nodes: Ints
    counts: Ints
    leaves: Ints
    sum_cell: Ints
    sum_leaf: Ints

    @cached_property
    def is_leaf(self) -> Bools:
        """Which cells are innermost."""
        flags = np.zeros(len(self.counts), dtype=bool)
        flags[self.leaves] = True
        return flags

    @cached_property
    def starts(self) -> Ints:
        """Where the pairs of each cell begin in ``sum_cell``; one more at the end."""
        return np.searchsorted(self.sum_cell, np.arange(len(self.counts) + 1)).astype(np.int64)

    def totals(self, leaf_values: NDArray[np.int64]) -> Ints:
        """(cells,) sums of any values given for the leaves."""
        return np.bincount(
            self.sum_cell, weights=leaf_values[self.sum_leaf], minlength=len(self.counts)
        ).astype(np.int64)


def build_cells(dimensions: tuple[Dimension, ...], leaf_nodes: Ints, counts: Ints) -> Cells:
    """Add up all margins.

    leaf_nodes: (n, dimensions) leaf node of each counted combination, each once.
    counts: (n,) counts; combinations of zero are dropped.
    Raises InputError for a table with more than MAX_SUMS sums.
    """
    leaf_nodes, counts = leaf_nodes[counts > 0], counts[counts > 0]
    chains = [_padded(dimension) for dimension in dimensions]
    sums = len(counts) * int(np.prod([chain.shape[1] for chain in chains], dtype=float))
    if sums > MAX_SUMS:
        raise InputError.at(
            Message("methods.disclosure.tables:too-fine", {"sums": sums, "limit": MAX_SUMS})
        )
    sizes = [len(dimension.labels) for dimension in dimensions]
    strides = np.cumprod([1, *sizes[:0:-1]], dtype=object)[::-1]
    if int(strides[0]) * sizes[0] >= 2**62:
        raise InputError.at(
            Message("methods.disclosure.tables:too-fine", {"sums": sums, "limit": MAX_SUMS})
        )
    codes, leaf = _expand(leaf_nodes, chains, strides.astype(np.int64))
    unique, cell = np.unique(codes, return_inverse=True)
    order = np.argsort(cell, kind="stable")
    nodes = (unique[:, None] // strides.astype(np.int64)) % np.array(sizes)
    own = np.searchsorted(unique, leaf_nodes @ strides.astype(np.int64))
    totals = np.bincount(cell, weights=counts[leaf], minlength=len(unique)).astype(np.int64)
    return Cells(dimensions, nodes, totals, own.astype(np.int64), cell[order], leaf[order])


def _padded(dimension: Dimension) -> Ints:
    """(nodes, longest chain): each node and what is above it, filled up with -1."""
    longest = max(len(chain) for chain in dimension.chains)
    table = np.full((len(dimension.chains), longest), -1, dtype=np.int64)
    for node, chain in enumerate(dimension.chains):
        table[node, : len(chain)] = chain
    return table


def _expand(leaf_nodes: Ints, chains: list[Ints], strides: Ints) -> tuple[Ints, Ints]:
    """Code of every cell above every leaf, and that leaf's position."""
    codes: list[Ints] = []
    leaves: list[Ints] = []
    positions = np.arange(len(leaf_nodes))
    for steps in product(*(range(chain.shape[1]) for chain in chains)):
        above = np.column_stack(
            [
                chain[leaf_nodes[:, axis], step]
                for axis, (chain, step) in enumerate(zip(chains, steps, strict=True))
            ]
        )
        inside = (above >= 0).all(axis=1)
        codes.append(above[inside] @ strides)
        leaves.append(positions[inside])
    return np.concatenate(codes), np.concatenate(leaves)

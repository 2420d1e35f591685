"""Cells that are the same unknown to an attacker, taken together.

Zeros are published, so a margin with a single non-zero part equals that part: suppressing one
without the other protects nothing. All such cells form a class, published or suppressed as one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints
from marfa.methods.disclosure.tables.cells import Cells


@dataclass(frozen=True)
class Classes:
    """The suppression problem, one variable a class of equal cells.

    of_cell: (cells,) class of each cell. counts: (classes,) their common count.
    weights: (classes,) cost of losing the class: its cells, each 1 + 3 * share of all.
    is_leaf: (classes,) whether the class holds an innermost cell.
    leaf_class: (leaves,) class of each leaf.
    starts, parts: leaves of class c are ``parts[starts[c]:starts[c + 1]]``.
    """

    of_cell: Ints
    counts: Ints
    weights: Floats
    is_leaf: Bools
    leaf_class: Ints
    starts: Ints
    parts: Ints


def build_classes(cells: Cells) -> Classes:
    """Cells with the same set of leaves are equal in every table with the same zeros."""
    words = np.random.default_rng(0).integers(1, 2**63, size=(2, len(cells.leaves)), dtype=np.int64)
    marks = np.zeros((2, len(cells.counts)), dtype=np.int64)
    for mark, word in zip(marks, words, strict=True):
        np.bitwise_xor.at(mark, cells.sum_cell, word[cells.sum_leaf])
    _marks, first, of_cell, members = np.unique(
        marks, axis=1, return_index=True, return_inverse=True, return_counts=True
    )
    of_cell = of_cell.reshape(-1)
    counts = cells.counts[first]
    is_leaf = np.zeros(len(first), dtype=bool)
    is_leaf[of_cell[cells.leaves]] = True
    lengths = np.diff(cells.starts)[first]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    parts = np.concatenate([cells.sum_leaf[cells.starts[i] : cells.starts[i + 1]] for i in first])
    weights = members * (1 + 3 * counts / max(int(counts.max(initial=1)), 1))
    return Classes(of_cell, counts, weights, is_leaf, of_cell[cells.leaves], starts, parts)

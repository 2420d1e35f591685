"""Combinations of values of different columns: which are counted, and how much one record adds.

A record adds to every combination of values that it has. Those of many columns could move very many
counts; each record is therefore scaled down to a Euclidean length of at most ``cap``: all of its
parts by one factor, which loses less than leaving combinations out. Combinations of columns with
many values weigh more (the cube root of their number): of all weights by columns, these have the
least noise in sum for a record that reports every column (the sum of N_g / w_g, where the sum of
w_g^2 is held: w_g^3 proportional to N_g, by Lagrange). Weights follow from the domains and from
what was already released, never from the records.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from marfa.methods.disclosure.private.noise import UNIT
from marfa.methods.disclosure.private.records import Records
from marfa.methods.disclosure.tables.arrays import Floats, Ints

ROUNDING = 1e-9
"""Relative error of a length in floating point, generously."""


@dataclass(frozen=True)
class Group:
    """Combinations of the same columns. codes: (cells,) sorted, mixed radix over the values."""

    columns: tuple[int, ...]
    codes: Ints


@dataclass(frozen=True)
class Workload:
    """All combinations of one length that are counted.

    values: by column, how many values it has.
    """

    groups: tuple[Group, ...]
    values: tuple[int, ...]

    @cached_property
    def starts(self) -> Ints:
        """(groups + 1,) where the cells of each group begin."""
        sizes = [len(group.codes) for group in self.groups]
        return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)

    @property
    def size(self) -> int:
        """Number of combinations."""
        return int(self.starts[-1])

    @cached_property
    def weights(self) -> Floats:
        """(groups,) how much a record adds to a combination of each; at most 1."""
        sizes = np.diff(self.starts).astype(float)
        roots = np.cbrt(sizes)
        return np.asarray(roots / max(1.0, roots.max(initial=0.0)), dtype=float)

    @cached_property
    def cell_weights(self) -> Floats:
        """(cells,) the same for each combination."""
        return np.repeat(self.weights, np.diff(self.starts))

    @cached_property
    def items(self) -> Ints:
        """(cells, length) the values of each combination, numbered over all columns."""
        offsets = np.concatenate([[0], np.cumsum(self.values)])
        parts = []
        for group in self.groups:
            left, found = group.codes, []
            for column in reversed(group.columns):
                left, value = np.divmod(left, self.values[column])
                found.append(value + offsets[column])
            parts.append(np.stack(found[::-1], axis=1))
        length = len(self.groups[0].columns) if self.groups else 0
        return np.concatenate(parts) if parts else np.zeros((0, length), dtype=np.int64)


def whole_workload(values: Sequence[int], columns: Sequence[tuple[int, ...]]) -> Workload:
    """Every combination of the columns named."""
    groups = [
        Group(each, np.arange(math.prod(values[c] for c in each), dtype=np.int64))
        for each in columns
        if all(values[c] for c in each)
    ]
    return Workload(tuple(groups), tuple(values))


def lengths_of(records: Records, workload: Workload) -> Floats:
    """(rows,) the Euclidean length of what each record would add, in persons."""
    squares = np.zeros(len(records.cells))
    for group, weight, rows, _cells in _parts(records, workload):
        if group.size:
            squares += np.bincount(rows, minlength=len(squares)) * weight**2
    return np.sqrt(squares)


def count_combinations(records: Records, workload: Workload, cap: float) -> tuple[Ints, int]:
    """Counts of each combination in units, with records scaled down to ``cap``.

    Returns (cells,) whole units, and the most units, as a Euclidean length, by which one record
    moves them: each of its parts is rounded down to whole units, so that its length is no more
    than ``cap`` units (and ROUNDING for lengths measured in floating point).
    """
    lengths = lengths_of(records, workload)
    scale = cap / np.maximum(lengths, cap)
    counts = np.zeros(workload.size, dtype=np.int64)
    for cells, weight, rows, found in _parts(records, workload):
        if cells.size:
            parts = np.floor(scale * weight * UNIT).astype(np.int64) * records.times
            np.add.at(counts, found, parts[rows])
    return counts, math.ceil(cap * UNIT * (1 + ROUNDING))


def _parts(records: Records, workload: Workload) -> Iterator[tuple[Ints, float, Ints, Ints]]:
    """For each group: its codes, its weight, and rows with the cells to which they add."""
    holdings = [_Holding.of(records, column) for column in range(len(records.columns))]
    for number, group in enumerate(workload.groups):
        rows, codes = np.arange(len(records.cells)), np.zeros(len(records.cells), dtype=np.int64)
        for column in group.columns:
            rows, codes = holdings[column].expand(rows, codes, workload.values[column])
        place = np.searchsorted(group.codes, codes)
        place = np.minimum(place, max(0, len(group.codes) - 1))
        known = group.codes[place] == codes if len(group.codes) else np.zeros(len(codes), bool)
        cells = place[known] + workload.starts[number]
        yield group.codes, float(workload.weights[number]), rows[known], cells


@dataclass(frozen=True)
class _Holding:
    """Which values each row has in one column."""

    first: Ints
    number: Ints
    values: Ints

    @classmethod
    def of(cls, records: Records, column: int) -> _Holding:
        cells = records.columns[column].cells
        sizes = np.array([len(each) for each in cells], dtype=np.int64)
        starts = np.cumsum(sizes) - sizes
        flat = np.array([value for each in cells for value in each], dtype=np.int64)
        codes = records.cells[:, column]
        return cls(starts[codes], sizes[codes], flat)

    def expand(self, rows: Ints, codes: Ints, radix: int) -> tuple[Ints, Ints]:
        """Each row once for each value that it has in this column, with the code of both."""
        number = self.number[rows]
        if number.max(initial=0) <= 1:
            kept = number == 1
            rows, codes = rows[kept], codes[kept]
            return rows, codes * radix + self.values[self.first[rows]]
        again = np.repeat(np.arange(len(rows)), number)
        within = np.arange(len(again)) - np.repeat(np.cumsum(number) - number, number)
        rows, codes = rows[again], codes[again]
        return rows, codes * radix + self.values[self.first[rows] + within]

"""A table as the attacker has it, and beside it what only the register knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from marfa.methods.disclosure.tables.arrays import Bools, Ints
from marfa.methods.disclosure.tables.dimension import ROOT, UNSPECIFIED, Dimension
from marfa.methods.disclosure.tables.full_cells import full_pairs
from marfa.methods.disclosure.tables.protected_table import PRIMARY, STATUSES, ProtectedTable

Value = str | None
Wanted = dict[str, frozenset[Value]]
NOT_KNOWN = -1


@dataclass(frozen=True)
class Amounts:
    """Sums of a column beside the counts of a table, in hundredths.

    true: (cells,) all of them. withheld: (cells,) which are. room: (cells,) how far up and down
    each must be able to be, 0 where it need not.
    """

    column: str
    true: Ints
    withheld: Bools
    room: Ints


@dataclass(frozen=True)
class Released:
    """One table of a population.

    version: which records were counted; tables of equal versions count the same people.
    true: (cells,) what was counted in each cell, withheld or not; None where only the published
    table is at hand. largest: (cells,) people of the largest household or incident in each, where
    the table was asked to hide what its members could work out. amounts: sums beside the counts.
    """

    table: ProtectedTable
    version: str
    true: Ints | None = None
    largest: Ints | None = None
    amounts: Amounts | None = None

    @property
    def query(self) -> Mapping[str, Any]:
        """The recorded query."""
        found = self.table.about.get("query")
        return found if isinstance(found, dict) else {}

    @property
    def name(self) -> str:
        """How messages name the table."""
        return str(self.table.about.get("query_id") or "?")

    @property
    def minimum(self) -> int:
        """The smallest count that may be shown."""
        return self.table.min_cell

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """What all records of the table share."""
        return tuple((str(c), str(v)) for c, v in self.query.get("where", ()))

    def within(self, groups: Mapping[tuple[str, str], frozenset[Value]]) -> Wanted:
        """The values that all records of the table have, by column.

        groups: by column and name, the values of the groups that any table knows.
        """
        return {n: groups.get((n, v), frozenset({v})) for n, v in self.filters}

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns by which, or within a value of which, the table counts."""
        names = [d.name for d in self.table.dimensions] + [name for name, _value in self.filters]
        return tuple(dict.fromkeys(names))

    @property
    def zeros_open(self) -> bool:
        """Whether a zero may be withheld too, so that a withheld cell may be zero."""
        return bool(self.table.about.get("zeros_withheld"))

    @property
    def sensitive(self) -> tuple[str, ...]:
        """Columns that nobody should learn of a whole group."""
        return tuple(map(str, self.query.get("sensitive", ())))

    @cached_property
    def small(self) -> Ints:
        """Positions of the cells whose counts must not be known: small ones, those in which few
        are of another household than the largest, and zeros where that was asked for."""
        if self.true is None:
            return np.flatnonzero(self.table.status == STATUSES.index(PRIMARY))
        few = (self.true > 0) & (self.true < self.minimum)
        if self.query.get("zeros"):
            few |= (self.true == 0) & self._of_sensitive
        return np.flatnonzero(few | self.dominated)

    @cached_property
    def dominated(self) -> Bools:
        """(cells,) whether fewer than the minimum are not of the largest household or incident."""
        if self.true is None or self.largest is None:
            return np.zeros(len(self.table.counts), dtype=bool)
        few: Bools = (self.largest > 1) & (self.true - self.largest < self.minimum)
        return few

    @property
    def _of_sensitive(self) -> Bools:
        """(cells,) which have a value of a sensitive column; all where no column is."""
        axes = [n for n, d in enumerate(self.table.dimensions) if d.name in self.sensitive]
        if not axes:
            return np.ones(len(self.table.counts), dtype=bool)
        inside: Bools = (self.table.nodes[:, axes] != ROOT).any(axis=1)
        return inside

    @cached_property
    def full(self) -> tuple[tuple[int, int], ...]:
        """Cells with a sensitive value that everyone of a group has, each with the group's cell."""
        if self.true is None or not self.sensitive:
            return ()
        return full_pairs(self.table.dimensions, self.table.nodes, self.true, self.sensitive)

    @cached_property
    def members(self) -> tuple[tuple[frozenset[Value], ...], ...]:
        """By dimension and node, the values of the data that it holds."""
        return tuple(node_members(dimension) for dimension in self.table.dimensions)


def node_members(dimension: Dimension) -> tuple[frozenset[Value], ...]:
    """The values of the data that each node of a dimension stands for."""
    found: list[set[Value]] = [set() for _ in dimension.labels]
    for node in np.flatnonzero(dimension.is_leaf).tolist():
        if node == ROOT:
            continue
        label = dimension.labels[node]
        values = _values_of(dimension, label)
        for above in dimension.chains[node]:
            found[above].update(values)
    return tuple(frozenset(values) for values in found)


def _values_of(dimension: Dimension, label: Value) -> tuple[Value, ...]:
    if label is None:
        return (None,)
    # Records that name a group alone have the group's own name in the data.
    return dimension.of.get(label, (label.removesuffix(UNSPECIFIED),))

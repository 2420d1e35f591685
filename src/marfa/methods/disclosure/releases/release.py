"""A table as the attacker has it, and beside it what only the register knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.dimension import ROOT, UNSPECIFIED, Dimension
from marfa.methods.disclosure.tables.protected_table import PRIMARY, STATUSES, ProtectedTable

Value = str | None
Wanted = dict[str, frozenset[Value]]
NOT_KNOWN = -1


@dataclass(frozen=True)
class Released:
    """One table of a population.

    version: which records were counted; tables of equal versions count the same people.
    true: (cells,) what was counted in each cell, withheld or not; None where only the published
    table is at hand.
    """

    table: ProtectedTable
    version: str
    true: Ints | None = None

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

    @cached_property
    def small(self) -> Ints:
        """Positions of the cells whose counts are too small to be known."""
        if self.true is not None:
            return np.flatnonzero((self.true > 0) & (self.true < self.minimum))
        return np.flatnonzero(self.table.status == STATUSES.index(PRIMARY))

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

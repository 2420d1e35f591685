"""Several tables of the same records as one programme of sums.

Tables of the same records are linked: a margin over the dimensions that both have is the same
number in both. All sums of all tables and these links go into one attacker's programme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from marfa.methods.disclosure.tables.arrays import Floats, Ints
from marfa.methods.disclosure.tables.audit import Sums, table_sums
from marfa.methods.disclosure.tables.dimension import ROOT
from marfa.methods.disclosure.tables.protected_table import ProtectedTable

Key = tuple[tuple[str, str | None], ...]


def _query(table: ProtectedTable) -> dict[str, Any]:
    query = table.about.get("query")
    return query if isinstance(query, dict) else {}


def _fixed(table: ProtectedTable) -> Key:
    """Values that all records of a table share: its filter."""
    return tuple(sorted((str(c), str(v)) for c, v in _query(table).get("where", [])))


def _keys(table: ProtectedTable) -> dict[Key, int]:
    """Position of each cell by the set of records it counts."""
    fixed = dict(_fixed(table))
    keys: dict[Key, int] = {}
    for place, nodes in enumerate(table.nodes.tolist()):
        values: dict[str, str | None] = dict(fixed)
        for dimension, node in zip(table.dimensions, nodes, strict=True):
            if node != ROOT:
                values[dimension.name] = dimension.labels[node]
        key = tuple(sorted(values.items(), key=lambda pair: (pair[0], pair[1] or "")))
        keys.setdefault(key, place)
    return keys


@dataclass(frozen=True)
class Joined:
    """Several tables as one programme. cells: positions of each table's withheld cells, which are
    its unknowns, table after table. wrong: the first table whose sums do not add up. disagree:
    cells that two tables show differently."""

    sums: Sums
    cells: tuple[Ints, ...]
    wrong: tuple[ProtectedTable, int] | None
    disagree: int


def join_tables(tables: Sequence[ProtectedTable]) -> Joined:
    """The sums of all tables, and that what two tables share is the same number in both."""
    rows: list[tuple[Ints, Ints, Floats]] = []
    constants: list[Floats] = []
    columns: list[Ints] = []
    withheld: list[Ints] = []
    first_row = first_column = 0
    bad: tuple[ProtectedTable, int] | None = None
    for table in tables:
        cells = np.flatnonzero(table.withheld)
        sums, wrong = table_sums(table, cells)
        if len(wrong) and bad is None:
            bad = (table, len(wrong))
        rows.append((sums.row + first_row, sums.column + first_column, sums.value))
        constants.append(sums.known)
        column = np.full(len(table.counts), -1)
        column[cells] = np.arange(len(cells)) + first_column
        columns.append(column)
        withheld.append(cells)
        first_row += len(sums.known)
        first_column += len(cells)
    links, values, disagree = _links(list(tables), columns, first_row)
    parts = [np.concatenate(part) for part in zip(*rows, links, strict=True)]
    together = Sums(parts[0], parts[1], parts[2], np.concatenate([*constants, values]))
    return Joined(together, tuple(withheld), bad, disagree)


def _links(
    tables: list[ProtectedTable], columns: list[Ints], first_row: int
) -> tuple[tuple[Ints, Ints, Floats], Floats, int]:
    """One row for each cell that two tables share: equal unknowns, or an unknown that is known."""
    row: list[int] = []
    column: list[int] = []
    value: list[float] = []
    known: list[float] = []
    disagree = 0
    seen: dict[Key, tuple[int, int]] = {}
    for number, table in enumerate(tables):
        for key, place in _keys(table).items():
            if key not in seen:
                seen[key] = (number, place)
                continue
            other, at = seen[key]
            sides = [
                (int(columns[number][place]), int(table.counts[place])),
                (int(columns[other][at]), int(tables[other].counts[at])),
            ]
            if all(side[0] < 0 for side in sides):
                disagree += sides[0][1] != sides[1][1]
                continue
            constant = 0.0
            for sign, (unknown, count) in zip((1.0, -1.0), sides, strict=True):
                if unknown < 0:
                    constant -= sign * count
                    continue
                row.append(first_row + len(known))
                column.append(unknown)
                value.append(sign)
            known.append(constant)
            if sides[1][0] >= 0 and sides[0][0] < 0:
                seen[key] = (number, place)
    whole = np.array(row, dtype=np.int64), np.array(column, dtype=np.int64), np.array(value)
    return whole, np.array(known), disagree

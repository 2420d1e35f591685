"""What a new table and the earlier ones give away together.

Tables of the same records are linked: a margin over the dimensions that both have is the same
number in both. All sums of all tables and these links go into one attacker's programme. Tables of
changed records are compared cell by cell: a small difference is a small count of newcomers.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from marfa.domain.message import Message
from marfa.methods.disclosure.tables.arrays import Floats, Ints
from marfa.methods.disclosure.tables.audit import (
    Sums,
    interval_goals,
    judge_intervals,
    table_sums,
)
from marfa.methods.disclosure.tables.dimension import ROOT
from marfa.methods.disclosure.tables.protected_table import ProtectedTable

Key = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Differencing:
    """problems: what forbids publication, in sentences. compared: earlier tables looked at.
    apart: earlier tables of other populations, which are not compared."""

    problems: tuple[Message, ...]
    compared: int
    apart: int

    @property
    def safe(self) -> bool:
        """Nothing forbids publication."""
        return not self.problems


def compare(
    new: ProtectedTable, earlier: Sequence[ProtectedTable], *, seconds: float = 60.0
) -> Differencing:
    """Audit a table together with every earlier release of its population.

    A release whose population cannot be told from the new one's, or whose values do not map to the
    new table's, is a problem: a person has to decide.
    """
    problems: list[Message] = []
    linked: list[ProtectedTable] = []
    apart = 0
    for table in earlier:
        relation = _relation(new, table)
        if relation == "apart":
            apart += 1
            continue
        found = (
            _mapping_problem(new, table) if relation != "unknown" else _say("ask-population", table)
        )
        if found is not None:
            problems.append(found)
        elif relation == "same":
            linked.append(table)
        else:
            problems += _small_changes(new, table)
    if linked:
        problems += _together([new, *linked], time.process_time() + seconds)
    return Differencing(tuple(problems), len(earlier) - apart, apart)


def _query(table: ProtectedTable) -> dict[str, Any]:
    query = table.about.get("query")
    return query if isinstance(query, dict) else {}


def _relation(new: ProtectedTable, old: ProtectedTable) -> str:
    """same records; other records of the same people ("changed"); "apart"; or "unknown"."""
    one, two = _query(new), _query(old)
    names = one.get("population", ""), two.get("population", "")
    if one.get("source") == two.get("source") is not None:
        return "same" if one.get("unit") == two.get("unit") else "unknown"
    if not all(names):
        return "unknown"
    if names[0] != names[1]:
        return "apart"
    if one.get("period") != two.get("period") and one.get("period") and two.get("period"):
        return "apart" if _periods_apart(str(one["period"]), str(two["period"])) else "changed"
    return "changed"


def _periods_apart(one: str, two: str) -> bool:
    """Periods written as ISO dates or "start/end" that do not meet; else they may overlap."""
    spans = [text.partition("/")[::2] for text in (one, two)]
    if not all(start[:4].isdigit() for start, _end in spans):
        return False
    (a, b), (c, d) = ((start, (end or start) + "~") for start, end in spans)
    return b < c or d < a


def _fixed(table: ProtectedTable) -> Key:
    """Values that all records of a table share: its filter."""
    return tuple(sorted((str(c), str(v)) for c, v in _query(table).get("where", [])))


def _mapping_problem(new: ProtectedTable, old: ProtectedTable) -> Message | None:
    if "round" in (new.about.get("method"), old.about.get("method")):
        return _say("ask-rounded", old)
    dims = {d.name: d for d in new.dimensions}
    for dimension in old.dimensions:
        other = dims.get(dimension.name)
        if other is not None and _members(dimension) != _members(other):
            shared = _members(dimension).keys() & _members(other).keys()
            same = all(_members(dimension)[name] == _members(other)[name] for name in shared)
            leaves = [
                {d.labels[node] for node in np.flatnonzero(d.is_leaf)} for d in (dimension, other)
            ]
            if not same or leaves[0] != leaves[1]:
                return _say("ask-mapping", old, column=dimension.name)
    for column, value in (*_fixed(old), *_fixed(new)):
        table = new if (column, value) in _fixed(old) else old
        if _fixed(old) == _fixed(new):
            break
        known = {d.name: d for d in table.dimensions}
        if (column, value) not in _fixed(table) and (
            column not in known or value not in known[column].node_of
        ):
            return _say("ask-filter", old, column=column)
    return None


def _members(dimension: Any) -> dict[str | None, frozenset[str | None]]:
    """Innermost values that each node of a dimension holds."""
    members: dict[str | None, set[str | None]] = {}
    for node in np.flatnonzero(dimension.is_leaf):
        for above in dimension.chains[node]:
            if above != ROOT:
                members.setdefault(dimension.labels[above], set()).add(dimension.labels[node])
    return {label: frozenset(found) for label, found in members.items()}


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


def _small_changes(new: ProtectedTable, old: ProtectedTable) -> list[Message]:
    """Cells that both tables show and that differ by less than the minimum cell."""
    before, after = _keys(old), _keys(new)
    minimum = max(new.min_cell, old.min_cell)
    number = 0
    for key in before.keys() & after.keys():
        one, two = int(new.counts[after[key]]), int(old.counts[before[key]])
        number += one >= 0 and two >= 0 and 0 < abs(one - two) < minimum
    return [_say("small-changes", old, count=number)] if number else []


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


def _together(tables: list[ProtectedTable], deadline: float) -> list[Message]:
    found = join_tables(tables)
    if found.wrong is not None:
        table, count = found.wrong
        return [_say("sums-wrong", table, count=count)]
    if found.disagree:
        return [Message("methods.disclosure.tables:figures-disagree", count=found.disagree)]
    both = [interval_goals(table, cells) for table, cells in zip(tables, found.cells, strict=True)]
    least, most = (np.concatenate(part) for part in zip(*both, strict=True))
    _low, _high, wide, done = judge_intervals(found.sums, least, most, deadline)
    wide |= ~np.isfinite(least)
    messages: list[Message] = []
    if narrow := int((done & ~wide).sum()):
        messages.append(Message("methods.disclosure.tables:together-narrow", count=narrow))
    if unsettled := int((~done & ~wide).sum()):
        messages.append(Message("methods.disclosure.tables:together-unsettled", count=unsettled))
    return messages


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


def _say(key: str, table: ProtectedTable, count: int | None = None, **params: object) -> Message:
    name = str(table.about.get("query_id") or "?")
    return Message(f"methods.disclosure.tables:{key}", {"release": name, **params}, count=count)

"""An attacker who has the published JSON of several tables, and no code of the product.

Every combination of all values is an unknown in every file, in whole persons. Who came and who went
between two files are unknowns too, and he takes the fewest that the figures allow. He asks SciPy's
``milp`` whether a count could be this or that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, csr_matrix, vstack

Known = Mapping[str, Any]
REST = "everything else"
"""Stands for all values of a column that no table names."""


@dataclass(frozen=True)
class Claim:
    """A cell of a table: number of the table, values by column (all others summed), true count,
    and how many of them the attacker knows: he is of their household."""

    table: int
    values: tuple[tuple[str, str | None], ...]
    true: int
    known: int = 0


def leaf_values(table: Known) -> dict[str, dict[str | None, set[str | None]]]:
    """By column and value, the values of the data that it stands for; groups hold their parts."""
    found: dict[str, dict[str | None, set[str | None]]] = {}
    for dimension in table["dimensions"]:
        entries = dimension["values"]
        groups = {entry["in"] for entry in entries}
        mine: dict[str | None, set[str | None]] = {entry["value"]: set() for entry in entries}
        above = {entry["value"]: entry["in"] for entry in entries}
        for entry in entries:
            value = entry["value"]
            if value is not None and value in groups:
                continue
            parts = set(entry.get("of", [value]))
            mine[value] |= parts
            while above.get(value) is not None:
                value = above[value]
                mine[value] |= parts
        found[dimension["name"]] = mine
    return found


class Attacker:
    """tables: published JSON. files: number of the file from which each was counted."""

    def __init__(self, tables: Sequence[Known], files: Sequence[int], *, aware: bool) -> None:
        """aware: knows that no withheld cell is zero."""
        self.tables, self.files = tables, files
        self.leaves = [leaf_values(table) for table in tables]
        self.parts = [dict(table["query"].get("where", ())) for table in tables]
        named: dict[str, set[str | None]] = {}
        for leaves, part in zip(self.leaves, self.parts, strict=True):
            for name, of in leaves.items():
                named.setdefault(name, set()).update(*of.values())
            for name, value in part.items():
                # Others than the table counts may have any value.
                named.setdefault(name, set()).update((value, REST))
        names = sorted(named)
        values = {name: sorted(named[name], key=str) for name in names}
        self.names = names
        self.people = list(product(*(values[name] for name in names)))
        self.number = max(files) + 1
        n = len(self.people)
        # Per file the people there; between files who came and who went.
        self.size = n * (self.number + 2 * (self.number - 1))
        rows, low, high = self._published(aware)
        links = self._links()
        self.matrix = vstack([*rows, links]).tocsr()
        self.low = np.array([*low, *([0.0] * links.shape[0])])
        self.high = np.array([*high, *([0.0] * links.shape[0])])
        self.upper = self._upper()
        self.change: float | None = None
        self.change = self._least_change() if self.number > 1 else 0.0

    def _members(self, table: int, row: Known) -> np.ndarray:
        inside = np.ones(len(self.people), dtype=bool)
        for axis, name in enumerate(self.names):
            if name in row:
                allowed = self.leaves[table][name][row[name]]
                inside &= np.array([person[axis] in allowed for person in self.people])
            if name in self.parts[table]:
                value = self.parts[table][name]
                inside &= np.array([person[axis] == value for person in self.people])
        return np.flatnonzero(inside)

    def row_of(self, place: Mapping[str, Sequence[str | None]], file: int) -> csr_matrix:
        """All people of a file who have one of these values in each column."""
        inside = [
            at
            for at, person in enumerate(self.people)
            if all(person[self.names.index(name)] in values for name, values in place.items())
        ]
        return self._row(np.array(inside, dtype=int), file)

    def ends(self, row: csr_matrix) -> tuple[int, float]:
        """The least and the most that these people could be."""
        found = [self._solve(sign * row.toarray()[0], []) for sign in (1.0, -1.0)]
        low, high = (round(float(f.fun)) if f.x is not None else None for f in found)
        return low or 0, np.inf if high is None else -high

    def could_be(self, row: csr_matrix, value: int) -> bool:
        """Whether these people could be as many."""
        return self._solve(np.zeros(self.size), [(row, value, value)]).x is not None

    def _row(self, members: np.ndarray, file: int) -> csr_matrix:
        at = members + file * len(self.people)
        return coo_matrix(
            (np.ones(len(at)), (np.zeros(len(at), dtype=int), at)), shape=(1, self.size)
        ).tocsr()

    def _published(self, aware: bool) -> tuple[list[csr_matrix], list[float], list[float]]:
        rows: list[csr_matrix] = []
        low: list[float] = []
        high: list[float] = []
        for number, table in enumerate(self.tables):
            for row in [*table["cells"], *table["margins"]]:
                rows.append(self._row(self._members(number, row), self.files[number]))
                count = row["count"]
                least = float(aware and not table.get("zeros_withheld"))
                low.append(least if count is None else count)
                high.append(np.inf if count is None else count)
        return rows, low, high

    def _upper(self) -> np.ndarray:
        """Nobody has a value that a table of the file does not list, or is in no listed cell."""
        n = len(self.people)
        upper = np.full(self.size, np.inf)
        for number, table in enumerate(self.tables):
            listed = np.zeros(n, dtype=bool)
            for row in table["cells"]:
                listed[self._members(number, row)] = True
            for axis, name in enumerate(self.names):
                if name in self.parts[number]:
                    value = self.parts[number][name]
                    listed |= np.array([person[axis] != value for person in self.people])
            at = np.flatnonzero(~listed) + self.files[number] * n
            upper[at] = 0.0
        return upper

    def _links(self) -> csr_matrix:
        n, files = len(self.people), self.number
        entries: list[tuple[int, int, float]] = []
        for file in range(files - 1):
            came, went = n * (files + 2 * file), n * (files + 2 * file + 1)
            for person in range(n):
                row = file * n + person
                entries += [
                    (row, (file + 1) * n + person, 1.0),
                    (row, file * n + person, -1.0),
                    (row, came + person, -1.0),
                    (row, went + person, 1.0),
                ]
        if not entries:
            return csr_matrix((0, self.size))
        rows, columns, values = zip(*entries, strict=True)
        return coo_matrix((values, (rows, columns)), shape=((files - 1) * n, self.size)).tocsr()

    def _solve(self, cost: np.ndarray, extra: list[tuple[csr_matrix, float, float]]) -> Any:
        parts = [LinearConstraint(self.matrix, self.low, self.high)]
        parts += [LinearConstraint(row, low, high) for row, low, high in extra]
        if self.change is not None and self.number > 1:
            parts.append(LinearConstraint(self._changes(), 0, self.change))
        return milp(
            cost,
            constraints=parts,
            bounds=Bounds(np.zeros(self.size), self.upper),
            integrality=np.ones(self.size),
        )

    def _changes(self) -> csr_matrix:
        first = len(self.people) * self.number
        row = np.zeros((1, self.size))
        row[0, first:] = 1.0
        return csr_matrix(row)

    def _least_change(self) -> float:
        found = self._solve(self._changes().toarray()[0], [])
        assert found.x is not None, "the true people are one possibility"
        return round(float(found.fun))

    def possible(self, claim: Claim, value: int) -> bool:
        """Whether the claim's cell could be this."""
        members = self._members(claim.table, dict(claim.values))
        row = self._row(members, self.files[claim.table])
        return self._solve(np.zeros(self.size), [(row, value, value)]).x is not None

    def others_possible(self, part: Claim, whole: Claim) -> bool:
        """Whether somebody of the whole could be outside the part, both of one table."""
        rows = [
            self._row(self._members(claim.table, dict(claim.values)), self.files[claim.table])
            for claim in (whole, part)
        ]
        extra = [(rows[0] - rows[1], 1.0, np.inf)]
        return self._solve(np.zeros(self.size), extra).x is not None

    def interval(self, claim: Claim) -> tuple[int, float]:
        """The least and the most that the claim's cell could be."""
        row = self._row(self._members(claim.table, dict(claim.values)), self.files[claim.table])
        ends: list[float] = []
        for sign in (1.0, -1.0):
            found = self._solve(sign * row.toarray()[0], [])
            ends.append(sign * round(float(found.fun)) if found.x is not None else np.inf)
        return int(ends[0]), ends[1]


def exposed(
    tables: Sequence[Known],
    files: Sequence[int],
    claims: Sequence[Claim],
    minimum: int,
    groups: Sequence[tuple[Claim, Claim]] = (),
) -> list[tuple[Claim, str]]:
    """Small counts of which an attacker can exclude what he must not be able to exclude, and whole
    groups (part, whole) of which he knows that all have one value."""
    found: list[tuple[Claim, str]] = []
    blind = Attacker(tables, files, aware=False)
    aware = Attacker(tables, files, aware=True)
    for part, whole in groups:
        if not blind.others_possible(part, whole):
            found.append((part, "everyone of the group"))
    for claim in claims:
        for value in range(claim.known + 1, claim.known + minimum):
            if not blind.possible(claim, value):
                found.append((claim, f"cannot be {value}"))
        if claim.known or not claim.true:
            continue
        low, high = aware.interval(claim)
        if high < minimum - 1 or low == high:
            found.append((claim, f"{low} to {high} where no withheld cell is zero"))
        elif not aware.possible(claim, minimum - 1):
            found.append((claim, f"cannot be {minimum - 1} where no withheld cell is zero"))
    return found

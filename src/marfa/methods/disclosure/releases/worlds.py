"""The worlds that an attacker cannot tell from the true one, as an integer programme.

A world says how many people of each combination were counted from which version to which. Persons
counted in several versions are the same unknown in all of them; who came or went in between is
another. The attacker takes the least change that the figures allow. Withheld figures that are not
out yet may be given up in exchange for a cost, so that the cheapest world in which a count has some
value says which figures must be withheld for it to be possible (the successive programmes of Kelly,
Golden and Assad, Networks 22 (1992), pages 397-417, here in whole persons and over all tables).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import highspy
import numpy as np
from scipy.sparse import csr_matrix

from marfa.methods.disclosure.releases.rows import Row, Statement
from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints
from marfa.methods.disclosure.tables.solver import quiet_solver

NODES = 400
STEPS = 50_000
"""Work for one question: nodes of the tree, and steps of the simplex. What is not settled by then
counts as not possible."""

GAP = 0.1
"""How much dearer than the cheapest a world may be: what it withholds in vain is shown again."""

NEXT = 1_000.0
"""Weight of a change from a version to the next, against one between others."""

TOLERANCE = 1e-6


@dataclass(frozen=True)
class World:
    """values: (rows,) persons in each row. change: of each pair of versions, who came and went."""

    values: Ints
    change: Ints


class Worlds:
    """Questions to the programme of one statement. withheld: (rows,) may be changed."""

    def __init__(
        self, statement: Statement, pairs: Sequence[tuple[int, int]] = (), *, whole: bool = True
    ) -> None:
        """pairs: rows of which the difference of the second and the first will be asked for.
        whole: whether people are counted, and not sums of something."""
        self._in_persons = whole
        self.statement = statement
        self.rows = statement.rows
        self.withheld: Bools = np.array([row.held and row.public is None for row in self.rows])
        self.pairs = list(pairs)
        self.solved = 0
        self._build()

    def _build(self) -> None:
        last = len(self.statement.versions)
        self.between = list(combinations(range(last), 2))
        spans = [(i, j) for i in range(last) for j in range(i, last)]
        place: dict[tuple[int, int, int], Ints] = {}
        size = 0
        for i, j in spans:
            for bag in range(len(self.statement.space.bags)):
                alive = np.logical_and.reduce(
                    [self.statement.alive[v][bag] for v in range(i, j + 1)]
                )
                column = np.full(len(alive), -1, dtype=np.int64)
                column[alive] = np.arange(size, size + int(alive.sum()))
                size += int(alive.sum())
                place[i, j, bag] = column
        self._place, self._spans, self._size = place, spans, size
        lines = [self._line(row) for row in self.rows]
        self._first_change = len(lines)
        lines += [self._change(one, two) for one, two in self.between]
        self._first_pair = len(lines)
        lines += [self._difference(one, two) for one, two in self.pairs]
        self._fixed = len(lines)
        self._sums = self._matrix(lines[: self._first_pair])
        lines += self._agreements()
        self._model(lines)

    def _matrix(self, lines: Sequence[tuple[Ints, Floats]]) -> csr_matrix:
        ends = np.cumsum([0, *(len(columns) for columns, _values in lines)])
        parts = [np.concatenate(each) for each in zip(*lines, strict=True)]
        return csr_matrix((parts[1], parts[0], ends), shape=(len(lines), self._size))

    def _columns(self, spans: Sequence[tuple[int, int]], bag: int, inside: Ints) -> Ints:
        found = [self._place[i, j, bag][inside] for i, j in spans]
        columns = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
        return columns[columns >= 0]

    def _line(self, row: Row) -> tuple[Ints, Floats]:
        spans = [(i, j) for i, j in self._spans if i <= row.version <= j]
        columns = self._columns(spans, row.bag, row.inside)
        return columns, np.ones(len(columns))

    def _change(self, one: int, two: int) -> tuple[Ints, Floats]:
        """Who was counted in one of two versions and not in the other."""
        spans = [(i, j) for i, j in self._spans if (i <= one <= j) != (i <= two <= j)]
        every = np.arange(self.statement.space.bags[0].size)
        columns = self._columns(spans, 0, every)
        return columns, np.ones(len(columns))

    def _difference(self, one: int, two: int) -> tuple[Ints, Floats]:
        (first, ones), (second, twos) = self._line(self.rows[one]), self._line(self.rows[two])
        columns, at = np.unique(np.concatenate([first, second]), return_inverse=True)
        values = np.bincount(at, weights=np.concatenate([-ones, twos]), minlength=len(columns))
        kept = np.abs(values) > 0
        return np.asarray(columns[kept], dtype=np.int64), np.asarray(values[kept], dtype=float)

    def _agreements(self) -> list[tuple[Ints, Floats]]:
        """Bags agree on what they share, for the people of each span."""
        lines: list[tuple[Ints, Floats]] = []
        bags = self.statement.space.bags
        for first, second, shared in self.statement.space.edges:
            groups = [self._by_value(bags[n].columns, n, shared) for n in (first, second)]
            for i, j in self._spans:
                for key in groups[0].keys() | groups[1].keys():
                    none = np.zeros(0, dtype=np.int64)
                    ones = self._columns([(i, j)], first, groups[0].get(key, none))
                    twos = self._columns([(i, j)], second, groups[1].get(key, none))
                    if len(ones) + len(twos):
                        signs = np.concatenate([np.ones(len(ones)), -np.ones(len(twos))])
                        lines.append((np.concatenate([ones, twos]), signs))
        return lines

    def _by_value(
        self, columns: tuple[str, ...], number: int, shared: tuple[str, ...]
    ) -> dict[int, Ints]:
        bag = self.statement.space.bags[number]
        code = bag.groups(shared)
        return {int(key): np.flatnonzero(code == key) for key in np.unique(code)}

    def _model(self, lines: list[tuple[Ints, Floats]]) -> None:
        self._open = np.array([n for n, row in enumerate(self.rows) if row.open], dtype=np.int64)
        more = self._size + np.arange(len(self._open))
        less = more + len(self._open)
        self._more, self._less = more, less
        for place, number in enumerate(self._open.tolist()):
            columns, values = lines[number]
            lines[number] = (
                np.append(columns, [more[place], less[place]]),
                np.append(values, [-1.0, 1.0]),
            )
        lp = highspy.HighsLp()
        n, m = self._size + 2 * len(self._open), len(lines)
        lp.num_col_, lp.num_row_ = n, m
        lp.col_cost_, lp.col_lower_ = np.zeros(n), np.zeros(n)
        lp.col_upper_ = np.full(n, highspy.kHighsInf)
        lp.row_lower_, lp.row_upper_ = np.zeros(m), np.zeros(m)
        lengths = [len(columns) for columns, _values in lines]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate([c for c, _v in lines]).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([v for _c, v in lines])
        self.entries = int(sum(lengths))
        self._highs = quiet_solver(presolve=False)
        self._highs.setOptionValue("simplex_iteration_limit", STEPS)
        self._highs.setOptionValue("mip_max_nodes", NODES)
        self._highs.setOptionValue("mip_rel_gap", GAP)
        self._highs.passModel(lp)
        self._whole = np.arange(self._size, dtype=np.int32)

    def _bounds(self, floor: int, change: Sequence[int] | None) -> tuple[Floats, Floats]:
        """Of every line: what is public is fixed, what is withheld is free above the floor."""
        low = np.zeros(self._fixed + 0)
        high = np.full(self._fixed, highspy.kHighsInf)
        for number, row in enumerate(self.rows):
            if row.public is not None:
                low[number] = high[number] = row.public
            elif row.open and not self.withheld[number]:
                low[number] = high[number] = float(row.true or 0)
            else:
                low[number] = min(floor, row.floor)
        if change is not None:
            high[self._first_change : self._first_pair] = change
        low[self._first_pair : self._fixed] = -highspy.kHighsInf
        return low, high

    def find(
        self,
        line: int,
        least: int,
        most: int | None,
        *,
        floor: int,
        change: Sequence[int] | None,
        prices: Floats | None = None,
    ) -> World | None:
        """A world in which a row (or, after the rows, a difference) lies within these values.

        prices: (rows,) cost of one person more or less in figures that are not withheld, infinite
        for those that stand; None: all figures stand. Returns None where there is none or the work
        did not suffice.
        """
        low, high = self._bounds(floor, change)
        if line >= 0:
            at = line if line < len(self.rows) else self._first_pair + line - len(self.rows)
            row = self.rows[line] if line < len(self.rows) else None
            if (
                row is not None
                and (row.public is not None)
                and not least <= row.public <= (row.public if most is None else most)
            ):
                return None
            low[at] = least
            high[at] = highspy.kHighsInf if most is None else most
        self._set(low, high, floor, prices, line)
        return self._run()

    def _set(self, low: Floats, high: Floats, floor: int, prices: Floats | None, line: int) -> None:
        m = self._fixed
        self._highs.changeRowsBounds(m, np.arange(m, dtype=np.int32), low, high)  # type: ignore[attr-defined]
        k = len(self._open)
        if not k:
            return
        known = np.array([self.rows[n].public is not None for n in self._open.tolist()])
        price = np.full(k, np.inf) if prices is None else prices[self._open]
        elastic = ~self.withheld[self._open] & (self._open != line) & ~known & np.isfinite(price)
        true = np.array([self.rows[n].true or 0 for n in self._open.tolist()], dtype=float)
        floors = np.array([min(floor, self.rows[n].floor) for n in self._open.tolist()])
        upper = np.where(elastic, highspy.kHighsInf, 0.0)
        lower = np.where(elastic, np.maximum(true - floors, 0.0), 0.0)
        columns = np.concatenate([self._more, self._less]).astype(np.int32)
        self._highs.changeColsBounds(
            2 * k, columns, np.zeros(2 * k), np.concatenate([upper, lower])
        )
        cost = np.where(elastic, price, 0.0)
        self._highs.changeColsCost(2 * k, columns, np.concatenate([cost, cost]))

    def least_change(self) -> list[int] | None:
        """Who came and went between each two versions; None if no world fits.

        The fewest from each version to the next, in sum, and among those the fewest between others.
        """
        versions = len(self.statement.versions)
        if versions == 1:
            return [] if self.find(-1, 0, None, floor=0, change=None) else None
        low, high = self._bounds(0, None)
        self._set(low, high, 0, None, -1)
        columns, costs = self._costs()
        self._highs.changeColsCost(len(columns), columns, costs)
        self._highs.setOptionValue("mip_rel_gap", 0.0)
        world = self._run()
        self._highs.setOptionValue("mip_rel_gap", GAP)
        self._highs.changeColsCost(len(columns), columns, np.zeros(len(columns)))
        return None if world is None else [int(each) for each in world.change]

    def _costs(self) -> tuple[np.ndarray, Floats]:
        cost = np.zeros(self._size)
        for one, two in self.between:
            cost[self._change(one, two)[0]] += NEXT if two == one + 1 else 1.0
        return np.arange(self._size, dtype=np.int32), cost

    def _run(self) -> World | None:
        self.solved += 1
        found = self._solution()
        if found is None:
            return None
        if self._in_persons and np.abs(found - np.round(found)).max(initial=0.0) > TOLERANCE:
            found = self._in_whole_persons()
        return None if found is None else self._world(np.round(found, 0 if self._in_persons else 3))

    def _solution(self) -> Floats | None:
        self._highs.run()
        if self._highs.getModelStatus() not in (
            highspy.HighsModelStatus.kOptimal,
            highspy.HighsModelStatus.kSolutionLimit,
        ):
            return None
        return np.asarray(self._highs.getSolution().col_value)[: self._size]

    def _in_whole_persons(self) -> Floats | None:
        n = self._size
        kinds = np.array([highspy.HighsVarType.kInteger] * n)
        self._highs.changeColsIntegrality(n, self._whole, kinds)
        self._highs.run()
        found = None
        if self._highs.getInfo().primal_solution_status == 2:
            found = np.asarray(self._highs.getSolution().col_value)[:n]
        kinds = np.array([highspy.HighsVarType.kContinuous] * n)
        self._highs.changeColsIntegrality(n, self._whole, kinds)
        return found

    def _world(self, found: Floats) -> World:
        sums = np.round(self._sums @ found).astype(np.int64)
        return World(sums[: len(self.rows)], sums[len(self.rows) :])

    def value(self, world: World, line: int) -> int:
        """What a world says of a row or a difference."""
        if line < len(self.rows):
            return int(world.values[line])
        one, two = self.pairs[line - len(self.rows)]
        return int(world.values[two] - world.values[one])

"""Whether sums give away counts: both in one programme.

Who knows the smallest and the largest amount that anybody has knows that so many people have
between so many times the one and so many times the other. A sum that is nearly known then tells how
many people there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import highspy
import numpy as np

from marfa.methods.disclosure.releases.needs import Need
from marfa.methods.disclosure.releases.rows import Row, Statement
from marfa.methods.disclosure.releases.worlds import NODES, STEPS
from marfa.methods.disclosure.tables.arrays import Floats, Ints
from marfa.methods.disclosure.tables.solver import quiet_solver

EXACT = 1e-6
"""What the arithmetic of the programme may be off."""

Line = tuple[Ints, Floats, float, float]
"""Columns, coefficients, least and most."""


class SumsAndCounts:
    """Unknown are the people of each combination, and what they have in all.

    counts: rows of the tables, with what is public of them. sums: the sums that are shown, each by
    the place of its row. least, most: what anybody has.
    """

    def __init__(
        self,
        statement: Statement,
        pairs: Sequence[tuple[int, int]],
        sums: Sequence[tuple[Row, int]],
        bounds: tuple[int, int],
    ) -> None:
        self.statement, self.pairs, self.bounds = statement, pairs, bounds
        sizes = [bag.size for bag in statement.space.bags]
        self.first = np.cumsum([0, *sizes])
        self.size = int(self.first[-1])
        self.found: list[tuple[Floats, int]] = []
        rows = [self._people(row) for row in statement.rows]
        self.lines = len(rows) + len(pairs)
        entries: list[Line] = [(at, np.ones(len(at)), 0.0, np.inf) for at in rows]
        entries += [_minus(rows[two], rows[one]) for one, two in pairs]
        entries += [self._sum(row, total) for row, total in sums]
        entries += [*self._within(), *self._agreements()]
        self.low = np.array([low for _at, _values, low, _high in entries])
        self.high = np.array([high for _at, _values, _low, high in entries])
        self._model(entries)

    def _people(self, row: Row) -> Ints:
        return np.asarray(self.first[row.bag] + row.inside, dtype=np.int64)

    def _sum(self, row: Row, total: int) -> Line:
        at = self.size + self._people(row)
        # In the largest amount, so that numbers of people and of money are of one size.
        share = total / max(self.bounds[1], 1)
        return at, np.ones(len(at)), share - EXACT, share + EXACT

    def _within(self) -> Iterator[Line]:
        """What the people of a combination have lies between so many times least and most."""
        least, most = self.bounds
        share = least / max(most, 1)
        for place in range(self.size):
            at = np.array([place, self.size + place], dtype=np.int64)
            yield at, np.array([-share, 1.0]), 0.0, np.inf
            yield at, np.array([-1.0, 1.0]), -np.inf, 0.0

    def _agreements(self) -> Iterator[Line]:
        for one, two, shared in self.statement.space.edges:
            codes = [self.statement.space.bags[bag].groups(shared) for bag in (one, two)]
            for code in np.unique(codes[0]):
                first, second = (np.flatnonzero(each == code) for each in codes)
                for more in (0, self.size):
                    at = np.concatenate([self.first[one] + first, self.first[two] + second])
                    signs = np.concatenate([np.ones(len(first)), -np.ones(len(second))])
                    yield at + more, signs, 0.0, 0.0

    def _model(self, entries: Sequence[Line]) -> None:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 2 * self.size, len(entries)
        lp.col_cost_, lp.col_lower_ = np.zeros(2 * self.size), np.zeros(2 * self.size)
        alive = np.concatenate(list(self.statement.alive[0]))
        upper = np.where(alive, highspy.kHighsInf, 0.0)
        lp.col_upper_ = np.concatenate([upper, upper])
        lp.row_lower_, lp.row_upper_ = self.low, self.high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lengths = [len(at) for at, _values, _low, _high in entries]
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate([e[0] for e in entries]).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([e[1] for e in entries])
        people, money = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        lp.integrality_ = [people] * self.size + [money] * self.size
        self._highs = quiet_solver(presolve=False)
        self._highs.setOptionValue("simplex_iteration_limit", STEPS)
        self._highs.setOptionValue("mip_max_nodes", NODES)
        self._highs.passModel(lp)

    def allow(self, need: Need) -> bool:
        """Whether what must stay possible of a count is possible beside the sums too."""
        if any(floor >= need.floor and need.holds(self._value(x, need)) for x, floor in self.found):
            return True
        return any(self._ask(need, least, most) for least, most in need.forms())

    def _value(self, people: Floats, need: Need) -> int:
        if need.line < len(self.statement.rows):
            return round(float(people[self._people(self.statement.rows[need.line])].sum()))
        one, two = self.pairs[need.line - len(self.statement.rows)]
        ends = [people[self._people(self.statement.rows[line])].sum() for line in (one, two)]
        return round(float(ends[1] - ends[0]))

    def _ask(self, need: Need, least: int, most: int) -> bool:
        low, high = self.low.copy(), self.high.copy()
        low[len(self.statement.rows) : self.lines] = -np.inf
        for line, row in enumerate(self.statement.rows):
            if row.public is not None:
                low[line] = high[line] = row.public
            else:
                low[line] = min(need.floor, row.floor) if row.cells else 0
        low[need.line], high[need.line] = max(low[need.line], least), min(high[need.line], most)
        number = np.arange(len(low), dtype=np.int32)
        self._highs.changeRowsBounds(len(low), number, low, high)  # type: ignore[attr-defined]
        self._highs.run()
        if self._highs.getInfo().primal_solution_status != 2:
            return False
        people = np.round(np.asarray(self._highs.getSolution().col_value)[: self.size])
        self.found.append((people, need.floor))
        return True


def _minus(two: Ints, one: Ints) -> Line:
    at, where = np.unique(np.concatenate([one, two]), return_inverse=True)
    signs = np.concatenate([-np.ones(len(one)), np.ones(len(two))])
    values = np.bincount(where, weights=signs, minlength=len(at))
    kept = np.abs(values) > 0
    return np.asarray(at[kept], dtype=np.int64), np.asarray(values[kept]), -np.inf, np.inf

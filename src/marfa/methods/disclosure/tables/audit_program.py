"""The attacker's linear programme over one group of unknowns, asked many questions."""

from __future__ import annotations

import highspy
import numpy as np

from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints
from marfa.methods.disclosure.tables.solver import Work, quiet_solver

EXACT = 1500
"""Groups up to this size get the exact interval of every cell; larger ones a sufficient part."""

TURNS = 12
UNBOUNDED = (
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)
EPS = 1e-6


class Program:
    """Unknowns x >= floor with A x = known."""

    def __init__(
        self,
        size: int,
        row: Ints,
        column: Ints,
        value: Floats,
        known: Floats,
        floor: float = 0.0,
    ) -> None:
        self.size = size
        self.floor = np.full(size, floor)
        self.low = np.full(size, np.inf)
        self.high = np.full(size, -np.inf)
        order = np.argsort(column, kind="stable")
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = size, len(known)
        lp.col_cost_ = np.zeros(size)
        lp.col_lower_, lp.col_upper_ = self.floor, np.full(size, highspy.kHighsInf)
        lp.row_lower_ = lp.row_upper_ = known
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.searchsorted(column[order], np.arange(size + 1)).astype(np.int32)
        lp.a_matrix_.index_ = row[order].astype(np.int32)
        lp.a_matrix_.value_ = value[order]
        self._lp = lp

    def intervals(self, least: Floats, most: Floats, work: Work) -> tuple[Floats, Floats, Bools]:
        """Lowest and highest value of each unknown, and whether it is settled.

        least, most: values that the interval must reach (infinite: only more than one value);
        a large group is settled for a cell once it is known to reach them.
        """
        self._highs = quiet_solver(presolve=False)
        self._highs.passModel(self._lp)
        if self.size > EXACT:
            self._together(least, most, work)
        done = np.zeros(self.size, dtype=bool)
        for target in range(self.size):
            if self.size > EXACT and self._wide(target, least, most):
                done[target] = True
                continue
            if work.done:
                break
            bounds = [self._extreme(target, sign, work) for sign in (1.0, -1.0)]
            done[target] = all(bounds)
        return self.low, self.high, done

    def _wide(self, target: int, least: Floats, most: Floats) -> bool:
        low, high = self.low[target], self.high[target]
        return bool(low <= least[target] + EPS and high >= most[target] - EPS and high - low >= 1)

    def _extreme(self, target: int, cost: float, work: Work) -> bool:
        """Find the lowest (cost 1) or highest (-1) value of one unknown; False if work ran out."""
        self._highs.changeColCost(target, cost)
        solved = self._solve(work)
        if not solved and self._highs.getModelStatus() in UNBOUNDED:
            self.high[target] = np.inf
            solved = True
        self._highs.changeColCost(target, 0.0)
        return solved

    def _together(self, least: Floats, most: Floats, work: Work) -> None:
        """Push as many cells as possible to their goals at once; each solution settles many."""
        bound = np.isfinite(most)
        for turn in range(TURNS):
            rising = bound & (self.high < most - EPS)
            # Cells without a goal of their own are only pushed down, where zero stops them.
            falling = (bound & (self.low > least + EPS)) | (~bound & ~(self.high - self.low >= 1))
            for sign, open_ in ((-1.0, rising), (1.0, falling)):
                if open_.any() and not work.done:
                    self._push(
                        np.where(open_, sign, 0.0), rising, np.asarray(most * (1 + turn)), work
                    )

    def _push(self, cost: Floats, rising: Bools, top: Floats, work: Work) -> None:
        columns = np.arange(self.size, dtype=np.int32)
        free = np.full(self.size, highspy.kHighsInf)
        # A cell may not go far above its goal, so that others get their share.
        upper = np.where(rising, top, free) if cost.min() < 0 else free
        self._highs.changeColsBounds(self.size, columns, self.floor, upper)
        self._highs.changeColsCost(self.size, columns, cost)
        self._solve(work)
        self._highs.changeColsCost(self.size, columns, np.zeros(self.size))
        self._highs.changeColsBounds(self.size, columns, self.floor, free)

    def _solve(self, work: Work) -> bool:
        work.run(self._highs)
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return False
        value = np.asarray(self._highs.getSolution().col_value)
        np.minimum(self.low, value, out=self.low)
        np.maximum(self.high, value, out=self.high)
        return True

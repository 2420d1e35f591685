"""How far the count of a suppressed cell could be from the truth, given what is published.

A deviation of the innermost cells that leaves every published figure as it is and no count below
zero is another table that an attacker cannot tell from the true one. The largest deviation of
a cell is a linear programme; its dual values say which published figures stand in the way
(Fischetti and Salazar, Management Science 47 (2001), section 4).
"""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray

from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints
from marfa.methods.disclosure.tables.classes import Classes
from marfa.methods.disclosure.tables.solver import Work, quiet_solver

TOLERANCE = 1e-6


class Attack:
    """The attacker's linear programme over one set of classes, kept warm between questions."""

    def __init__(self, classes: Classes, reach: int) -> None:
        """reach: deviations above it are not asked for (the width that is needed)."""
        self.classes = classes
        self.reach = float(reach)
        self.rows = np.flatnonzero(~classes.is_leaf)
        self.row_of = np.full(len(classes.counts), -1)
        self.row_of[self.rows] = np.arange(len(self.rows))
        self._leaf_of = np.full(len(classes.counts), -1)
        self._leaf_of[classes.leaf_class] = np.arange(len(classes.leaf_class))
        self._share = self._up = np.zeros(len(classes.counts))
        self._room = np.zeros(len(classes.counts), dtype=np.int64)
        self._side = 0
        self._costed: Ints = np.zeros(0, dtype=np.int64)
        self._highs = quiet_solver(presolve=False)
        self._highs.passModel(self._model())

    def open(self, share: Floats) -> None:
        """share: (classes,) 1 suppressed, 0 published; between them for a relaxed problem."""
        self._share = share
        self._up = np.full(len(share), 4 * self.reach) * share
        self._side = 0

    def _turn(self, sign: int) -> None:
        """Bounds of the question: upwards, no withheld cell may fall to zero, for zeros are
        published; downwards, only below zero is excluded."""
        if sign == self._side:
            return
        self._side = sign
        self._room = np.minimum(self.classes.counts - (sign > 0), 4 * self.reach)
        down = self._room * self._share
        leaf, rows = self.classes.leaf_class, self.rows
        self._highs.changeColsBounds(
            len(leaf), np.arange(len(leaf), dtype=np.int32), -down[leaf], self._up[leaf]
        )
        self._highs.changeRowsBounds(  # type: ignore[attr-defined]
            len(rows), np.arange(len(rows), dtype=np.int32), -down[rows], self._up[rows]
        )

    def push(self, target: int, sign: int, need: float, work: Work) -> tuple[float, Floats, Floats]:
        """Largest deviation of class ``target`` upwards (sign 1) or downwards (-1), up to need.

        Returns it, the deviation of every leaf, and the coefficients of the cut
        ``sum(coefficients * share) >= need`` that every protecting choice satisfies.
        """
        self._turn(sign)
        self._aim(target, sign)
        work.run(self._highs)
        solution = self._highs.getSolution()
        delta = np.asarray(solution.col_value)
        reached = -float(self._highs.getObjectiveValue())
        cut = self._cut(
            target, sign, np.asarray(solution.col_dual), np.asarray(solution.row_dual), need
        )
        return reached, delta, cut

    def whole(self, target: int, sign: int, need: float, work: Work) -> Floats | None:
        """Deviations in whole persons that take the target far enough; None if none was found."""
        self._turn(sign)
        self._aim(target, sign)
        n = len(self.classes.leaf_class)
        columns = np.arange(n, dtype=np.int32)
        self._integers(columns, highspy.HighsVarType.kInteger)
        self._highs.setOptionValue("objective_target", -float(need))
        work.run(self._highs)
        value = np.round(np.asarray(self._highs.getSolution().col_value))
        self._integers(columns, highspy.HighsVarType.kContinuous)
        parts = self._costed
        reached = sign * float(value[parts].sum()) if len(value) == n else -1.0
        return value if reached >= need - TOLERANCE else None

    def _integers(self, columns: NDArray[np.int32], kind: highspy.HighsVarType) -> None:
        self._highs.changeColsIntegrality(len(columns), columns, np.array([kind] * len(columns)))

    def _aim(self, target: int, sign: int) -> None:
        zeros = np.zeros(len(self._costed))
        if len(zeros):
            self._highs.changeColsCost(len(zeros), self._costed.astype(np.int32), zeros)
        classes = self.classes
        parts = classes.parts[classes.starts[target] : classes.starts[target + 1]]
        self._highs.changeColsCost(
            len(parts), parts.astype(np.int32), np.full(len(parts), -float(sign))
        )
        self._costed = parts

    def _cut(
        self, target: int, sign: int, col_dual: Floats, row_dual: Floats, need: float
    ) -> Floats:
        duals = np.zeros(len(self.classes.counts))
        duals[self.classes.leaf_class] = col_dual
        duals[self.rows] = row_dual
        # Minimising: a positive dual holds the lower bound (-down), a negative one the upper.
        bounds = np.where(duals > 0, duals * self._room, -duals * 4 * self.reach)
        bounds[target] = 0.0
        return np.minimum(np.where(bounds > TOLERANCE, bounds, 0.0), need)

    def _model(self) -> highspy.HighsLp:
        classes = self.classes
        lp = highspy.HighsLp()
        n, m = len(classes.leaf_class), len(self.rows)
        lp.num_col_, lp.num_row_ = n, m
        lp.col_cost_ = np.zeros(n)
        lp.col_lower_, lp.col_upper_ = np.zeros(n), np.zeros(n)
        lp.row_lower_, lp.row_upper_ = np.zeros(m), np.zeros(m)
        lengths = np.diff(classes.starts)[self.rows]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        index = [classes.parts[classes.starts[r] : classes.starts[r + 1]] for r in self.rows]
        lp.a_matrix_.index_ = (np.concatenate(index) if index else np.zeros(0)).astype(np.int32)
        lp.a_matrix_.value_ = np.ones(int(lengths.sum()))
        return lp


def needed_deviations(counts: Ints, primary: Bools, minimum: int) -> tuple[Ints, Ints]:
    """(up, down) deviations each primary class must be able to take.

    The attacker's interval must hold every value from 1 to minimum - 1, and at least one above
    the true one, so that even who knows that no withheld cell is zero finds more than one value.
    """
    up = np.where(primary, np.maximum(minimum - 1 - counts, 1), 0)
    return up, np.where(primary, counts - 1, 0)

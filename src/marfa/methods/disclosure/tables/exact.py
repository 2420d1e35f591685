"""The cheapest set of classes to suppress, by cuts from the attacker's programme.

A choice that leaves a protected cell too narrow is cut off by the dual values of the attack that
failed, until none fails (Fischetti and Salazar, Management Science 47 (2001), sections 3 to 5).
The master problem is a small integer programme solved by HiGHS; its bound holds for every choice,
so the distance from the best possible is known even when the work allowed ends the search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import highspy
import numpy as np

from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints
from marfa.methods.disclosure.tables.attack import TOLERANCE, Attack
from marfa.methods.disclosure.tables.classes import Classes
from marfa.methods.disclosure.tables.solver import Work, quiet_solver

MASTER_NODES = 20
"""Nodes of the master problem at a time: its cuts change before it is solved to the end."""


@dataclass
class Master:
    """min weights * y, y binary, under the cuts found so far."""

    classes: Classes
    primary: Bools
    cuts: list[tuple[Ints, Floats]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._highs = quiet_solver(presolve=True)
        n = len(self.primary)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = n, 0
        lp.col_cost_ = self.classes.weights
        lp.col_lower_ = self.primary.astype(float)
        lp.col_upper_ = np.ones(n)
        self._highs.passModel(lp)

    def add(self, cut: Floats, need: float) -> None:
        """Take in ``sum(cut * y) >= need``; the part of the primary classes is constant."""
        rest = need - float(cut[self.primary].sum())
        if rest <= TOLERANCE:
            return
        index = np.flatnonzero((cut > TOLERANCE) & ~self.primary)
        values = np.minimum(cut[index], rest) / rest
        self._highs.addRow(1.0, highspy.kHighsInf, len(index), index.astype(np.int32), values)
        self.cuts.append((index, values))

    def solve(self, *, integer: bool, work: Work, gap: float = 0.0) -> tuple[Floats, float]:
        """(classes,) the choice, and a bound below every choice's weight."""
        n = len(self.primary)
        kind = highspy.HighsVarType.kInteger if integer else highspy.HighsVarType.kContinuous
        self._highs.changeColsIntegrality(n, np.arange(n, dtype=np.int32), np.array([kind] * n))
        self._highs.setOptionValue("mip_rel_gap", gap)
        work.run(self._highs, nodes=MASTER_NODES)
        solution = np.asarray(self._highs.getSolution().col_value)
        info = self._highs.getInfo()
        bound = info.mip_dual_bound if integer else info.objective_function_value
        if integer:
            solution = np.round(solution)
        return np.clip(solution, 0.0, 1.0), float(bound)


@dataclass(frozen=True)
class CellChoice:
    """suppressed: (classes,) flags. weight: what it costs. bound: no choice costs less."""

    suppressed: Bools
    weight: float
    bound: float


Repair = Callable[[Bools, list[int]], Bools]


class Exact:
    """The search, given the deviations that each primary class must be able to take."""

    def __init__(self, classes: Classes, primary: Bools, up: Ints, down: Ints) -> None:
        self.classes, self.primary = classes, primary
        reach = max(1, int(up.max(initial=0)), int(down.max(initial=0)))
        self.attack = Attack(classes, reach)
        self.master = Master(classes, primary)
        self.tasks = [(int(c), 1, int(up[c])) for c in np.flatnonzero(up)]
        self.tasks += [(int(c), -1, int(down[c])) for c in np.flatnonzero(down)]

    def failures(self, share: Floats, work: Work) -> tuple[list[int], bool]:
        """Cut off a choice: the classes whose attack failed, and whether all were tried.

        Every deviation found also settles other tasks that it takes far enough.
        """
        self.attack.open(share)
        failed: list[int] = []
        settled = np.zeros((2, len(self.primary)))
        for target, sign, need in self.tasks:
            if settled[(1 - sign) // 2, target] >= need - TOLERANCE:
                continue
            if work.done:
                return failed, False
            reached, delta, cut = self.attack.push(target, sign, need, work)
            if reached < need - 1e-5:
                failed.append(target)
                self.master.add(cut, need)
            else:
                self._settle(settled, delta, sign)
        return failed, True

    def _settle(self, settled: Floats, delta: Floats, sign: int) -> None:
        """Note what a deviation proves; one found downwards may pass through zeros."""
        classes = self.classes
        deviation = np.add.reduceat(delta[classes.parts], classes.starts[:-1])
        if sign > 0:
            np.maximum(settled[0], deviation, out=settled[0])
        np.maximum(settled[1], -deviation, out=settled[1])

    def search(self, start: Bools, repair: Repair, work: Work) -> CellChoice:
        """The best choice found with so much work, never worse than ``start``.

        start: (classes,) a choice known to protect. repair: makes a choice protect again, given
        the classes that it fails to protect.
        """
        best = self.reduce(start, work.part(1 / 4))
        weight = self._weight(best)
        bound = self._relaxed(work.part(1 / 3))
        while not work.done and bound < weight - 1e-6:
            share, bound_now = self.master.solve(integer=True, work=work.part(1 / 2))
            bound = max(bound, bound_now)
            failed, complete = self.failures(share, work)
            if not complete:
                break
            found = share > 0.5
            if failed:
                found = self.reduce(repair(found, failed), work.part(1 / 4))
            if self._weight(found) < weight:
                best, weight = found, self._weight(found)
        return CellChoice(best, weight, min(bound, weight))

    def reduce(self, suppressed: Bools, work: Work) -> Bools:
        """Publish again, the dearest first, every class without which all tasks still hold."""
        suppressed = suppressed.copy()
        extra = np.flatnonzero(suppressed & ~self.primary)
        order = extra[np.argsort(-self.classes.weights[extra], kind="stable")]
        hard = list(range(len(self.tasks)))
        for candidate in order:
            if work.done:
                break
            suppressed[candidate] = False
            if not self._holds(suppressed, hard, work):
                suppressed[candidate] = True
        return suppressed

    def _holds(self, suppressed: Bools, hard: list[int], work: Work) -> bool:
        """Whether every task holds; those that failed last are asked first. False out of work."""
        self.attack.open(suppressed.astype(float))
        settled = np.zeros((2, len(self.primary)))
        for position, task in enumerate(hard):
            target, sign, need = self.tasks[task]
            if settled[(1 - sign) // 2, target] >= need - TOLERANCE:
                continue
            if work.done:
                return False
            reached, delta, _cut = self.attack.push(target, sign, need, work)
            if reached < need - 1e-5:
                hard.insert(0, hard.pop(position))
                return False
            self._settle(settled, delta, sign)
        return True

    def _weight(self, suppressed: Bools) -> float:
        return float(self.classes.weights[suppressed].sum())

    def _relaxed(self, work: Work) -> float:
        bound = self._weight(self.primary)
        while not work.done:
            share, bound_now = self.master.solve(integer=False, work=work)
            bound = max(bound, bound_now)
            failed, complete = self.failures(share, work)
            if not failed or not complete:
                break
        return bound

    def not_whole(self, suppressed: Bools, work: Work) -> list[int]:
        """Classes whose needed deviation no table of whole persons was found to reach."""
        self.attack.open(suppressed.astype(float))
        weak: list[int] = []
        settled = np.zeros((2, len(self.primary)))
        for target, sign, need in self.tasks:
            if settled[(1 - sign) // 2, target] >= need - TOLERANCE:
                continue
            if work.done:
                weak.append(target)
                continue
            delta = self.attack.push(target, sign, need, work)[1]
            if np.abs(delta - np.round(delta)).max(initial=0.0) > TOLERANCE:
                whole = self.attack.whole(target, sign, need, work)
                if whole is None:
                    weak.append(target)
                    continue
                delta = whole
            self._settle(settled, delta, sign)
        return weak

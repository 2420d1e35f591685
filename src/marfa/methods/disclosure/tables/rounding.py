"""Controlled rounding: every figure a multiple of the base, and every margin still the sum.

A small integer programme chooses, for each innermost cell, the multiple below or above; margins
are sums of the chosen and may move by less than the base (zero-restricted controlled rounding,
Salazar-Gonzalez, Mathematical Programming 105 (2006)). Where no such table exists, a margin may
move further, as little as possible, and the largest move is stated.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.cells import Cells
from marfa.methods.disclosure.tables.solver import NODES, quiet_solver

EXCESS_COST = 1000.0
MAX_PROGRAM = 200_000
"""Non-zero sums up to which the integer programme is solved; beyond, rounding is cumulative."""


@dataclass(frozen=True)
class Rounding:
    """counts: (cells,) rounded, additive. largest_move: of any cell or margin, in persons.
    exact: every figure is the multiple next below or above its true value."""

    counts: Ints
    largest_move: int
    exact: bool


def controlled_rounding(cells: Cells, base: int) -> Rounding:
    """Round all cells and margins to multiples of ``base`` so that all sums hold.

    Raises ValueError for a base below 2.
    """
    if base < 2:
        raise ValueError("the base of rounding is at least 2")
    true = cells.counts[cells.leaves]
    floor = true // base
    loose = np.flatnonzero(true % base)
    up = np.zeros(len(true), dtype=np.int64)
    if len(loose):
        chosen = None
        if len(cells.sum_cell) <= MAX_PROGRAM:
            chosen = _programme(cells, base, true, loose)
        up[loose] = _cumulative(true[loose] % base, base) if chosen is None else chosen
    counts = cells.totals((floor + up) * base)
    moves = np.abs(counts - cells.counts)
    return Rounding(counts, int(moves.max(initial=0)), bool((moves < base).all()))


def _cumulative(rest: Ints, base: int) -> Ints:
    """Up where the running remainder passes half a base: all running totals stay within it."""
    running = (np.cumsum(rest) + base // 2) // base
    return np.diff(running, prepend=0)


def _programme(cells: Cells, base: int, true: Ints, loose: Ints) -> Ints | None:
    column = np.full(len(true), -1)
    column[loose] = np.arange(len(loose))
    inner = column[cells.sum_leaf] >= 0
    row, col = cells.sum_cell[inner], column[cells.sum_leaf[inner]]
    margins, row = np.unique(row, return_inverse=True)
    single = np.bincount(row, minlength=len(margins)) < 2
    rest = true[loose] % base
    drift = np.bincount(row, weights=rest[col], minlength=len(margins)) / base
    keep = np.flatnonzero(~single)
    place = np.full(len(margins), -1)
    place[keep] = np.arange(len(keep))
    used = place[row] >= 0
    return _solve(loose, rest / base, place[row[used]], col[used], drift[keep], base)


def _solve(
    loose: Ints,
    rest: np.ndarray,
    row: Ints,
    col: Ints,
    drift: np.ndarray,
    base: int,
) -> Ints | None:
    """min moves; sum of ups of a margin within one of its drift, plus an excess that costs."""
    n, m = len(loose), len(drift)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n + m, m
    # Up costs 1 - rest, down costs rest: the difference, so that rounding is to the nearest.
    lp.col_cost_ = np.concatenate([1 - 2 * rest, np.full(m, EXCESS_COST)])
    lp.col_lower_ = np.concatenate([np.zeros(n), np.full(m, -highspy.kHighsInf)])
    lp.col_lower_ = np.zeros(n + m)
    lp.col_upper_ = np.concatenate([np.ones(n), np.full(m, highspy.kHighsInf)])
    edge = 1 - 1 / base
    starts = np.searchsorted(np.sort(row), np.arange(m + 1))
    order = np.argsort(row, kind="stable")
    # Two rows a margin would be needed for both sides; the excess is counted in each.
    lp.num_row_ = 2 * m
    low = np.concatenate([drift - edge, np.full(m, -highspy.kHighsInf)])
    high = np.concatenate([np.full(m, highspy.kHighsInf), drift + edge])
    lp.row_lower_, lp.row_upper_ = low - 1e-9, high + 1e-9
    index, value, begin = _two_sided(col[order], starts, n, m)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = begin, index, value
    kinds = [highspy.HighsVarType.kInteger] * n + [highspy.HighsVarType.kContinuous] * m
    lp.integrality_ = kinds
    highs = quiet_solver(presolve=True)
    highs.setOptionValue("mip_max_nodes", NODES)
    highs.setOptionValue("mip_rel_gap", 0.01)
    highs.passModel(lp)
    highs.run()
    if highs.getInfo().primal_solution_status != 2:
        return None
    return np.round(np.asarray(highs.getSolution().col_value)[:n]).astype(np.int64)


def _two_sided(
    col: Ints, starts: Ints, n: int, m: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows ``sum + excess >= low`` and ``sum - excess <= high`` for every margin."""
    lengths = np.diff(starts) + 1
    begin = np.concatenate([[0], np.cumsum(np.concatenate([lengths, lengths]))])
    index = np.zeros(int(begin[-1]), dtype=np.int32)
    value = np.ones(int(begin[-1]))
    for side in (0, 1):
        for margin in range(m):
            first = begin[side * m + margin]
            last = begin[side * m + margin + 1] - 1
            index[first:last] = col[starts[margin] : starts[margin + 1]]
            index[last] = n + margin
            value[last] = 1.0 if side == 0 else -1.0
    return index, value, begin.astype(np.int32)

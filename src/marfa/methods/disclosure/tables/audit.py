"""The attacker: what the published table alone gives away about each withheld cell.

Shares no code with the protection. It writes down every sum that a reader can see (each margin
is the sum of its parts, in every dimension and at every level), takes the withheld cells as
unknowns that are not negative, and asks a linear programme how small and how large each can be.
Unknowns that share no sum, directly or through others, are solved apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marfa.methods.disclosure.tables.arrays import Floats, Ints
from marfa.methods.disclosure.tables.audit_program import Program
from marfa.methods.disclosure.tables.protected_table import (
    PRIMARY,
    STATUSES,
    SUPPRESSED,
    ProtectedTable,
)
from marfa.methods.disclosure.tables.solver import Work

SLACK = 1e-6
WORK = 20_000.0
"""Units of ``Work`` for an attack."""


@dataclass(frozen=True)
class Audit:
    """What an attacker can say.

    cells: (m,) positions in the table of the withheld cells.
    low, high: (m,) each cell's interval, or a part of it that is wide enough; high may be
        infinite; not a number where the sums are wrong.
    narrow: positions whose interval does not hold every value that it must.
    unsettled: positions for which work ran out.
    wrong_sums: positions of margins that are not the sum of their parts.
    """

    cells: Ints
    low: Floats
    high: Floats
    narrow: Ints
    unsettled: Ints
    wrong_sums: Ints

    @property
    def safe(self) -> bool:
        """No cell is narrower than allowed, none is unsettled, and all sums are right."""
        return not (len(self.narrow) or len(self.unsettled) or len(self.wrong_sums))


@dataclass(frozen=True)
class Sums:
    """Rows of the sums: unknown (row, column, coefficient) and the known part of each."""

    row: Ints
    column: Ints
    value: Floats
    known: Floats


def audit(table: ProtectedTable, *, work: float = WORK) -> Audit:
    """Attack a suppressed table.

    work: of the solver, in its units; cells not settled by then are named, never passed over.
    A primary cell must be able to take every value from 1 to min_cell - 1 and more than one;
    any other withheld cell must not be a single value.
    """
    cells = np.flatnonzero(table.withheld)
    left = Work(work)
    sums, wrong = table_sums(table, cells)
    if not len(cells):
        nothing = np.zeros(0)
        none = np.zeros(0, dtype=np.int64)
        return Audit(cells, nothing, nothing, none, none, wrong)
    least, most = interval_goals(table, cells)
    if len(wrong):
        unsettled = np.full(len(cells), np.nan)
        return Audit(cells, unsettled, unsettled, cells[:0], cells, wrong)
    zeros = bool(table.about.get("zeros_withheld"))
    low, high, wide, done = judge_intervals(sums, least, most, left, zeros=zeros)
    wide = np.where(_unmarked(table, cells), _may_be_large(table, low, high), wide)
    return Audit(cells, low, high, cells[done & ~wide], cells[~done & ~wide], wrong)


def _unmarked(table: ProtectedTable, cells: Ints) -> NDArray[np.bool_]:
    """Withheld cells of a published table, of which nobody is told why."""
    unmarked: NDArray[np.bool_] = np.equal(table.status[cells], STATUSES.index(SUPPRESSED))
    return unmarked


def _may_be_large(table: ProtectedTable, low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Whether a cell may be large, or else any small count: then nothing small is known of it."""
    top = table.min_cell - 1
    open_: NDArray[np.bool_] = (high > top + SLACK) | ((low <= 1 + SLACK) & (high >= top - SLACK))
    return open_


def judge_intervals(
    sums: Sums, least: Floats, most: Floats, work: Work, *, zeros: bool = False
) -> tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """(low, high, wide, done) of every unknown, against two attackers.

    The first knows that counts are not negative: low and high are his. The second has also seen
    that all zeros are published, so that no withheld cell is zero: he, too, must find each primary
    cell open up to ``most``, and more than one value. zeros: whether zeros are withheld too.
    """
    low, high, done = solve_intervals(sums, least, most, work)
    wide = wide_enough(low, high, least, most)
    primary = np.isfinite(least)
    if primary.any() and not zeros:
        anything = np.full(len(least), np.inf)
        low_1, high_1, done_1 = solve_intervals(sums, anything, most, work, floor=1.0)
        open_1 = wide_enough(low_1, high_1, anything, most) | ~primary
        wide, done = wide & open_1, (done & ~wide) | ((done | wide) & (done_1 | ~primary))
    return low, high, wide, done


def interval_goals(table: ProtectedTable, cells: Ints) -> tuple[Floats, Floats]:
    """(least, most) that each cell's interval must reach; infinite where it needs only width."""
    primary = table.status[cells] == STATUSES.index(PRIMARY)
    return (
        np.where(primary, 1.0, np.inf),
        np.where(primary, float(max(table.min_cell - 1, 1)), -np.inf),
    )


def wide_enough(low: Floats, high: Floats, least: Floats, most: Floats) -> NDArray[np.bool_]:
    """Whether each interval reaches what it must, and holds more than one whole number."""
    wide: NDArray[np.bool_] = (
        (low <= least + SLACK) & (high >= most - SLACK) & (high - low > 1 - SLACK)
    )
    return wide


def solve_intervals(
    sums: Sums, least: Floats, most: Floats, work: Work, floor: float = 0.0
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Lowest and highest value of every unknown, and whether it was settled."""
    low, high = np.full(len(least), np.inf), np.full(len(least), -np.inf)
    done = np.zeros(len(least), dtype=bool)
    if not len(least):
        return low, high, done
    for columns, program in separate_programs(sums, len(least), floor):
        low[columns], high[columns], done[columns] = program.intervals(
            least[columns], most[columns], work
        )
    return low, high, done


def table_sums(table: ProtectedTable, cells: Ints) -> tuple[Sums, Ints]:
    """Every sum that a reader can see, with the withheld cells as unknowns; and the wrong ones."""
    sizes = [len(dimension.labels) for dimension in table.dimensions]
    strides = np.cumprod([1, *sizes[:0:-1]], dtype=np.int64)[::-1]
    codes = table.nodes @ strides
    order = np.argsort(codes)
    column = np.full(len(codes), -1)
    column[cells] = np.arange(len(cells))
    known = np.where(table.withheld, 0, table.counts).astype(float)
    rows: list[tuple[Ints, Ints, Floats]] = []
    constants: list[Floats] = []
    margins: list[Ints] = []
    first = 0
    for axis, dimension in enumerate(table.dimensions):
        parents = np.array(dimension.parents)[table.nodes[:, axis]]
        child = np.flatnonzero(parents >= 0)
        above = codes[child] + (parents[child] - table.nodes[child, axis]) * strides[axis]
        at = np.minimum(np.searchsorted(codes, above, sorter=order), len(codes) - 1)
        parent = order[at]
        listed = codes[parent] == above
        child, parent = child[listed], parent[listed]
        margin, row = np.unique(parent, return_inverse=True)
        total = np.bincount(row, weights=known[child], minlength=len(margin)) - known[margin]
        inner = column[child] >= 0
        outer = column[margin] >= 0
        rows.append((row[inner] + first, column[child[inner]], np.ones(int(inner.sum()))))
        rows.append(
            (np.flatnonzero(outer) + first, column[margin[outer]], -np.ones(int(outer.sum())))
        )
        constants.append(-total)
        margins.append(margin)
        first += len(margin)
    row, col, value = (np.concatenate(part) for part in zip(*rows, strict=True))
    constant, margin = np.concatenate(constants), np.concatenate(margins)
    has_unknown = np.bincount(row, minlength=first) > 0
    wrong = np.unique(margin[~has_unknown & (np.abs(constant) > SLACK)])
    return Sums(row, col, value, constant), wrong


def separate_programs(sums: Sums, size: int, floor: float) -> list[tuple[Ints, Program]]:
    """Groups of unknowns that share no sum, each with a programme of its own."""
    label = np.arange(size)
    order = np.argsort(sums.row, kind="stable")
    row, column = sums.row[order], sums.column[order]
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    while len(starts):
        lowest = np.minimum.reduceat(label[column], starts)
        spread = np.repeat(lowest, np.diff(starts, append=len(row)))
        new = label.copy()
        np.minimum.at(new, column, spread)
        new = new[new]
        if (new == label).all():
            break
        label = new
    parts: list[tuple[Ints, Program]] = []
    _names, group = np.unique(label, return_inverse=True)
    by_group = np.argsort(group[sums.column], kind="stable")
    ends = np.searchsorted(group[sums.column][by_group], np.arange(group.max() + 2))
    place = np.zeros(size, dtype=np.int64)
    for number in range(group.max() + 1):
        columns = np.flatnonzero(group == number)
        place[columns] = np.arange(len(columns))
        mine = by_group[ends[number] : ends[number + 1]]
        used, rows = np.unique(sums.row[mine], return_inverse=True)
        program = Program(
            len(columns),
            rows,
            place[sums.column[mine]],
            sums.value[mine],
            sums.known[used],
            floor,
        )
        parts.append((columns, program))
    return parts

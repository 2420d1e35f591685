"""Tables in a row of dated ones: what each may show beside what the earlier ones have shown.

Counts of 1 to minimum - 1 are withheld, as in every table. So are counts that differ by as little
from what was last shown of the same cell, since the difference is a small count of people who came
or went. Each withheld cell leaves the attacker every value that either rule is about. Several
tables of the same people are attacked together, by code that the protection does not share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints
from marfa.methods.disclosure.tables.attack import needed_deviations
from marfa.methods.disclosure.tables.audit import judge_intervals
from marfa.methods.disclosure.tables.cells import Cells, build_cells
from marfa.methods.disclosure.tables.classes import build_classes
from marfa.methods.disclosure.tables.differencing import join_tables
from marfa.methods.disclosure.tables.dimension import ROOT, Dimension
from marfa.methods.disclosure.tables.protected_table import WITHHELD, ProtectedTable
from marfa.methods.disclosure.tables.solver import Work
from marfa.methods.disclosure.tables.suppression import withhold_classes

Nodes = tuple[int, ...]
WORK, JUDGE = 100.0, 10_000.0
"""Units of ``Work`` for the search of a table, and for the attack on all of them."""

DEAR = 1_000.0
"""What it costs to rely on a cell that another table may show; against at most four for others."""


@dataclass(frozen=True)
class CellRequest:
    """A cell that is to be shown. last: what was last shown of it, None where nothing was yet."""

    nodes: Nodes
    last: int | None = None


@dataclass(frozen=True)
class Dated:
    """One table. leaves: innermost cells and their counts. wanted: what is to be shown, by name;
    no other cell is ever shown. elsewhere: cells that another of the tables may show.
    fixed: what all its people share, such as ``age: children``."""

    dimensions: tuple[Dimension, ...]
    leaves: Mapping[Nodes, int]
    wanted: Mapping[str, CellRequest]
    elsewhere: frozenset[Nodes] = frozenset()
    fixed: Mapping[str, str] = field(default_factory=dict, hash=False)

    def cell(self, **values: str) -> Nodes:
        """The cell with these values, summed over all other dimensions."""
        return tuple(
            each.node_of[values[each.name]] if each.name in values else ROOT
            for each in self.dimensions
        )


Shown = dict[str, int | None]


@dataclass(frozen=True)
class _Made:
    """A protected table with zeros listed, and what the attacker must find possible."""

    shown: Shown
    table: ProtectedTable
    true: Ints
    least: Floats
    most: Floats


Judge = Callable[[Sequence[tuple[ProtectedTable, Ints]]], bool]
"""Says whether tables, each with what was counted in its cells, may be shown together."""


def show_dated(
    tables: Sequence[Dated], *, minimum: int = 5, work: float = WORK, judge: Judge | None = None
) -> tuple[Shown, ...]:
    """What may be shown of the wanted cells of each table: counts, None where one is withheld.

    Tables are taken in their order; one that would give away a cell together with those before it,
    or that does not stand before the judge, shows nothing. work: for withholding fewer cells of
    each table, in units of ``Work``; protection is never cut short.
    """
    kept: list[_Made] = []
    found: list[Shown] = []
    for dated in tables:
        made = _protect(dated, minimum, work)
        together = [*kept, made]
        judged = judge is None or judge([(each.table, each.true) for each in together])
        if judged and _holds(together):
            kept = together
            found.append(made.shown)
        else:
            found.append(dict.fromkeys(dated.wanted))
    return tuple(found)


def small_steps(before: Mapping[str, int | None], after: Shown, minimum: int) -> list[str]:
    """Names of cells that both show and that differ by too little; a check for who stores them."""
    both = ((name, before.get(name), count) for name, count in after.items())
    return [
        name
        for name, one, two in both
        if one is not None and two is not None and 0 < abs(one - two) < minimum
    ]


def _protect(dated: Dated, minimum: int, work: float) -> _Made:
    counted = {nodes: count for nodes, count in dated.leaves.items() if count}
    nodes = np.array(list(counted), dtype=np.int64).reshape(-1, len(dated.dimensions))
    counts = np.array(list(counted.values()), dtype=np.int64)
    if not len(counts):
        return _nobody(dated, minimum)
    cells = build_cells(dated.dimensions, nodes, counts)
    place = {tuple(row): at for at, row in enumerate(cells.nodes.tolist())}
    least, most = _goals(cells, place, dated, minimum)
    hidden = np.ones(len(cells.counts), dtype=bool)
    open_ = [place[nodes] for nodes in _open(dated) if nodes in place]
    hidden[open_] = False
    dear = np.zeros(len(cells.counts), dtype=bool)
    dear[[place[nodes] for nodes in dated.elsewhere if nodes in place]] = True
    chosen = _choose(cells, (hidden, dear), (least, most), minimum, work)
    shown = {
        name: 0 if at is None else None if chosen[at] else int(cells.counts[at])
        for name, at in ((name, place.get(each.nodes)) for name, each in dated.wanted.items())
    }
    return _listed(dated, cells, chosen | dear, shown, (least, most), minimum)


def _open(dated: Dated) -> set[Nodes]:
    return {each.nodes for each in dated.wanted.values()} | dated.elsewhere


def _goals(
    cells: Cells, place: Mapping[Nodes, int], dated: Dated, minimum: int
) -> tuple[Floats, Floats]:
    """(cells,) least and most that an attacker must find possible; infinite where nothing is."""
    small = cells.counts < minimum
    least = np.where(small, 1.0, np.inf)
    most = np.where(small, float(minimum - 1), -np.inf)
    for each in dated.wanted.values():
        at = place.get(each.nodes)
        if at is None or each.last is None:
            continue
        if 0 < abs(int(cells.counts[at]) - each.last) < minimum:
            least[at] = min(least[at], max(1, each.last - minimum + 1))
            most[at] = max(most[at], each.last + minimum - 1)
    return least, most


def _choose(
    cells: Cells,
    flags: tuple[Bools, Bools],
    goals: tuple[Floats, Floats],
    minimum: int,
    work: float,
) -> Bools:
    """(cells,) which are withheld: those that must be, those never shown, others to hide them."""
    hidden, dear = flags
    classes = build_classes(cells)
    size = len(classes.counts)
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(low, classes.of_cell, goals[0])
    np.maximum.at(high, classes.of_cell, goals[1])
    never, costly = np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
    np.logical_and.at(never, classes.of_cell, hidden)
    np.logical_or.at(costly, classes.of_cell, dear)
    classes = replace(classes, weights=np.where(costly, DEAR, 1.0) * classes.weights)
    asked = np.isfinite(low)
    rise, fall = needed_deviations(classes.counts, classes.counts < minimum, minimum)
    up = np.where(asked, np.maximum(np.where(asked, high, 0) - classes.counts, 1), 0)
    down = np.where(asked, classes.counts - np.where(asked, low, 0), 0)
    rooms = np.maximum(up.astype(np.int64), rise), np.maximum(down.astype(np.int64), fall)
    return withhold_classes(cells, classes, (asked | never, *rooms), work).suppressed


def _nobody(dated: Dated, minimum: int) -> _Made:
    """A table in which nobody is counted: every cell is zero."""
    every = _every(dated.dimensions)
    table = _table(dated, every, np.zeros(len(every), dtype=np.int64), minimum)
    least, most = np.full(len(every), np.inf), np.full(len(every), -np.inf)
    nobody = np.zeros(len(every), dtype=np.int64)
    return _Made(dict.fromkeys(dated.wanted, 0), table, nobody, least, most)


def _listed(
    dated: Dated,
    cells: Cells,
    unseen: Bools,
    shown: Shown,
    goals: tuple[Floats, Floats],
    minimum: int,
) -> _Made:
    """Every combination, those of nobody with them, as the attacker reads a table. unseen: cells
    that this table does not show, be it that another does."""
    every = _every(dated.dimensions)
    codes = np.ravel_multi_index(
        tuple(cells.nodes.T), [len(each.labels) for each in dated.dimensions]
    )
    counts = np.zeros(len(every), dtype=np.int64)
    counts[codes] = np.where(unseen, WITHHELD, cells.counts)
    least, most = np.full(len(every), np.inf), np.full(len(every), -np.inf)
    least[codes], most[codes] = goals
    true = np.zeros(len(every), dtype=np.int64)
    true[codes] = cells.counts
    return _Made(shown, _table(dated, every, counts, minimum), true, least, most)


def _every(dimensions: tuple[Dimension, ...]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    sizes = [range(len(each.labels)) for each in dimensions]
    return np.array(list(product(*sizes)), dtype=np.int64)


def _table(dated: Dated, every: object, counts: object, minimum: int) -> ProtectedTable:
    where = [[name, value] for name, value in dated.fixed.items()]
    nodes, found = np.asarray(every), np.asarray(counts)
    status = np.zeros(len(found), dtype=np.int64)
    about = {"query": {"where": where}}
    return ProtectedTable(dated.dimensions, nodes, found, status, minimum, True, about)


def _holds(made: Sequence[_Made]) -> bool:
    """Whether an attacker who has all of these tables finds everything possible that he must."""
    found = join_tables([each.table for each in made])
    if found.wrong is not None or found.disagree:
        return False
    least, most = (
        np.concatenate([part[cells] for part, cells in zip(parts, found.cells, strict=True)])
        for parts in ([each.least for each in made], [each.most for each in made])
    )
    asked = np.isfinite(least)
    if not asked.any():
        return True
    _low, _high, wide, _done = judge_intervals(found.sums, least, most, Work(JUDGE))
    return bool(wide[asked].all())

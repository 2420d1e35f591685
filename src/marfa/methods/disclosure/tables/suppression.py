"""Which cells of a table are withheld, so that no small count can be worked out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marfa.methods.disclosure.tables.arrays import Bools, Ints
from marfa.methods.disclosure.tables.attack import needed_deviations
from marfa.methods.disclosure.tables.cells import Cells
from marfa.methods.disclosure.tables.classes import Classes, build_classes
from marfa.methods.disclosure.tables.cubes import Cubes
from marfa.methods.disclosure.tables.exact import Exact
from marfa.methods.disclosure.tables.solver import Work

WORK = 150.0
"""Units of ``Work`` for the search for fewer cells."""

SEARCH_CLASSES = 10_000
"""Above this many unknowns the swaps are taken as they are; no search for fewer cells."""


@dataclass(frozen=True)
class Suppression:
    """Which of the cells are withheld.

    primary, secondary: (cells,) flags. bound: no protecting choice withholds at a lower weighted
    cost; weight: that of this choice; both in cells, slightly more for large ones.
    """

    primary: Bools
    secondary: Bools
    weight: float
    bound: float

    @property
    def suppressed(self) -> Bools:
        """Cells withheld for either reason."""
        return self.primary | self.secondary

    @property
    def gap(self) -> float:
        """Share of the cost that might be saved by a better choice; 0 when proved the best."""
        return 0.0 if self.weight <= 0 else max(0.0, 1 - self.bound / self.weight)


def suppress(
    cells: Cells, minimum: int, *, work: float = WORK, largest: Ints | None = None
) -> Suppression:
    """Withhold counts of 1 to minimum - 1, and as few others as needed to hide each of them.

    work: for finding fewer cells, in units of ``Work``; protection itself is never cut short.
    largest: (cells,) people of the largest household, whose members must find every small number
    of others possible.
    The attacker is taken to know that counts are not negative, every published figure, every zero
    and every group; his interval for each primary cell holds 1 to minimum - 1 and is not a point.
    """
    classes = build_classes(cells)
    small = classes.counts < minimum
    up, down = needed_deviations(classes.counts, small, minimum)
    if largest is not None:
        own = np.ones(len(classes.counts), dtype=np.int64)
        np.maximum.at(own, classes.of_cell, largest)
        few = (own > 1) & (classes.counts - own < minimum)
        up = np.where(few, np.maximum(up, own + minimum - 1 - classes.counts), up)
        down = np.where(few, np.maximum(down, classes.counts - own - 1), down)
        small |= few
    return withhold_classes(cells, classes, (small, up, down), work)


def withhold_classes(
    cells: Cells, classes: Classes, need: tuple[Bools, Ints, Ints], work: float
) -> Suppression:
    """Withhold classes, and as few others as needed so that each has the room that it needs.

    need: (classes,) which are withheld whatever it costs; how far up and how far down the count
        of each must be able to be, 0 where it needs no room.
    """
    must, up, down = need
    weight = float(classes.weights[must].sum())
    if not must.any():
        none = np.zeros(len(cells.counts), dtype=bool)
        return Suppression(none, none, 0.0, 0.0)
    cubes = Cubes(cells, classes)
    chosen = cubes.protect(must, up, down)
    bound = weight
    if len(classes.counts) <= SEARCH_CLASSES:
        chosen, bound = _search(cubes, classes, chosen, need, Work(work))
    weight = float(classes.weights[chosen].sum())
    primary = must[classes.of_cell]
    return Suppression(primary, chosen[classes.of_cell] & ~primary, weight, min(bound, weight))


def _search(
    cubes: Cubes,
    classes: Classes,
    start: Bools,
    need: tuple[Bools, Ints, Ints],
    work: Work,
) -> tuple[Bools, float]:
    small, up, down = need

    def repair(choice: Bools, failed: list[int]) -> Bools:
        weak = np.zeros(len(small), dtype=bool)
        weak[failed] = True
        return cubes.protect(choice | small, np.where(weak, up, 0), np.where(weak, down, 0))

    exact = Exact(classes, small, up, down)
    choice = exact.search(start, repair, work.part(4 / 5))
    if (choice.suppressed == start).all():
        return start, choice.bound
    # A fractional table may reach further than any table of whole persons: ask for whole ones.
    weak = exact.not_whole(choice.suppressed, work.part(1))
    return (repair(choice.suppressed, weak) if weak else choice.suppressed), choice.bound

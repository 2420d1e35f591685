"""Which figures of the tables that are not out yet must be withheld beside all that is out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.releases.needs import (
    Need,
    Proofs,
    all_needs,
    needs_of_the_unknown,
)
from marfa.methods.disclosure.releases.rows import Statement
from marfa.methods.disclosure.releases.worlds import World, Worlds
from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints

TURNS = 8
"""How often the least change may shrink because more is withheld, before the choice is given up."""

REDUCTIONS = 1_500
"""Questions that are asked at most to find figures that need not be withheld after all."""

LARGEST_WORK = 400_000_000
"""Things that must stay possible, times entries of the programme, beyond which tables are refused
rather than judged for hours."""


@dataclass(frozen=True)
class Choice:
    """withheld: (rows,) flags. weight: cost of the figures lost."""

    withheld: Bools
    weight: float


def choose_figures(statement: Statement) -> Choice | None:
    """Withhold small counts and what would give one away; None where no choice is found."""
    if statement.disagree:
        return None
    pairs, needs = all_needs(statement)
    must = np.array([row.open and row.small for row in statement.rows])
    return _Search(Worlds(statement, pairs), needs, must, needs_of_the_unknown(statement)).run()


def choose_sums(statement: Statement, needs: Sequence[Need], must: Bools) -> Choice | None:
    """The same for sums of a column, which are no whole persons. must: (rows,) flags."""
    if statement.disagree:
        return None
    return _Search(Worlds(statement, whole=False), needs, must).run()


class _Search:
    def __init__(
        self, worlds: Worlds, needs: Sequence[Need], must: Bools, wishes: Sequence[Need] = ()
    ) -> None:
        """wishes: what must stay possible unless what is out already excludes it."""
        self.worlds, self.needs, self.must = worlds, list(needs), must
        self.wishes = wishes
        self.statement = statement = worlds.statement
        self.prices = price_figures(statement)
        self.worlds.withheld |= self.must
        self.change: list[int] = []
        self.proofs = Proofs(self.worlds)
        rows = statement.rows
        self.true: Ints = np.array([row.true or 0 for row in rows], dtype=np.int64)
        self.opened = np.array([row.open for row in rows])

    def run(self) -> Choice | None:
        if (len(self.needs) + len(self.wishes)) * self.worlds.entries > LARGEST_WORK:
            raise InputError.at(Message("methods.disclosure.releases:too-much-work"))
        asked = list(self.needs)
        for turn in range(TURNS):
            least = self.worlds.least_change()
            if least is None:
                return None
            if turn and least == self.change:
                self._reduce()
                withheld = self.worlds.withheld.copy()
                return Choice(withheld, float(self.prices[withheld & self.opened].sum()))
            self.change = least
            self.proofs = Proofs(self.worlds)
            if not all(self._meet(need) for need in asked):
                return None
            # Nothing that could still be withheld makes the others possible.
            self.needs = asked + [need for need in self.wishes if self._meet(need)]
        return None

    def _allowed(self, need: Need) -> list[int]:
        """How many may have come and gone between the versions."""
        if not need.change:
            return self.change
        small = max(abs(need.least), abs(need.most))
        minimum = max(row.minimum for row in self.statement.rows)
        return [max(each, small, minimum - 1) for each in self.change]

    def _ask(self, need: Need, prices: Floats | None) -> World | None:
        for least, most in need.forms():
            world = self.worlds.find(
                need.line,
                least,
                most,
                floor=need.floor,
                change=self._allowed(need),
                prices=prices,
            )
            if world is not None:
                return world
        return None

    def _meet(self, need: Need) -> bool:
        """Make a need possible, at the price of further figures."""
        if self.proofs.meets(need):
            return True
        world = self._ask(need, self.prices)
        if world is None:
            return False
        self.worlds.withheld |= self.opened & (world.values != self.true)
        self._note(need, world)
        return True

    def _note(self, need: Need, world: World) -> None:
        self.proofs.add(world, need.floor, wide=need.change)

    def _reduce(self) -> None:
        """Show again, the dearest first, what all needs can do without."""
        extra = np.flatnonzero(self.worlds.withheld & self.opened & ~self.must)
        limit = self.worlds.solved + REDUCTIONS
        for line in extra[np.argsort(-self.prices[extra], kind="stable")].tolist():
            if self.worlds.solved > limit:
                return
            before = list(self.proofs.found)
            self.worlds.withheld[line] = False
            self.proofs.keep(line, int(self.true[line]))
            if not self._still_met():
                self.worlds.withheld[line] = True
                self.proofs.found = before

    def _still_met(self) -> bool:
        for need in self.needs:
            if self.proofs.meets(need):
                continue
            world = self._ask(need, None)
            if world is None:
                return False
            self._note(need, world)
        return True


def price_figures(statement: Statement) -> Floats:
    """What it costs to lose a figure: its cells, up to four times as much for the largest."""
    true = np.array([row.true or 0 for row in statement.rows], dtype=float)
    cells = np.array([max(len(row.fresh), 1) for row in statement.rows], dtype=float)
    prices: Floats = cells * (1 + 3 * true / max(true.max(initial=1.0), 1.0))
    return prices

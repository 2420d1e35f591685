"""What may be shown today of tables that are shown every day, beside all that was shown before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from marfa.methods.disclosure.releases.choice import price_figures
from marfa.methods.disclosure.releases.needs import BLIND, MANY, Need, all_needs
from marfa.methods.disclosure.releases.past import (
    MOST_LIVES,
    Numbers,
    Past,
    State,
    combination_names,
    row_names,
    state_rows,
    steps,
)
from marfa.methods.disclosure.releases.release import Released
from marfa.methods.disclosure.releases.rows import Row, Statement, read_statement
from marfa.methods.disclosure.releases.worlds import World, Worlds
from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints
from marfa.methods.disclosure.tables.protected_table import WITHHELD

REDUCTIONS = 300
"""Questions that are asked at most to find figures that need not be withheld after all."""

QUESTIONS = 20_000
"""Questions beyond which nothing is shown, rather than asked for hours."""

SLACK = 2
"""Of small steps the attacker allows that more people came or went from day to day than truly did:
so many times the minimum. Of counts he allows no more than there truly were."""

NEAR = 0.01
"""What it costs to differ from the true people by one, against at least one for a figure lost:
lives stay near the truth, and near one another."""

GO_ON = Need(-1, 0, 0, BLIND)
JOINED = 2
"""Ends of others that are tried for a life, so that lives do not become ever more."""

TRIES = 6
"""Lives that are tried for one thing that must stay possible."""

Wanted = Callable[[int, int], bool]
"""Whether a cell (number of the table, position) is ever shown."""


@dataclass(frozen=True)
class Day:
    """tables: as they may be shown. past: what is left of them and of all before."""

    tables: tuple[Released, ...]
    past: Past


def next_day(tables: Sequence[Released], past: Past, wanted: Wanted) -> Day | None:
    """Withhold as little as possible of today's tables.

    tables: with every cell, zeros too, and nothing withheld (``zeros_withheld`` in ``about``).
    wanted: other cells are withheld whatever they are. Returns None where nothing is found that may
    be shown: then what was shown last stays.
    """
    first = len(past.last)
    fresh = frozenset(range(first, first + len(tables)))
    statement = read_statement([*past.last, *tables], fresh=fresh)
    bags = tuple(bag.columns for bag in statement.space.bags)
    if not set(past.bags) <= set(bags):
        return None
    found = _Search(statement, past, lambda number, cell: wanted(number - first, cell)).run()
    if found is None:
        return None
    shown = tuple(
        _shown(table, found.withheld_cells(first + number)) for number, table in enumerate(tables)
    )
    return Day(shown, Past(shown, bags, found.lives, found.numbers, found.strict))


def _shown(release: Released, withheld: set[int]) -> Released:
    counts = release.table.counts.copy()
    counts[sorted(withheld)] = WITHHELD
    return replace(release, table=replace(release.table, counts=counts))


@dataclass(frozen=True)
class _Found:
    statement: Statement
    withheld: Bools
    lives: tuple[State, ...]
    numbers: dict[str, Numbers]
    strict: int

    def withheld_cells(self, number: int) -> set[int]:
        return {
            cell
            for row, withheld in zip(self.statement.rows, self.withheld.tolist(), strict=False)
            if withheld
            for table, cell in row.fresh
            if table == number
        }


@dataclass(frozen=True)
class _Proof:
    """A world, and the life that it goes on with. strict: on no day did more people come or go in
    it than truly did."""

    world: World
    life: int
    strict: bool


class _Search:
    """As for tables that stand together, over two days, from each life that the past left."""

    def __init__(self, statement: Statement, past: Past, wanted: Wanted) -> None:
        self.past = past
        self.size = len(statement.rows)
        self.today = len(statement.versions) - 1
        space = statement.space
        self.before = state_rows(space, 0, fresh=False) if past.lives else []
        self.after = state_rows(space, self.today, fresh=True)
        extra = [*self.before, *self.after]
        self.statement = replace(statement, rows=(*statement.rows, *extra))
        self.names = row_names(statement)
        self.numbers = self._known_numbers(statement)
        pairs, needs = all_needs(statement)
        # Differences stand behind all rows, those of the states too.
        # What must stay possible of earlier days does so by the lives that go on.
        self.needs = [
            replace(need, line=need.line + len(extra)) if need.line >= self.size else need
            for need in needs
            if need.line >= self.size or statement.rows[need.line].version == self.today
        ]
        self.room: list[Need] = []
        self.steps: list[Need] = []
        self.guarding = False
        self.yesterday = {
            name: line
            for line, names in enumerate(self.names)
            for name in names
            if statement.rows[line].version < self.today
        }
        self.worlds = Worlds(self.statement, pairs)
        self.combinations = [combination_names(bag) for bag in statement.space.bags]
        self.lives = [self._placed(life) for life in past.lives] or [[]]
        self.strict = past.strict if past.lives else 1
        self.ends = self._ends()
        self.true = np.array([row.true or 0 for row in self.statement.rows], dtype=np.int64)
        self.opened = np.array([row.open for row in statement.rows] + [False] * len(extra))
        self.prices = price_figures(self.statement)
        self.prices[-len(self.after) :] = NEAR
        self.stand = np.where(self.opened, np.inf, self.prices)
        self.minimum = max(row.minimum for row in statement.rows)
        self.must = self._musts(wanted)
        self.worlds.withheld |= self.must
        self.least: list[int] = []
        self.allowed: list[int] = []
        self.proofs: list[_Proof] = []

    def _known_numbers(self, statement: Statement) -> dict[str, Numbers]:
        """Those of the past. Where a row begins beside tables of before, those that they show."""
        numbers = dict(self.past.numbers)
        if self.past.lives:
            return numbers
        for row, names in zip(statement.rows, self.names, strict=False):
            if row.version < self.today and row.public is not None:
                for name in names:
                    numbers[name] = numbers.get(name, Numbers()).and_shown(row.public)
        return numbers

    def _numbers_of(self, line: int) -> Numbers:
        found = Numbers()
        for name in self.names[line]:
            found = found.and_those(self.numbers.get(name, Numbers()))
        return found

    def _placed(self, life: State) -> list[int | None]:
        """A life as numbers of the states of the last day; None where it says nothing."""
        known = dict(life)
        return [
            known.get(name, 0) if bag.columns in self.past.bags else None
            for bag, names in zip(self.statement.space.bags, self.combinations, strict=True)
            for name in names
        ]

    def _musts(self, wanted: Wanted) -> Bools:
        """What is withheld whatever it costs, and what must stay possible of it."""
        must = np.zeros(len(self.statement.rows), dtype=bool)
        for line, row in enumerate(self.statement.rows[: self.size]):
            if not row.open:
                continue
            must[line] = row.small or not any(wanted(*cell) for cell in row.fresh)
            known = self._numbers_of(line)
            if not known.allows(row.true or 0, row.minimum):
                must[line] = True
                self.needs += _small_steps(line, row, known)
                self.room += _room(line, row)
            if row.true is not None:
                self.steps += _steps_from_hidden(line, row, known)
        return must

    def run(self) -> _Found | None:
        """Until each life goes on and each need is met; the true people are the first life."""
        if not self._follow_truth():
            return None
        self.worlds.withheld[self.opened] = self.must[self.opened]
        # What is shown in the end need not be guarded as what is withheld: so twice.
        for self.guarding in (False, True):
            if not self._all_met(self.prices):
                return None
            self._reduce()
        return self._result()

    def _follow_truth(self) -> bool:
        """How many came and went in truth: an attacker allows for these and some more."""
        self.worlds.withheld[self.opened] = False
        self.worlds.withheld[-len(self.after) :] = True
        self._begin_with(0)
        least = self.worlds.least_change()
        if least is None:
            return False
        world = self.worlds.find(-1, 0, None, floor=BLIND, change=least)
        self.worlds.withheld[-len(self.after) :] = False
        if world is None:
            return False
        self.least = least
        self.allowed = [each + SLACK * self.minimum for each in least]
        self.proofs = [_Proof(world, 0, strict=True)]
        for row, value in zip(self.after, self._end(world).tolist(), strict=True):
            row.true = value
        return True

    def _begin_with(self, life: int | None) -> None:
        values = self.lives[life] if life is not None else [None] * len(self.before)
        for row, value in zip(self.before, values, strict=True):
            row.public = value

    def _all_met(self, prices: Floats) -> bool:
        if not all(self._met(need, prices) for need in self.needs):
            return False
        for need in self.room:
            # What fails here costs a number on a later day, and nobody's safety.
            self._met(need, prices)
        before = -1
        # What one withholds may be a number of which the other has to say something.
        while before != (before := int(self.worlds.withheld.sum())):
            if not all(self._goes_on(life, prices) for life in range(len(self.lives))):
                return False
            held = [n for n in self.steps if self.guarding and self.worlds.withheld[n.line]]
            if not all(self._met_from_truth(need, prices) for need in held):
                return False
        return True

    def _goes_on(self, life: int, prices: Floats) -> bool:
        """Whether a life ends today where another does, or somewhere else."""
        strict = life < self.strict
        if any(proof.life == life and proof.strict >= strict for proof in self.proofs):
            return True
        ends = {id(p): self._end(p.world) for p in self.proofs}
        known = np.array([value or 0 for value in self.lives[life]], dtype=np.int64)
        fit = [proof for proof in self.proofs if proof.strict >= strict]
        near = sorted(fit, key=lambda p: int(np.abs(ends[id(p)] - known).sum()))
        for proof in near[:JOINED]:
            self._end_with(ends[id(proof)])
            joined = self._ask(GO_ON, life, self.stand)
            self._end_with(None)
            if joined:
                return True
        return self._ask(GO_ON, life, prices)

    def _end(self, world: World) -> Ints:
        end: Ints = world.values[-len(self.after) :]
        return end

    def _end_with(self, values: Ints | None) -> None:
        for place, row in enumerate(self.after):
            row.public = None if values is None else int(values[place])

    def _met(self, need: Need, prices: Floats) -> bool:
        value = self.worlds.value
        if any(
            need.holds(value(p.world, need.line)) for p in self.proofs if need.change or p.strict
        ):
            return True
        return any(self._ask(need, life, prices) for life in self._fitting(need))

    def _met_from_truth(self, need: Need, prices: Floats) -> bool:
        """Whether the true people of all days before could have become as many today: then any
        small number may have come or gone since every day on which there were so many."""
        value = self.worlds.value
        if any(p.life == 0 and need.holds(value(p.world, need.line)) for p in self.proofs):
            return True
        return self._ask(need, 0, prices)

    def _fitting(self, need: Need) -> list[int]:
        """Lives of which the end is nearest to what a need asks for, a few of them."""
        every = np.arange(len(self.lives) if need.change else min(self.strict, len(self.lives)))
        line, aim = need.line, need.least
        if line >= len(self.statement.rows):
            # Of a difference: from where as many may go.
            line, aim = self.worlds.pairs[line - len(self.statement.rows)][0], MANY
        before = self.yesterday.get(self.names[line][0])
        if before is not None:
            every = every[np.argsort(np.abs(self.ends[every, before] - aim), kind="stable")]
        found: list[int] = every[:TRIES].tolist()
        return found

    def _ends(self) -> Ints:
        """(lives, rows of the last day) people of each row at the end of each life."""
        rows = [row for row in self.statement.rows[: self.size] if row.version < self.today]
        first = np.cumsum([0, *(bag.size for bag in self.statement.space.bags)])
        ends = np.zeros((len(self.lives), len(rows)), dtype=np.int64)
        if not self.past.lives:
            # Tables of before without a life: a row that begins beside them.
            return ends
        for number, life in enumerate(self.lives):
            values = np.array([value or 0 for value in life], dtype=np.int64)
            for place, row in enumerate(rows):
                ends[number, place] = values[first[row.bag] + row.inside].sum()
        return ends

    def _ask(self, need: Need, life: int, prices: Floats) -> bool:
        if self.worlds.solved > QUESTIONS:
            return False
        self._begin_with(life)
        most = None if need.line < 0 else need.most
        strict = life < self.strict and not need.change
        world = self.worlds.find(
            need.line,
            need.least,
            most,
            floor=BLIND,
            change=self.least if strict else self.allowed,
            prices=prices,
        )
        if world is None:
            return False
        self.worlds.withheld |= self.opened & (world.values != self.true)
        self.proofs.append(_Proof(world, life, strict))
        return True

    def _reduce(self) -> None:
        """Show again, the dearest first, what all lives and needs can do without."""
        extra = np.flatnonzero(self.worlds.withheld & self.opened & ~self.must)
        limit = self.worlds.solved + REDUCTIONS
        for line in extra[np.argsort(-self.prices[extra], kind="stable")].tolist():
            if self.worlds.solved > limit:
                return
            before = self.proofs
            self.worlds.withheld[line] = False
            self.proofs = [p for p in before if p.world.values[line] == self.true[line]]
            if not self._all_met(self.stand):
                self.worlds.withheld[line] = True
                self.proofs = before

    def _result(self) -> _Found | None:
        # Those in which nothing but what truly happened is allowed for come first, the truth before
        # all: the order of a sort that keeps it.
        ordered = sorted(self.proofs, key=lambda proof: not proof.strict)
        strict = len({self._state(proof.world) for proof in ordered if proof.strict})
        lives = tuple(dict.fromkeys(self._state(proof.world) for proof in ordered))
        if len(lives) > MOST_LIVES:
            return None
        withheld = self.worlds.withheld & self.opened
        numbers = dict(self.numbers)
        for line, (row, names) in enumerate(zip(self.statement.rows, self.names, strict=False)):
            if not row.fresh:
                continue
            known, count = self._numbers_of(line), int(self.true[line])
            near = range(count - self.minimum + 1, count + self.minimum)
            values = frozenset(int(p.world.values[line]) for p in self.proofs) & frozenset(near)
            told = known.and_held(count, values) if withheld[line] else known.and_shown(count)
            numbers |= dict.fromkeys(names, told)
        return _Found(self.statement, withheld, lives, numbers, strict)

    def _state(self, world: World) -> State:
        values = self._end(world).tolist()
        names = [name for bag in self.combinations for name in bag]
        return tuple((name, n) for name, n in zip(names, values, strict=True) if n)


def _small_steps(line: int, row: Row, known: Numbers) -> list[Need]:
    """Of a number that was shown, and is another today: any small number may have come or gone."""
    count, minimum = row.true or 0, row.minimum
    values = {
        value
        for other in known.near(count, minimum)
        if other in known.shown
        for value in steps(other, count, minimum)
    }
    return [Need(line, v, v, BLIND, change=True) for v in sorted(values)]


def _steps_from_hidden(line: int, row: Row, known: Numbers) -> list[Need]:
    """Of a number that may have been withheld on some day, shown or not on others, and is another,
    near it, today."""
    count, minimum = row.true or 0, row.minimum
    near = known.near(count, minimum)
    values = {value for other in near for value in steps(other, count, minimum)}
    return [Need(line, v, v, BLIND, change=True) for v in sorted(values)]


def _room(line: int, row: Row) -> list[Need]:
    """What should be possible of a number that is not shown, so that one near it may be shown on a
    later day."""
    count, minimum = row.true or 0, row.minimum
    values = range(max(count - minimum + 2, 0), count + minimum - 1)
    return [Need(line, v, v, BLIND, change=True) for v in values]

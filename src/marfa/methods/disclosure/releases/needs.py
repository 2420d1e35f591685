"""What must stay possible for an attacker, and which worlds show that it does.

Who knows nothing must find that a count of 1 to k - 1 may be all of 1 to k - 1. Who knows that no
withheld cell is zero must find k - 1 possible, and more than one value. One to k - 1 people who
came or went between two versions are a small count too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marfa.methods.disclosure.releases.rows import Row, Statement
from marfa.methods.disclosure.releases.worlds import World, Worlds

BLIND, AWARE = 0, 1
"""The floors of the two attackers: what the least is that a withheld cell can be."""

MANY = 1_000_000
"""More than any count."""


@dataclass(frozen=True)
class Need:
    """A row or difference (``line``) that must be able to lie within these values."""

    line: int
    least: int
    most: int
    floor: int
    change: bool = False
    """Whether it is about people who came or went: these may be more than the least."""
    above: int | None = None
    """Where nothing below will do: from here on is as good."""

    def forms(self) -> tuple[tuple[int, int], ...]:
        """Least and most, the first choice before others."""
        first = (self.least, self.most)
        return (first,) if self.above is None else (first, (self.above, MANY))

    def holds(self, value: int) -> bool:
        """Whether a value is one of those that must be possible."""
        return any(least <= value <= most for least, most in self.forms())


def small_needs(statement: Statement) -> list[Need]:
    """Of every count that must not be known, the hardest first."""
    found: list[Need] = []
    for line, row in enumerate(statement.rows):
        if row.small and row.public is None:
            found += needs_of_row(line, row)
    return sorted(found, key=lambda need: (-need.floor, need.line))


def needs_of_row(line: int, row: Row) -> list[Need]:
    """What the attackers must find possible of a count that is too small to be known.

    Who is of the largest household in it knows those people: of all others he must find any small
    number possible.
    """
    top = row.minimum - 1
    found: list[Need] = []
    if row.largest:
        found += [Need(line, row.largest + v, row.largest + v, BLIND) for v in range(1, top + 1)]
    if row.true is None or row.true < row.minimum:
        found += [Need(line, value, value, BLIND) for value in range(1, top + 1)]
        # Where zeros are withheld he may be zero, and still what other tables withhold is not. Of
        # four cells with somebody in them a sum of four cannot be less, but more.
        other = Need(line, row.floor, top - 1, AWARE, above=top + 1)
        found += [Need(line, top, top, AWARE), other]
    return found


def needs_of_the_unknown(statement: Statement) -> list[Need]:
    """Of people who are left when tables of different dates are subtracted nobody knows how many
    they are: that there are k or more must stay possible, where it is."""
    return [
        Need(line, row.minimum, MANY, BLIND)
        for line, row in enumerate(statement.rows)
        if row.left and row.true is None
    ]


def all_needs(statement: Statement) -> tuple[list[tuple[int, int]], list[Need]]:
    """Differences of rows that are asked for, and everything that must stay possible."""
    changes, groups = small_changes(statement), full_groups(statement)
    needs = [*small_needs(statement), *change_needs(statement, changes)]
    return [*changes, *groups], [*needs, *full_needs(statement, groups, len(changes))]


def full_groups(statement: Statement) -> list[tuple[int, int]]:
    """Pairs of rows: people with a sensitive value, and their group, of which all have it."""
    line_of = {cell: line for line, row in enumerate(statement.rows) for cell in row.cells}
    return [
        (line_of[number, cell], line_of[number, group])
        for number, release in enumerate(statement.releases)
        for cell, group in release.full
    ]


def full_needs(statement: Statement, pairs: Sequence[tuple[int, int]], first: int) -> list[Need]:
    """For each such group, that somebody in it may have another value. first: place of the pairs
    among the differences."""
    lines = range(len(statement.rows) + first, len(statement.rows) + first + len(pairs))
    return [Need(line, 1, MANY, BLIND) for line in lines]


def small_changes(statement: Statement) -> list[tuple[int, int]]:
    """Pairs of rows, the same people in two versions, that differ by 1 to k - 1."""
    rows = statement.rows
    places: dict[tuple[int, bytes], list[int]] = {}
    for line, row in enumerate(rows):
        places.setdefault((row.bag, row.inside.tobytes()), []).append(line)
    found: list[tuple[int, int]] = []
    for lines in places.values():
        for one in lines:
            for two in lines:
                first, second = rows[one], rows[two]
                if first.version >= second.version or first.true is None or second.true is None:
                    continue
                least = max(first.minimum, second.minimum)
                if 0 < abs(first.true - second.true) < least:
                    found.append((one, two))
    return found


def change_needs(statement: Statement, pairs: Sequence[tuple[int, int]]) -> list[Need]:
    """For each pair, that any small number of people may have come (or gone, where they went)."""
    found: list[Need] = []
    for place, (one, two) in enumerate(pairs):
        first, second = statement.rows[one], statement.rows[two]
        top = max(first.minimum, second.minimum) - 1
        sign = 1 if (second.true or 0) > (first.true or 0) else -1
        line = len(statement.rows) + place
        found += [Need(line, sign * v, sign * v, BLIND, change=True) for v in range(1, top + 1)]
    return found


class Proofs:
    """Worlds found so far, and which needs they meet."""

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        self.found: list[tuple[World, int, bool]] = []

    def add(self, world: World, floor: int, *, wide: bool) -> None:
        """floor: of the attacker to whom it is possible. wide: with more change than the least."""
        self.found.append((world, floor, wide))

    def meets(self, need: Need) -> bool:
        """Whether a world shows that the need is met."""
        return any(True for _ in self.of(need))

    def of(self, need: Need) -> Iterator[World]:
        """The worlds that meet a need."""
        for world, floor, wide in self.found:
            if floor < need.floor or (wide and not need.change):
                continue
            if need.holds(self.worlds.value(world, need.line)):
                yield world

    def keep(self, line: int, value: int) -> None:
        """Forget the worlds that say otherwise of a row: it is public now."""
        self.found = [each for each in self.found if each[0].values[line] == value]

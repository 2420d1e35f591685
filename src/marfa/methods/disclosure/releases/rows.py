"""What all tables say, as sums over combinations: one row for all cells of the same people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.releases.differences import (
    Group,
    find_differences,
    tables_differ,
)
from marfa.methods.disclosure.releases.release import Released, Wanted
from marfa.methods.disclosure.releases.space import Space, build_space, known_groups
from marfa.methods.disclosure.tables.arrays import Bools, Ints
from marfa.methods.disclosure.tables.dimension import ROOT
from marfa.methods.disclosure.tables.protected_table import STATUSES, SUPPRESSED, WITHHELD

UNMARKED = STATUSES.index(SUPPRESSED)
LARGEST = 150_000
"""Unknowns up to which tables are judged together."""

Cell = tuple[int, int]
"""Number of a release, position of a cell in its table."""


@dataclass
class Row:
    """Cells of one version that hold the same people.

    version, bag, inside: which combinations. public: the number that is out, None where none is.
    held: whether a table that is out withholds it; unmarked: without saying why. true: what was
    counted, None where that is not known. cells: where it stands; fresh: those of them that are
    not out yet. small: whether it must stay unknown, below minimum. largest: people of the largest
    household in it, where its members are attackers too. floor: the least that a withheld cell can
    be for who knows that zeros are published. left: in no table, but what is left when rows are
    subtracted.
    """

    version: int
    bag: int
    inside: Ints
    public: int | None = None
    held: bool = False
    unmarked: bool = False
    true: int | None = None
    cells: list[Cell] = field(default_factory=list)
    fresh: list[Cell] = field(default_factory=list)
    small: bool = False
    minimum: int = 2
    largest: int = 0
    floor: int = 0
    left: bool = False

    @property
    def open(self) -> bool:
        """Whether it can still be withheld or shown."""
        return bool(self.fresh) and self.public is None


@dataclass(frozen=True)
class Statement:
    """Everything that is public of a population.

    versions: by number. alive: [version][bag] combinations in which people are possible.
    disagree: cells that two tables of the same people show differently.
    """

    space: Space
    versions: tuple[str, ...]
    rows: tuple[Row, ...]
    alive: tuple[tuple[Bools, ...], ...]
    disagree: tuple[Cell, ...]
    releases: tuple[Released, ...] = ()


def combinations_of(releases: Sequence[Released]) -> int:
    """Unknowns of the attacker: combinations, and from when to when people were counted."""
    versions = len({release.version for release in releases})
    return build_space(releases).size * versions * (versions + 1) // 2


def read_statement(releases: Sequence[Released], fresh: frozenset[int] = frozenset()) -> Statement:
    """Take all tables together, in the order in which they came out.

    fresh: numbers of the releases that are not out yet; what they withhold is still open.
    Raises InputError for more combinations than can be judged.
    """
    if (number := combinations_of(releases)) > LARGEST:
        raise InputError.at(
            Message(
                "methods.disclosure.releases:too-many-together",
                {"number": number, "limit": LARGEST},
            )
        )
    order = tuple(dict.fromkeys(release.version for release in releases))
    space = build_space(releases)
    place = {version: number for number, version in enumerate(order)}
    alive = [[np.ones(bag.size, dtype=bool) for bag in space.bags] for _ in order]
    rows: dict[tuple[int, int, bytes], Row] = {}
    disagree: list[Cell] = []
    groups = known_groups(releases)
    counted: list[Group] = []
    for number, release in enumerate(releases):
        within = release.within(groups)
        version = place[release.version]
        bag = space.bag_of(release.columns)
        small = frozenset(release.small.tolist())
        covered = np.zeros(space.bags[bag].size, dtype=bool)
        dead = np.zeros(space.bags[bag].size, dtype=bool)
        inner = release.table.innermost.tolist()
        for cell, count in enumerate(release.table.counts.tolist()):
            wanted = _wanted(release, cell, within)
            if count == 0 and not (release.zeros_open and number in fresh):
                dead |= space.bags[bag].inside(wanted)
                continue
            if inner[cell]:
                covered |= space.bags[bag].inside(wanted)
            # The same people have the same bag, whatever the table in which they stand.
            home = space.bag_of(wanted)
            mask = space.bags[home].inside(wanted)
            key = (version, home, np.packbits(mask).tobytes())
            row = rows.setdefault(key, Row(version, home, np.flatnonzero(mask)))
            if not _join(row, release, (number, cell), number in fresh, cell in small):
                disagree.append((number, cell))
            counted.append(Group(version, wanted, _said(release, cell), release.minimum))
        filtered = space.bags[bag].inside(within)
        alive[version][bag] &= ~dead & (covered | ~filtered)
    for row in rows.values():
        # Another table has shown already that nobody is there.
        if row.true == 0 and not alive[row.version][row.bag][row.inside].any():
            row.public = 0
    ordered = sorted(rows.values(), key=lambda row: (row.version, row.bag, row.cells[0]))
    if tables_differ(releases):
        filters = [tuple(release.within(groups)) for release in releases]
        ordered += _left_over(space, counted, filters, rows.keys(), alive)
    return Statement(
        space,
        order,
        tuple(ordered),
        tuple(tuple(masks) for masks in alive),
        tuple(disagree),
        tuple(releases),
    )


def _left_over(
    space: Space,
    counted: Sequence[Group],
    filters: Sequence[tuple[str, ...]],
    known: Collection[tuple[int, int, bytes]],
    alive: Sequence[Sequence[Bools]],
) -> list[Row]:
    """A row for each set of people that is left when rows are subtracted."""
    found: dict[tuple[int, int, bytes], Row] = {}
    for each in find_differences(space, counted, filters):
        key = (each.version, each.bag, np.packbits(each.inside).tobytes())
        # Nobody of whom all tables say that nobody is there.
        if key in known or not (each.inside & alive[each.version][each.bag]).any():
            continue
        row = found.setdefault(
            key, Row(each.version, each.bag, np.flatnonzero(each.inside), left=True)
        )
        row.true = each.true if row.true is None else row.true
        row.minimum = max(row.minimum, each.minimum)
        row.small = row.true is not None and 0 < row.true < row.minimum
    return [found[key] for key in sorted(found)]


def _said(release: Released, cell: int) -> int | None:
    """What was counted in a cell, where it is known or shown."""
    if release.true is not None:
        return int(release.true[cell])
    count = int(release.table.counts[cell])
    return None if count == WITHHELD else count


def _wanted(release: Released, cell: int, within: Wanted) -> Wanted:
    """The values that a cell's people have, by column."""
    wanted = dict(within)
    nodes = release.table.nodes[cell].tolist()
    for dimension, members, node in zip(
        release.table.dimensions, release.members, nodes, strict=True
    ):
        if node != ROOT:
            wanted[dimension.name] = members[node] & wanted.get(dimension.name, members[node])
    return wanted


def _join(row: Row, release: Released, cell: Cell, fresh: bool, small: bool) -> bool:
    """Add a cell to its row; whether it says the same as the others."""
    count = int(release.table.counts[cell[1]])
    said = _said(release, cell[1])
    known = row.true if row.true is not None else row.public
    same = said is None or known is None or said == known
    if fresh:
        row.fresh.append(cell)
    elif count == WITHHELD:
        row.held = True
        row.unmarked |= int(release.table.status[cell[1]]) == UNMARKED
    else:
        row.public = count
    row.true = said if row.true is None else row.true
    row.small |= small
    row.minimum = max(row.minimum, release.minimum)
    if release.largest is not None and release.dominated[cell[1]]:
        row.largest = max(row.largest, int(release.largest[cell[1]]))
    row.cells.append(cell)
    if not release.zeros_open:
        row.floor = 1
    return same

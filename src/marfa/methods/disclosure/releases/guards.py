"""Whether published tables show a whole group, or a zero that was to be hidden.

This looks at what was published, whatever was asked for when it was made: a column that is known as
sensitive is looked at though somebody confirmed that whole groups of it may be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from marfa.domain.message import Message
from marfa.methods.disclosure.releases.choice import LARGEST_WORK
from marfa.methods.disclosure.releases.needs import BLIND, MANY
from marfa.methods.disclosure.releases.release import Released
from marfa.methods.disclosure.releases.rows import LARGEST, combinations_of, read_statement
from marfa.methods.disclosure.releases.worlds import Worlds
from marfa.methods.disclosure.tables.dimension import ROOT
from marfa.methods.disclosure.tables.sensitivity import sensitive_columns

MOST_CELLS = 20_000
"""Cells up to which withheld figures are attacked too."""

Pair = tuple[int, int]
PACKAGE = "methods.disclosure.releases"


def find_open_guards(releases: Sequence[Released]) -> list[Message]:
    """What all of these tables together say of whole groups and of zeros, in sentences.

    A table that is too large for the attack is looked at by its shown figures alone.
    """
    groups = _open_groups(releases)
    zeros = sum(_shown_zeros(release) for release in releases)
    numbers = (("groups-open", groups), ("zeros-open", zeros))
    return [Message(f"{PACKAGE}:{key}", count=number) for key, number in numbers if number]


def _open_groups(releases: Sequence[Released]) -> int:
    """How many groups must have one sensitive value, all of them."""
    found = [list(_pairs(release)) for release in releases]
    cells = sum(len(release.table.counts) for release in releases)
    if not any(found):
        return 0
    if cells > MOST_CELLS or combinations_of(releases) > LARGEST:
        return sum(len(_shown_pairs(release)) for release in releases)
    statement = read_statement(releases)
    line_of = {cell: line for line, row in enumerate(statement.rows) for cell in row.cells}
    pairs = [
        (line_of[number, cell], line_of[number, group])
        for number, mine in enumerate(found)
        for cell, group in mine
    ]
    worlds = Worlds(statement, pairs)
    if len(pairs) * worlds.entries > LARGEST_WORK:
        return sum(len(_shown_pairs(release)) for release in releases)
    change = worlds.least_change()
    if change is None:
        return 0
    lines = range(len(statement.rows), len(statement.rows) + len(pairs))
    return sum(
        worlds.find(line, 1, MANY, floor=BLIND, change=change) is None
        # In a group of nobody there is nobody to tell of.
        and worlds.find(pair[1], 1, MANY, floor=BLIND, change=change) is not None
        for line, pair in zip(lines, pairs, strict=True)
    )


def _sensitive(release: Released) -> list[int]:
    """Axes of the columns of which nobody should learn the value of a whole group."""
    names = [dimension.name for dimension in release.table.dimensions]
    wanted = {*sensitive_columns(names), *release.sensitive}
    return [axis for axis, name in enumerate(names) if name in wanted]


def _pairs(release: Released) -> Iterator[Pair]:
    """Cells with a sensitive value and their groups, where the group may have that value alone:
    no other value is shown to have anybody."""
    table = release.table
    place = {tuple(nodes): cell for cell, nodes in enumerate(table.nodes.tolist())}
    for axis in _sensitive(release):
        leaves = np.flatnonzero(table.dimensions[axis].is_leaf).tolist()
        for nodes, group in place.items():
            if nodes[axis] != ROOT or not any(nodes) or table.counts[group] == 0:
                continue
            cells = [
                place.get((*nodes[:axis], leaf, *nodes[axis + 1 :])) for leaf in leaves if leaf
            ]
            inside = [cell for cell in cells if cell is not None and table.counts[cell]]
            shown = [cell for cell in inside if table.counts[cell] > 0]
            if len(leaves) > 1 and len(shown) < 2:
                yield from ((cell, group) for cell in shown or inside)


def _shown_pairs(release: Released) -> list[Pair]:
    """Those of which both counts are shown, and equal."""
    counts = release.table.counts
    return [(c, group) for c, group in _pairs(release) if counts[c] == counts[group] > 0]


def _shown_zeros(release: Released) -> int:
    """Zeros that are shown though they were to be hidden."""
    if not release.query.get("zeros"):
        return 0
    axes = _sensitive(release) if release.sensitive else range(len(release.table.dimensions))
    inside = (release.table.nodes[:, list(axes)] != ROOT).any(axis=1)
    return int((inside & (release.table.counts == 0)).sum())

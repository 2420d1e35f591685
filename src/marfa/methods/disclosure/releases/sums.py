"""Sums of a column beside the counts of tables, withheld where a contribution could be worked out.

All sums of one column of the same records are attacked together, as the counts are: a withheld sum
must be open by its room, up and down, for who knows all that is shown and that nothing is negative.
Then counts and sums are attacked together, by who also knows the smallest and the largest amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.releases.choice import LARGEST_WORK, choose_sums
from marfa.methods.disclosure.releases.needs import BLIND, Need, all_needs
from marfa.methods.disclosure.releases.release import Amounts, Released
from marfa.methods.disclosure.releases.rows import Row, Statement, read_statement
from marfa.methods.disclosure.releases.sums_and_counts import SumsAndCounts
from marfa.methods.disclosure.tables.amounts import HUNDREDTHS, LARGEST, Rows, sum_cells
from marfa.methods.disclosure.tables.arrays import Bools
from marfa.methods.disclosure.tables.protected_table import WITHHELD
from marfa.methods.disclosure.tables.query import query_from_json

ENTRIES = 8
"""Of the programme of counts and sums, for each combination, about."""


def add_sums(
    releases: Mapping[str, Released], amounts: Mapping[str, Rows], earlier: Sequence[Released]
) -> dict[str, Released]:
    """Tables with their sums, those of one column withheld together.

    releases: with counts protected. amounts: of those that have sums, see ``read_amounts``.
    Raises InputError where sums of the column are out of other records of these people, since the
    difference would be what those have who came or went, and where no choice protects.
    """
    found = dict(releases)
    summed = {name: _summed(releases[name], rows) for name, rows in amounts.items()}
    for column in sorted({each.amounts.column for each in summed.values() if each.amounts}):
        mine = {n: r for n, r in summed.items() if r.amounts and r.amounts.column == column}
        before = [each for each in earlier if each.amounts and each.amounts.column == column]
        versions = {each.version for each in (*before, *mine.values())}
        if len(versions) > 1:
            raise _error("sums-of-others", column)
        withheld = _choose(list(mine.values()), before)
        if withheld is None:
            raise _error("sums-stand-not", column)
        for (name, release), cells in zip(mine.items(), withheld, strict=True):
            found[name] = _with_withheld(release, cells)
        _check_counts([*earlier, *found.values()], column, _bounds([amounts[n] for n in mine]))
    return found


def _bounds(amounts: Sequence[Rows]) -> tuple[int, int]:
    """What anybody has at least, and at most, in hundredths."""
    every = [row[-2:] for rows in amounts for row in rows]
    most = [int(largest[0]) for largest, _least in every if isinstance(largest, list)]
    return min((int(str(least)) for _largest, least in every), default=0), max(most, default=0)


def _check_counts(releases: Sequence[Released], column: str, bounds: tuple[int, int]) -> None:
    """Attack counts and sums together. Raises InputError where the sums narrow a count that must
    stay open."""
    summed = [each for each in releases if each.amounts and each.amounts.column == column]
    version = summed[0].version
    mine = [release for release in releases if release.version == version]
    statement = read_statement(mine)
    pairs, needs = all_needs(statement)
    if len(needs) * ENTRIES * statement.space.size > LARGEST_WORK:
        raise _error("too-much-work", column)
    shown: list[tuple[Row, int]] = []
    for row in statement.rows:
        for number, cell in row.cells:
            amounts = mine[number].amounts
            if amounts and amounts.column == column and not amounts.withheld[cell]:
                shown.append((row, int(amounts.true[cell])))
    attack = SumsAndCounts(statement, pairs, shown, bounds)
    if not all(attack.allow(need) for need in needs if not need.change):
        raise _error("sums-tell-counts", column)


def _summed(release: Released, rows: Rows) -> Released:
    """With all sums, of which those are withheld whose count is."""
    table, query = release.table, query_from_json(release.query)
    if release.true is None:
        raise ValueError("only who counted knows the sums")
    sums = sum_cells(query, table.dimensions, table.nodes, release.true, rows)
    amounts = Amounts(query.amount or "", sums.totals, table.withheld, sums.room)
    return replace(release, amounts=amounts)


def _with_withheld(release: Released, withheld: Bools) -> Released:
    if release.amounts is None:
        raise ValueError("a table without sums")
    return replace(release, amounts=replace(release.amounts, withheld=withheld))


def _choose(new: Sequence[Released], before: Sequence[Released]) -> list[Bools] | None:
    fresh = frozenset(range(len(before), len(before) + len(new)))
    together = [*before, *new]
    statement = read_statement(
        [_as_counts(each, n in fresh) for n, each in enumerate(together)], fresh
    )
    if any(row.left for row in statement.rows):
        raise _error("sums-of-parts", new[0].amounts.column if new[0].amounts else "")
    for row in statement.rows:
        # Where it is shown that nobody is, nobody has anything.
        if any(together[number].table.counts[cell] == 0 for number, cell in row.cells):
            row.public = 0
    must = _flags(statement, [each.table.withheld for each in together])
    needs = _needs(statement, together)
    for need in needs:
        must[need.line] = True
    choice = choose_sums(statement, needs, must & np.array([row.open for row in statement.rows]))
    if choice is None:
        return None
    withheld = [each.table.withheld.copy() for each in new]
    for line in np.flatnonzero(choice.withheld):
        for number, cell in statement.rows[line].fresh:
            withheld[number - len(before)][cell] = True
    return withheld


def _as_counts(release: Released, fresh: bool) -> Released:
    """A table of the sums, for the attack on counts. fresh: nothing of it is withheld yet."""
    amounts = release.amounts
    if amounts is None:
        raise ValueError("a table without sums")
    counts = amounts.true if fresh else np.where(amounts.withheld, WITHHELD, amounts.true)
    query = {name: value for name, value in release.query.items() if name in ("where", "unit")}
    about = {"query": query, "zeros_withheld": True, "query_id": release.name}
    return Released(
        replace(release.table, counts=counts, about=about), release.version, amounts.true
    )


def _flags(statement: Statement, cells: Sequence[Bools]) -> Bools:
    return np.array(
        [any(cells[number][cell] for number, cell in row.cells) for row in statement.rows]
    )


def _needs(statement: Statement, releases: Sequence[Released]) -> list[Need]:
    """How far the sums must be open, up and down."""
    found: list[Need] = []
    for line, row in enumerate(statement.rows):
        room = max(
            (int(r.room[cell]) for n, cell in row.cells if (r := releases[n].amounts) is not None),
            default=0,
        )
        if room and row.public is None:
            true = row.true or 0
            found.append(Need(line, true + room, 2 * LARGEST, BLIND))
            if true:
                found.append(Need(line, 0, max(true - room, 0), BLIND))
    return found


def sums_as_json(release: Released) -> dict[str, Any]:
    """The sums and means that are shown, as they stand beside the counts."""
    amounts = release.amounts
    if amounts is None:
        return {}
    shown: list[dict[str, Any]] = []
    for (values, count, _status), total, withheld in zip(
        release.table.rows(), amounts.true.tolist(), amounts.withheld.tolist(), strict=True
    ):
        if not withheld and count:
            total = total / HUNDREDTHS
            shown.append({"values": values, "sum": total, "mean": round(total / count, 4)})
    query = release.query
    rules = {"p_percent": query["p_percent"], "dominance": list(query["dominance"])}
    return {"column": amounts.column, **rules, "cells": shown}


def _error(code: str, column: str) -> InputError:
    return InputError.at(Message(f"methods.disclosure.releases:{code}"), column=column)

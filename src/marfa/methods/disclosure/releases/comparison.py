"""What a table gives away together with tables that are out: the attack, without the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.releases.choice import LARGEST_WORK
from marfa.methods.disclosure.releases.definitions import check_meaning
from marfa.methods.disclosure.releases.needs import (
    Need,
    Proofs,
    all_needs,
    needs_of_row,
)
from marfa.methods.disclosure.releases.register import same_key
from marfa.methods.disclosure.releases.release import Released
from marfa.methods.disclosure.releases.rows import Statement, read_statement
from marfa.methods.disclosure.releases.worlds import Worlds
from marfa.methods.disclosure.tables.audit import table_sums
from marfa.methods.disclosure.tables.protected_table import PRIMARY, STATUSES, ProtectedTable

TABLES = "methods.disclosure.tables"


@dataclass(frozen=True)
class Comparison:
    """problems: what forbids publication, in sentences. compared: earlier tables looked at.
    apart: names of earlier tables of other people, which are not compared."""

    problems: tuple[Message, ...]
    compared: int
    apart: tuple[str, ...]

    @property
    def safe(self) -> bool:
        """Nothing forbids publication."""
        return not self.problems


def compare(
    new: ProtectedTable, earlier: Sequence[ProtectedTable], *, apart_confirmed: bool = False
) -> Comparison:
    """Attack a table together with every earlier table of its population, in whole persons.

    apart_confirmed: a person has said that tables of another population count other people.
    Whatever only a person can decide is a problem.
    """
    linked, apart, problems = sort_tables(_query(new), earlier)
    if not apart_confirmed:
        problems += [say_apart(table) for table in apart]
    if linked and not problems:
        releases = [as_release(table) for table in (*linked, new)]
        try:
            check_meaning(releases[-1], releases[:-1])
            problems += attack_together(releases)
        except InputError as error:
            problems += [problem.message for problem in error.problems]
    return Comparison(tuple(problems), len(linked), tuple(map(_name, apart)))


def sort_tables(
    query: Mapping[str, Any], earlier: Sequence[ProtectedTable]
) -> tuple[list[ProtectedTable], list[ProtectedTable], list[Message]]:
    """Tables of the same people, tables of others, and what cannot be told."""
    linked: list[ProtectedTable] = []
    apart: list[ProtectedTable] = []
    problems: list[Message] = []
    for table in earlier:
        relation = _relation(query, _query(table))
        if relation == "unknown":
            problems.append(_say("ask-population", table))
        elif relation == "apart":
            apart.append(table)
        else:
            linked.append(table)
    return linked, apart, problems


def say_apart(table: ProtectedTable) -> Message:
    """That a table is taken to count other people, and that somebody must confirm it."""
    return _say("left-apart", table)


def as_release(table: ProtectedTable, versions: Mapping[str, str] | None = None) -> Released:
    """A table of which only the published form is at hand; equal files are equal people.

    versions: by the digest of a file, the version of its records.
    """
    source = str(_query(table).get("source") or _name(table))
    # People of dated tables are those of a file only where none of them is counted later.
    if table.about.get("delayed"):
        source = _name(table)
    return Released(table, (versions or {}).get(source, source))


def mark_small(releases: Sequence[Released]) -> list[Released]:
    """Published tables with the withheld cells marked of which everybody knows that they are small:
    what comes next must not make them any narrower."""
    statement = read_statement(releases)
    worlds = Worlds(statement)
    change = worlds.least_change() or []
    status = [release.table.status.copy() for release in releases]
    for line, row in enumerate(statement.rows):
        if not row.unmarked or row.public is not None or row.small:
            continue
        if worlds.find(line, row.minimum, None, floor=0, change=change) is None:
            for number, cell in row.cells:
                status[number][cell] = STATUSES.index(PRIMARY)
    return [
        replace(each, table=replace(each.table, status=new))
        for each, new in zip(releases, status, strict=True)
    ]


def attack_together(releases: Sequence[Released]) -> list[Message]:
    """What an attacker who has all of these tables can say, in sentences."""
    for release in releases:
        _sums, wrong = table_sums(release.table, np.flatnonzero(release.table.withheld))
        if len(wrong):
            return [_say("sums-wrong", release.table, count=len(wrong))]
    statement = read_statement(releases)
    if statement.disagree:
        return [Message(f"{TABLES}:figures-disagree", count=len(statement.disagree))]
    exposed = find_exposed(statement)
    if exposed is None:
        return [Message("methods.disclosure.releases:no-world")]
    narrow = {need.line for need in exposed if not need.change}
    changes = {need.line for need in exposed if need.change}
    messages: list[Message] = []
    if narrow:
        messages.append(Message(f"{TABLES}:together-narrow", count=len(narrow)))
    if changes:
        messages.append(Message("methods.disclosure.releases:few-came", count=len(changes)))
    return messages


def find_exposed(statement: Statement) -> list[Need] | None:
    """Needs of what is out that an attacker can exclude; None where no world fits at all."""
    pairs, needs = all_needs(statement)
    worlds = Worlds(statement, pairs)
    change = worlds.least_change()
    if change is None:
        return None
    proofs = Proofs(worlds)
    minimum = max((row.minimum for row in statement.rows), default=2)
    wide = [max(each, minimum - 1) for each in change]
    # What one table withholds as small and another shows.
    failed = [
        Need(line, row.public, row.public, 0)
        for line, row in enumerate(statement.rows)
        if row.small and row.public is not None
    ]
    if len(needs) * worlds.entries > LARGEST_WORK:
        raise InputError.at(Message("methods.disclosure.releases:too-much-work"))
    for need in [*needs, *_unmarked_needs(statement, worlds, change)]:
        if proofs.meets(need):
            continue
        allowed = wide if need.change else change
        world = None
        for least, most in need.forms():
            world = world or worlds.find(need.line, least, most, floor=need.floor, change=allowed)
        if world is None:
            failed.append(need)
        else:
            proofs.add(world, need.floor, wide=need.change)
    return failed


def _unmarked_needs(statement: Statement, worlds: Worlds, change: Sequence[int]) -> list[Need]:
    """Of withheld cells of which nobody is told why, and of people who are left when tables are
    subtracted: those that can only be small."""
    found: list[Need] = []
    for line, row in enumerate(statement.rows):
        told = row.left and row.true is None
        if row.small or not (told or (row.held and row.unmarked)) or row.public is not None:
            continue
        if worlds.find(line, row.minimum, None, floor=0, change=change) is not None:
            continue
        if told and worlds.find(line, 1, None, floor=0, change=change) is None:
            # That nobody is left is a zero like those that tables show.
            continue
        found += needs_of_row(line, replace(row, small=True))
    return found


def _relation(one: Mapping[str, Any], two: Mapping[str, Any]) -> str:
    """ "same" people at one date or another, "apart", or "unknown"."""
    if one.get("source") == two.get("source") and one.get("source"):
        return "same"
    names = str(one.get("population", "")).strip(), str(two.get("population", "")).strip()
    if not all(names):
        return "unknown"
    # Another period is no other population: the same people may be counted again.
    return "same" if same_key(*names) else "apart"


def _query(table: ProtectedTable) -> dict[str, Any]:
    query = table.about.get("query")
    return query if isinstance(query, dict) else {}


def _name(table: ProtectedTable) -> str:
    return str(table.about.get("query_id") or "?")


def _say(key: str, table: ProtectedTable, count: int | None = None) -> Message:
    package = TABLES if key in ("ask-population", "sums-wrong") else "methods.disclosure.releases"
    return Message(f"{package}:{key}", {"release": _name(table)}, count=count)

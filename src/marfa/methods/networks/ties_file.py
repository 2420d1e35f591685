"""Ties and nodes from CSV files.

What is wrong or unusual is said by its row. A message never repeats what stands in a cell: it
may be the name of somebody who must not be named.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.domain.spreadsheets import unguard_text
from marfa.methods.networks.network import Network, Tie
from marfa.methods.networks.standing import (
    KINDS,
    STANDINGS,
    Node,
    clean_id,
    look_of,
    standing_by_role,
)

MOST_PROBLEMS = 20
ROWS_NAMED = 10
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

Row = Mapping[str, str]
NumberedRow = tuple[int, Row]


@dataclass
class Findings:
    """What a reading comes upon: errors refuse the file, notes are said and it goes on."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    noted: dict[str, list[int]] = field(default_factory=dict)

    def wrong(self, key: str, row: int | None = None, column: str | None = None) -> None:
        place = Place(self.file, row, column)
        self.problems.append(Problem(Message(f"methods.networks:{key}"), place))

    def note(self, key: str, row: int) -> None:
        self.noted.setdefault(key, []).append(row)

    def check(self) -> None:
        if self.problems:
            raise InputError(*self.problems[:MOST_PROBLEMS])

    def messages(self) -> tuple[Message, ...]:
        """One sentence a kind of finding, with the first rows."""
        return tuple(
            Message(f"methods.networks:{key}", {"file": self.file, "rows": _some(rows)})
            for key, rows in sorted(self.noted.items())
        )


def _some(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:ROWS_NAMED]))
    return shown + (", …" if len(rows) > ROWS_NAMED else "")


def read_network(ties: Path, nodes: Path | None = None) -> Network:
    """Ties from one CSV file and, where given, nodes from another."""
    about = Findings(ties.name)
    found_ties = list(_ties(read_rows(ties, ("source", "target")), about))
    known = {} if nodes is None else read_nodes(nodes)
    about.check()
    return assemble(known, found_ties, about, nodes_given=nodes is not None)


def assemble(
    known: Mapping[str, Node],
    ties: Sequence[tuple[int, Tie]],
    about: Findings,
    *,
    nodes_given: bool,
    more: tuple[Message, ...] = (),
) -> Network:
    """One network: ends without a node become nodes of which nothing is known."""
    all_nodes = dict(known)
    kept: dict[tuple[object, ...], Tie] = {}
    for row, tie in ties:
        if nodes_given and not {tie.source, tie.target} <= known.keys():
            about.note("note-unknown-end", row)
        for end in (tie.source, tie.target):
            all_nodes.setdefault(end, Node(end))
        if tie.source == tie.target:
            about.note("note-loop", row)
            continue
        key = (*tie.pair, tie.layer, tie.start, tie.end)
        if key in kept:
            about.note("note-duplicate", row)
        kept[key] = max(kept.get(key, tie), tie, key=_surest)
    network = Network(
        dict(sorted(all_nodes.items())),
        tuple(kept[key] for key in sorted(kept, key=str)),
        nodes_given,
        (),
        tuple(sorted({tie.layer for tie in kept.values()})),
    )
    modes = (Message("methods.networks:note-two-modes"),) if has_two_modes(network) else ()
    return Network(
        network.nodes,
        network.ties,
        nodes_given,
        (*more, *about.messages(), *modes),
        network.layers,
    )


def _surest(tie: Tie) -> tuple[float, str, str]:
    """Of a tie that stands twice the surer entry is kept, whichever comes first."""
    return (-1.0 if tie.certainty is None else tie.certainty, tie.weight, tie.evidence)


def has_two_modes(network: Network) -> bool:
    """Every tie runs between a person and a thing, so that no two persons can be tied."""
    persons = {n.id for n in network.nodes.values() if n.kind == "person"}
    things = {n.id for n in network.nodes.values() if n.is_thing}
    if not persons or not things or not network.ties:
        return False
    return all(
        {tie.source, tie.target} & persons and {tie.source, tie.target} & things
        for tie in network.ties
    )


def read_rows(path: Path, needed: Sequence[str]) -> list[NumberedRow]:
    """Rows that are not empty, by column, with the number that each has in the file."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        first = text.partition("\n")[0]
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
        rows = [
            (n, [unguard_text(cell.strip()) for cell in row]) for n, row in enumerate(reader, 1)
        ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError.at(Message("methods.networks:file-unreadable"), file=path.name) from error
    rows = [(number, row) for number, row in rows if any(row)]
    about = Findings(path.name)
    if not rows:
        about.wrong("file-empty")
        about.check()
    header = rows[0][1]
    for column in needed:
        if column not in header:
            about.wrong("column-missing", column=column)
        elif header.count(column) > 1:
            about.wrong("column-twice", column=column)
    for column in OPTIONAL_COLUMNS:
        if header.count(column) > 1:
            about.wrong("column-twice", column=column)
    about.check()
    for number, row in rows[1:]:
        if len(row) != len(header):
            about.wrong("row-length", number)
    about.check()
    return [(number, dict(zip(header, row, strict=True))) for number, row in rows[1:]]


OPTIONAL_COLUMNS = (
    "layer",
    "weight",
    "from",
    "to",
    "evidence",
    "certainty",
    "kind",
    "standing",
    "ground",
)


def _ties(rows: Sequence[NumberedRow], about: Findings) -> Iterator[tuple[int, Tie]]:
    for number, row in rows:
        tie = make_tie(row, number, about)
        if tie is not None:
            yield number, tie


def make_tie(row: Row, number: int, about: Findings) -> Tie | None:
    """A tie from its columns; what is wrong is added to the findings."""
    before = len(about.problems)
    source, target = clean_id(row.get("source", "")), clean_id(row.get("target", ""))
    for column, value in (("source", source), ("target", target)):
        if not value:
            about.wrong("id-empty", number, column)
    start, end = row.get("from", ""), row.get("to", "")
    for column, value in (("from", start), ("to", end)):
        if value and not DATE.fullmatch(value):
            about.wrong("not-a-date", number, column)
    if len(about.problems) == before and start and end and last_day(end) < first_day(start):
        about.wrong("ends-before", number, "to")
    weight, certainty = row.get("weight", ""), row.get("certainty", "")
    if weight and _number(weight) is None:
        about.wrong("not-a-number", number, "weight")
    sure = _number(certainty) if certainty else None
    if certainty and (sure is None or sure > 1):
        about.wrong("not-a-share", number, "certainty")
    if len(about.problems) > before:
        return None
    layer, evidence = row.get("layer", ""), row.get("evidence", "")
    return Tie(source, target, layer, weight, start, end, evidence, sure)


def first_day(date: str) -> str:
    """The first day of a year, month or day."""
    return date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date


def last_day(date: str) -> str:
    """The last day of a year, month or day; every month has 31, which only orders them."""
    return date + "-12-31"[len(date) - 4 :] if len(date) < 10 else date


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def read_nodes(path: Path) -> dict[str, Node]:
    """Nodes by id. Only what ``Node`` holds is looked at; no other column is an input."""
    about = Findings(path.name)
    found = gather_nodes(read_rows(path, ("id",)), about)
    about.check()
    return found


def gather_nodes(rows: Sequence[NumberedRow], about: Findings) -> dict[str, Node]:
    """Nodes from rows; one id with two kinds or standings is wrong, however it is spelled."""
    found: dict[str, Node] = {}
    looks: dict[str, Node] = {}
    for number, row in rows:
        node = make_node(row, number, about)
        if node is None:
            continue
        alike = looks.setdefault(look_of(node.id), node)
        same = found.setdefault(node.id, node)
        if (alike.standing, alike.kind) != (node.standing, node.kind):
            about.wrong("id-twice", number, "id")
        elif same is not node and not same.ground:
            found[node.id] = node
    return found


def make_node(row: Row, number: int, about: Findings) -> Node | None:
    """A node from its columns; a spelling that is not known is wrong, never guessed."""
    identity = clean_id(row.get("id", ""))
    kind, standing = row.get("kind", ""), row.get("standing", "")
    before = len(about.problems)
    if not identity:
        about.wrong("id-empty", number, "id")
    if kind and kind not in KINDS:
        about.wrong("kind-unknown", number, "kind")
    if standing and standing not in STANDINGS:
        about.wrong("standing-unknown", number, "standing")
    if len(about.problems) > before:
        return None
    if not standing:
        roles = (text for column, text in row.items() if column.split("_")[0] == "role")
        standing = next(filter(None, map(standing_by_role, roles)), "")
    return Node(identity, kind, standing, row.get("ground", ""))


def refuse_without_standing(network: Network) -> None:
    """Where persons are asked for, every node that is no thing needs a standing."""
    lacking = sum(1 for n in network.nodes.values() if not n.is_thing and not n.standing)
    if lacking:
        raise InputError.at(
            Message("methods.networks:standing-missing", count=lacking), column="standing"
        )

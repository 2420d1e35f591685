"""Checking an exported log against its signed heads: no database, one pass, constant memory.

What is held in memory grows with the heads, not with the entries.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from marfa.safeguards.audit import chain
from marfa.safeguards.audit.encoding import DOMAIN
from marfa.safeguards.audit.heads import FORK, Head

LINE = re.compile(
    r'\{"content":(\{[ -~]*\}),"hash":"([0-9a-f]{64})","lane":(\d{1,2}),'
    r'"previous":"([0-9a-f]{64})","sequence":(\d{1,15})\}\n?'
)
MOST_FAULTS = 20


class Fault(StrEnum):
    """What can be wrong with an export."""

    LINE = "line"
    CHANGED = "changed"
    MISSING = "missing"
    ORDER = "order"
    BROKEN = "broken"
    CUT = "cut"
    REPLACED = "replaced"


@dataclass(frozen=True)
class ChainFault:
    """One fault and its place. line: of the export, counted from 1; head: number of the head."""

    fault: Fault
    lane: int | None = None
    sequence: int | None = None
    line: int | None = None
    head: int | None = None


@dataclass
class Report:
    """What was found.

    entries: how many were read. beyond: how many of them came after the newest head, which no
    signature covers yet. lost: entries that heads knew and a fork gave up. faults: the first ones.
    """

    entries: int = 0
    beyond: int = 0
    lost: int = 0
    heads: int = 0
    forks: int = 0
    newest: Head | None = None
    ends: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    faults: list[ChainFault] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.faults

    def add(self, found: ChainFault) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(found)


@dataclass
class Claims:
    """What heads say: at which place which hash stands, and by which head."""

    at: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    conflicts: list[ChainFault] = field(default_factory=list)

    def take(self, head: Head, report: Report) -> None:
        """Add a head's; a fork first takes back what it gives up."""
        if head.kind == FORK:
            report.forks += 1
            report.lost += self._give_up(head, report.newest)
        for lane, (count, last) in head.ends.items():
            place = chain.entry_place(lane, count - 1)
            known = self.at.setdefault(place, (last, head.number))
            if known[0] != last:
                self.conflicts.append(ChainFault(Fault.REPLACED, lane, count - 1, head=head.number))
        report.heads += 1
        report.newest = head

    def _give_up(self, fork: Head, before: Head | None) -> int:
        kept = {lane: count for lane, (count, _) in fork.ends.items()}
        for place in list(self.at):
            if chain.sequence_of(place) >= kept.get(chain.lane_of(place), 0):
                del self.at[place]
        known = before.ends if before else {}
        return sum(max(0, count - kept.get(lane, 0)) for lane, (count, _) in known.items())


def verify_export(lines: Iterable[str], heads: Iterable[Head] = ()) -> Report:
    """Read an export, entry by entry.

    lines: of the export, in any order of lanes, each lane by sequence.
    heads: as ``heads.read_heads`` gives them; what it raises goes on to the caller.
    Without heads a tail that was cut is not noticed.
    """
    report, claims = Report(), Claims()
    for head in heads:
        claims.take(head, report)
    report.faults += claims.conflicts[:MOST_FAULTS]
    for number, line in enumerate(lines, start=1):
        _take(line, number, claims, report)
    _find_cuts(claims, report)
    known = report.newest.ends if report.newest else {}
    report.beyond = sum(
        max(0, count - known.get(lane, (0, b""))[0]) for lane, (count, _) in report.ends.items()
    )
    return report


def _take(line: str, number: int, claims: Claims, report: Report) -> None:
    match = LINE.fullmatch(line)
    if match is None or int(match[3]) >= chain.LANES:
        report.add(ChainFault(Fault.LINE, line=number))
        return
    content, stored, previous = match[1], bytes.fromhex(match[2]), bytes.fromhex(match[4])
    lane, sequence = int(match[3]), int(match[5])
    count, last = report.ends.get(lane, (0, chain.GENESIS))
    report.entries += 1
    linked = chain.link_hash(chain.entry_place(lane, sequence), previous, _digest(content))
    fault = _fault(sequence, count, previous == last, linked == stored)
    if fault is not None:
        where = count if fault is Fault.MISSING else sequence
        report.add(ChainFault(fault, lane, where, number))
    if fault is Fault.ORDER:
        # What comes again or late is told, and the lane goes on where it was.
        return
    claimed = claims.at.pop(chain.entry_place(lane, sequence), None)
    if claimed is not None and claimed[0] != stored:
        report.add(ChainFault(Fault.REPLACED, lane, sequence, number, claimed[1]))
    report.ends[lane] = sequence + 1, stored


def _fault(sequence: int, count: int, follows: bool, unchanged: bool) -> Fault | None:
    """What is wrong with an entry by itself. count: how many of its lane came before it."""
    if sequence < count:
        return Fault.ORDER
    if sequence > count:
        return Fault.MISSING
    if not unchanged:
        return Fault.CHANGED
    return None if follows else Fault.BROKEN


def _digest(content: str) -> bytes:
    return hashlib.sha256(DOMAIN + content.encode("ascii")).digest()


def _find_cuts(claims: Claims, report: Report) -> None:
    """What heads know and the export does not reach; the lowest of each lane is told."""
    told: set[int] = set()
    for place in sorted(claims.at):
        lane, count = chain.lane_of(place), report.ends.get(chain.lane_of(place), (0, b""))[0]
        if lane not in told and chain.sequence_of(place) >= count:
            told.add(lane)
            report.add(ChainFault(Fault.CUT, lane, count, head=claims.at[place][1]))

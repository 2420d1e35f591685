"""Whatever is done to a log behind its back shows; whatever is rightly done to it does not.

A machine draws a history: entries in several lanes, heads, restores with their fork records. Then
something is done to the export, the heads or the key. The verifier is asked, and so are verifiers
with planted faults, each of which the machine must find out.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from marfa.crypto.keys import Key
from marfa.crypto.signatures import public_key
from marfa.domain.canonical import canonical_json
from marfa.safeguards.audit import chain, heads, verification
from marfa.safeguards.audit.encoding import content_digest
from marfa.safeguards.audit.heads import FORK, HEAD, Head, HeadError, read_heads
from marfa.safeguards.audit.verification import Claims, Report, verify_export

KEY, OTHER = Key(bytes(range(32))), Key(bytes(32))
Row = tuple[dict[str, Any], int, bytes, bytes]  # content, place, previous, hash
# As first written: planted faults must not change how a history is made.
LINK = chain.link_hash


class Log:
    """A log as an installation writes it, in memory."""

    def __init__(self) -> None:
        self.rows: dict[int, list[Row]] = {0: [], 1: [], 2: []}
        self.heads: list[Head] = []
        self.number = 0

    def append(self, lane: int) -> None:
        self.number += 1
        self.put(lane, {"action": "cases.read", "number": self.number})

    def put(self, lane: int, content: dict[str, Any]) -> None:
        rows = self.rows[lane]
        place = chain.entry_place(lane, len(rows))
        previous = rows[-1][3] if rows else chain.GENESIS
        rows.append((content, place, previous, LINK(place, previous, content_digest(content))))

    def sign(self, kind: str = HEAD, key: Key = KEY) -> None:
        ends = {lane: (len(rows), rows[-1][3]) for lane, rows in self.rows.items() if rows}
        previous = self.heads[-1].digest if self.heads else ""
        head = Head(kind, len(self.heads) + 1, "2026-03-01T00:00:00.000000Z", "i", ends, previous)
        self.heads.append(head.signed(key))

    def lines(self) -> list[str]:
        return [
            canonical_json(
                {
                    "content": content,
                    "hash": stored.hex(),
                    "lane": chain.lane_of(place),
                    "previous": previous.hex(),
                    "sequence": chain.sequence_of(place),
                }
            )
            for rows in self.rows.values()
            for content, place, previous, stored in rows
        ]

    def relink(self, lane: int, start: int) -> None:
        """What a thief of the database does: all hashes from a place on, made anew."""
        contents = [row[0] for row in self.rows[lane][start:]]
        del self.rows[lane][start:]
        for content in contents:
            self.put(lane, content)

    def covered(self, lane: int) -> int:
        """How many entries of a lane the newest head knows."""
        return self.heads[-1].ends.get(lane, (0, b""))[0] if self.heads else 0

    def report(self) -> Report:
        lines = [head.line for head in self.heads]
        return verify_export(self.lines(), read_heads(lines, public_key(KEY)))

    def suspected(self) -> bool:
        try:
            return not self.report().whole
        except HeadError:
            return True


lanes = st.sampled_from([0, 0, 1, 2])


class Machine(RuleBasedStateMachine):
    """Rightful steps change the log. Each tampering is tried on a copy, which must be suspected."""

    @initialize()
    def begin(self) -> None:
        self.log = Log()
        self.append(0, 3)
        self.backups: list[dict[int, list[Row]]] = [copy.deepcopy(self.log.rows)]
        self.append(1, 2)
        self.sign()
        self.append(0, 2)
        self.sign()

    @rule(lane=lanes, many=st.integers(1, 3))
    def append(self, lane: int, many: int) -> None:
        for _ in range(many):
            self.log.append(lane)

    @rule()
    def sign(self) -> None:
        self.log.sign()
        self.untouched()

    @rule()
    def back_up(self) -> None:
        self.backups.append(copy.deepcopy(self.log.rows))

    @precondition(lambda self: self.backups)
    @rule(data=st.data())
    def restore_on_the_record(self, data: st.DataObject) -> None:
        before = self.log.report()
        old = copy.deepcopy(data.draw(st.sampled_from(self.backups)))
        known = {lane: self.log.covered(lane) for lane in old}
        self.log.rows = old
        self.log.sign(FORK)
        self.untouched()
        lost = sum(max(0, known[lane] - len(rows)) for lane, rows in old.items())
        assert self.log.report().lost == before.lost + lost
        self.backups = [copy.deepcopy(old)]

    @precondition(lambda self: self.backups and self.log.heads)
    @rule(data=st.data())
    def restore_in_secret(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from(self.backups))
        cut = any(len(rows) < self.log.covered(lane) for lane, rows in old.items())
        if cut:
            thief = copy.deepcopy(self.log)
            thief.rows = copy.deepcopy(old)
            assert thief.suspected(), "old database under a new head"
            for lane in thief.rows:
                while len(thief.rows[lane]) < self.log.covered(lane):
                    thief.append(lane)
            assert thief.suspected(), "old database, filled up again"

    def row(self, data: st.DataObject) -> tuple[Log, int, int]:
        thief = copy.deepcopy(self.log)
        lane = data.draw(st.sampled_from([lane for lane, rows in thief.rows.items() if rows]))
        return thief, lane, data.draw(st.integers(0, len(thief.rows[lane]) - 1))

    @precondition(lambda self: any(self.log.rows.values()))
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        thief, lane, index = self.row(data)
        content, place, previous, stored = thief.rows[lane][index]
        thief.rows[lane][index] = {**content, "number": 0}, place, previous, stored
        assert thief.suspected(), "an entry was edited"
        # Its own hash made anew: the next entry tells, or the head does.
        fitting = LINK(place, previous, content_digest({**content, "number": 0}))
        thief.rows[lane][index] = {**content, "number": 0}, place, previous, fitting
        if index + 1 < len(thief.rows[lane]) or index < self.log.covered(lane):
            assert thief.suspected(), "an entry was edited and its hash"
        thief.relink(lane, index)
        if index < self.log.covered(lane):
            assert thief.suspected(), "history was rewritten under a head"

    @precondition(lambda self: any(self.log.rows.values()))
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        thief, lane, index = self.row(data)
        last = index == len(thief.rows[lane]) - 1
        del thief.rows[lane][index]
        if not last or index < self.log.covered(lane):
            assert thief.suspected(), "an entry was removed"
        thief.relink(lane, index)
        if index < self.log.covered(lane):
            assert thief.suspected(), "an entry was removed and the rest made anew"

    @precondition(lambda self: any(self.log.covered(lane) for lane in self.log.rows))
    @rule(data=st.data())
    def cut(self, data: st.DataObject) -> None:
        thief = copy.deepcopy(self.log)
        known = [lane for lane in thief.rows if self.log.covered(lane)]
        lane = data.draw(st.sampled_from(known))
        del thief.rows[lane][data.draw(st.integers(0, self.log.covered(lane) - 1)) :]
        assert thief.suspected(), "a tail was cut"

    @precondition(lambda self: any(len(rows) > 1 for rows in self.log.rows.values()))
    @rule(data=st.data())
    def reorder(self, data: st.DataObject) -> None:
        thief = copy.deepcopy(self.log)
        rows = thief.rows[
            data.draw(st.sampled_from([n for n, rows in thief.rows.items() if len(rows) > 1]))
        ]
        index = data.draw(st.integers(0, len(rows) - 2))
        rows[index], rows[index + 1] = rows[index + 1], rows[index]
        assert thief.suspected(), "two lines were exchanged"
        one, two = rows[index + 1], rows[index]
        # The contents alone change places; the hashes are made fit for each by itself.
        swapped = []
        for content, (_, place, previous, _) in ((two[0], one), (one[0], two)):
            swapped.append(
                (content, place, previous, LINK(place, previous, content_digest(content)))
            )
        rows[index : index + 2] = swapped
        assert thief.suspected(), "two entries were exchanged"

    @precondition(lambda self: any(self.log.rows.values()))
    @rule(data=st.data(), lane=st.sampled_from([0, 1, 2]))
    def move(self, data: st.DataObject, lane: int) -> None:
        """An entry is copied to the end of a lane with its own hashes."""
        thief, source, index = self.row(data)
        content, _, previous, stored = thief.rows[source][index]
        place = chain.entry_place(lane, len(thief.rows[lane]))
        if place != thief.rows[source][index][1]:
            thief.rows[lane].append((content, place, previous, stored))
            assert thief.suspected(), "an entry was moved"

    @precondition(lambda self: any(self.log.rows.values()))
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        thief, lane, index = self.row(data)
        thief.rows[lane].append(thief.rows[lane][index])
        assert thief.suspected(), "an entry stands there twice"

    @precondition(lambda self: any(self.log.covered(lane) for lane in self.log.rows))
    @rule(data=st.data(), kind=st.sampled_from([HEAD, FORK]))
    def rewrite_with_the_key(self, data: st.DataObject, kind: str) -> None:
        """Even who has the key does not get past the heads that are kept elsewhere."""
        thief = copy.deepcopy(self.log)
        known = [lane for lane in thief.rows if self.log.covered(lane)]
        lane = data.draw(st.sampled_from(known))
        index = data.draw(st.integers(0, self.log.covered(lane) - 1))
        content, place, previous, stored = thief.rows[lane][index]
        thief.rows[lane][index] = {**content, "number": 0}, place, previous, stored
        thief.relink(lane, index)
        thief.append(lane)
        thief.sign(kind)
        assert thief.suspected(), "history was rewritten with the key"

    @precondition(lambda self: self.log.heads)
    @rule(data=st.data())
    def forge_a_head(self, data: st.DataObject) -> None:
        thief = copy.deepcopy(self.log)
        index = data.draw(st.integers(0, len(thief.heads) - 1))
        thief.heads[index] = thief.heads[index].signed(OTHER)
        assert thief.suspected(), "a head was signed with another key"
        thief = copy.deepcopy(self.log)
        if index < len(thief.heads) - 1:
            del thief.heads[index]
            assert thief.suspected(), "a head was taken out"

    @precondition(lambda self: self.log.heads)
    @rule()
    def cut_and_fork_with_another_key(self) -> None:
        thief = copy.deepcopy(self.log)
        if any(thief.rows.values()):
            thief.rows = {lane: [] for lane in thief.rows}
            thief.sign(FORK, OTHER)
            assert thief.suspected(), "a fork was signed with another key"

    def untouched(self) -> None:
        assert self.log.report().whole, self.log.report().faults


SETTINGS = settings(
    max_examples=25,
    stateful_step_count=20,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


def test_what_is_done_behind_its_back_shows() -> None:
    run_state_machine_as_test(Machine, settings=SETTINGS)


def first_lane_cuts(claims: Claims, report: Report) -> None:
    claims.at = {place: claim for place, claim in claims.at.items() if not chain.lane_of(place)}
    find_cuts(claims, report)


def all_given_up(self: Claims, fork: Head, before: Head | None) -> int:
    self.at.clear()
    return fork.entries + (before.entries if before else 0)


def newest_alone(self: Claims, head: Head, report: Report) -> None:
    take(Claims(), head, report)


find_cuts, fault, take, digest_of = (
    verification._find_cuts,
    verification._fault,
    Claims.take,
    verification._digest,
)
FAULTS: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "the link leaves out the hash before": (
        chain,
        "link_hash",
        lambda place, previous, inner: LINK(place, bytes(32), inner),
    ),
    "the link leaves out the place": (
        chain,
        "link_hash",
        lambda place, previous, inner: LINK(0, previous, inner),
    ),
    "the link leaves out the content": (
        chain,
        "link_hash",
        lambda place, previous, inner: LINK(place, previous, bytes(32)),
    ),
    "the digest leaves out the end of the content": (
        verification,
        "_digest",
        lambda content: digest_of(content[:-3] + "0}"),
    ),
    "a gap is not seen": (
        verification,
        "_fault",
        lambda sequence, count, follows, same: fault(sequence, max(count, sequence), True, same),
    ),
    "an entry out of order is not seen": (
        verification,
        "_fault",
        lambda sequence, count, follows, same: (
            fault(sequence, count, follows, same) if sequence >= count else None
        ),
    ),
    "a changed entry is not seen": (
        verification,
        "_fault",
        lambda sequence, count, follows, same: fault(sequence, count, follows, True),
    ),
    "a broken link is not seen": (
        verification,
        "_fault",
        lambda sequence, count, follows, same: fault(sequence, count, True, same),
    ),
    "heads are not compared": (Claims, "take", newest_alone),
    "a cut is not seen": (verification, "_find_cuts", lambda claims, report: None),
    "a cut is seen in the first lane alone": (verification, "_find_cuts", first_lane_cuts),
    "a fork is taken for a head": (Claims, "_give_up", lambda self, fork, before: 0),
    "a fork gives up all that was known": (Claims, "_give_up", all_given_up),
    "signatures are not looked at": (Head, "is_signed", lambda self, public: True),
    "the order of heads is not looked at": (heads, "_check_follows", lambda *found: None),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[name])
    with pytest.raises((AssertionError, KeyError)):
        run_state_machine_as_test(Machine, settings=SETTINGS)

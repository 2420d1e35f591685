"""Signed heads: how far the log reached at a moment, said so that it can be checked elsewhere.

A head names, of each lane, how many entries there were and the hash of the last. Heads stand in a
file, one line each, numbered and chained. A copy of that file outside the installation is what a
tail that was cut, or an old database that was put in place, is measured by.

A *fork* is a head that says: the database was restored from an older state, on purpose. It names,
as every head does, the head before it; what that one knew and the fork does not is lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from marfa.crypto import merkle, signatures
from marfa.crypto.keys import Key
from marfa.domain.canonical import canonical_json
from marfa.safeguards.audit import chain

FORMAT = 1
SIGNED = b"marfa/log/head/1\0"
HEAD, FORK = "head", "fork"

Ends = Mapping[int, tuple[int, bytes]]
"""Lane -> how many entries, and the hash of the last."""


class HeadError(ValueError):
    """A line is no head of ours. It names the line, counted from 1, and what is wrong in a word."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line
        self.what = what


@dataclass(frozen=True)
class Head:
    """One signed statement.

    number: counts heads from 1. previous: digest of the head before, or empty for the first.
    """

    kind: str
    number: int
    at: str
    installation: str
    ends: Ends
    previous: str
    key: str = ""
    signature: bytes = b""

    @property
    def entries(self) -> int:
        """How many entries all lanes have together."""
        return sum(count for count, _ in self.ends.values())

    @property
    def root(self) -> str:
        """One hash for the state: the Merkle root over the ends of the lanes, for people."""
        return merkle.merkle_root(
            chain.entry_place(lane, count - 1).to_bytes(8, "big") + last
            for lane, (count, last) in sorted(self.ends.items())
        ).hex()

    @property
    def digest(self) -> str:
        """What the next head names: SHA-256 of the whole line."""
        return hashlib.sha256(SIGNED + self.line.encode()).hexdigest()

    @property
    def line(self) -> str:
        return canonical_json({**self._said(), "signature": self.signature.hex()})

    def signed(self, key: Key) -> Head:
        """The same, signed."""
        named = replace(self, key=signatures.public_key_fingerprint(signatures.public_key(key)))
        return replace(named, signature=signatures.sign_message(key, named._message()))

    def is_signed(self, public: bytes) -> bool:
        return signatures.is_signed(public, self._message(), self.signature)

    def _message(self) -> bytes:
        return SIGNED + canonical_json(self._said()).encode()

    def _said(self) -> dict[str, Any]:
        lanes = [[lane, count, last.hex()] for lane, (count, last) in sorted(self.ends.items())]
        return {
            "at": self.at,
            "format": FORMAT,
            "installation": self.installation,
            "key": self.key,
            "kind": self.kind,
            "lanes": lanes,
            "number": self.number,
            "previous": self.previous,
            "root": self.root,
        }


def read_head(line: str, number: int = 1) -> Head:
    """A head from its line. number: of the line, for the error. Raises HeadError."""
    try:
        data = json.loads(line)
        head = Head(
            kind=data["kind"],
            number=data["number"],
            at=data["at"],
            installation=data["installation"],
            ends={lane: (count, bytes.fromhex(last)) for lane, count, last in data["lanes"]},
            previous=data["previous"],
            key=data["key"],
            signature=bytes.fromhex(data["signature"]),
        )
        same = head.line == line and head.kind in (HEAD, FORK)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise HeadError(number, "damaged") from None
    if not same:
        raise HeadError(number, "damaged")
    return head


def read_heads(lines: Iterable[str], public: bytes | None) -> Iterator[Head]:
    """The heads of a file, each signed by the key, numbered without gaps and chained.

    public: the key; without it signatures are not looked at.
    Raises HeadError at the first line that is not as it should be: ``damaged``, ``signature``,
    ``order``, ``shrunk`` (fewer entries than before, without a fork) or ``installation``.
    """
    before: Head | None = None
    for number, line in enumerate(lines, start=1):
        head = read_head(line.rstrip("\n"), number)
        if public is not None and not head.is_signed(public):
            raise HeadError(number, "signature")
        _check_follows(head, before, number)
        before = head
        yield head


def _check_follows(head: Head, before: Head | None, line: int) -> None:
    if before is None:
        if head.number != 1 or head.previous:
            raise HeadError(line, "order")
        return
    if head.number != before.number + 1 or head.previous != before.digest:
        raise HeadError(line, "order")
    if head.installation != before.installation:
        raise HeadError(line, "installation")
    shrunk = any(
        head.ends.get(lane, (0, b""))[0] < count for lane, (count, _) in before.ends.items()
    )
    if head.kind == HEAD and shrunk:
        raise HeadError(line, "shrunk")

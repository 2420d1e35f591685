"""What a key folder remembers: whose keys it took, what it made, what it opened.

A file to which lines are added. Each line proves itself and all before it with a key that the
passphrase opens (HMAC, chained), so that nobody without it puts another recipient's key in or
takes out that a package came. A line that a crash cut off was never written. What cannot be seen:
that the whole folder was put back to an older state.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from marfa.crypto.keys import Key
from marfa.crypto.macs import compute_mac, mac_fits
from marfa.domain.canonical import canonical_json
from marfa.methods.packages.file_names import fold_path
from marfa.methods.packages.keys import PublicKeys, read_public_keys
from marfa.methods.packages.refusals import Refusal, RefusedError

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Partner:
    """Another body. keys: the newest first. compared: whether anybody compared the digits.
    name: what it is called here. ended: nothing goes there and nothing is taken from there."""

    name: str
    keys: tuple[PublicKeys, ...]
    compared: bool
    accepted_at: str
    ended: bool = False

    @property
    def body(self) -> str:
        return self.keys[0].body


@dataclass(frozen=True)
class Sent:
    """A package that was made. state: ``begun``, ``made``, ``dropped`` (never given its name).
    manifest: SHA-256 of what was signed. sums: SHA-256 of each content, in order."""

    id: str
    kind: str
    body: str
    sequence: int
    at: str
    valid_until: str
    manifest: str
    sums: tuple[str, ...]
    agreement: str = ""
    about: str = ""
    part: str = ""
    state: str = "begun"
    receipt_at: str = ""
    answer: str = ""
    recalled: bool = False


@dataclass(frozen=True)
class Received:
    """A package that was opened. signing: the key that signed it. about: the package that a
    receipt or recall speaks of. recalled: the sender called it back."""

    id: str
    kind: str
    body: str
    sequence: int
    at: str
    signing: str
    manifest: str
    agreement: str
    purpose: str
    ground: str
    sums: tuple[str, ...]
    about: str = ""
    answer: str = ""
    part: str = ""
    state: str = "begun"


@dataclass
class Book:
    """The state after all lines."""

    partners: dict[str, Partner] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)
    received: dict[str, Received] = field(default_factory=dict)
    recalled: dict[str, str] = field(default_factory=dict)
    """Packages that their sender called back -> its body, whether they came or not."""
    begun: set[str] = field(default_factory=set)
    """Packages of which the book does not know whether they got their names."""
    _numbers: dict[str, dict[int, str]] = field(default_factory=dict)

    def apply(self, entry: Entry) -> None:
        """Take a line in. Raises KeyError, TypeError or ValueError for what is none."""
        values = dict(entry)
        what = values.pop("what")
        if what == "accepted":
            self._accept(values)
        elif what == "ended":
            partner = self.partners[values["body"]]
            self.partners[partner.body] = replace(partner, ended=True)
        elif what == "made":
            row = Sent(**{**values, "sums": tuple(values["sums"])})
            self.sent[row.id] = row
            self.begun.add(row.id)
        elif what == "opened":
            came = Received(**{**values, "sums": tuple(values["sums"])})
            self.received[came.id] = came
            self.begun.add(came.id)
            self._numbers.setdefault(came.body, {})[came.sequence] = came.id
        elif what in {"placed", "dropped"}:
            self._settle(values["id"], what)
        else:
            raise ValueError("a line of a later release")

    def _accept(self, values: dict[str, Any]) -> None:
        keys = read_public_keys(values["keys"])
        before = self.partners.get(keys.body)
        # Keys taken by voice begin anew: what an ended or other key signed counts no more.
        older = before.keys if before and values["follows"] and not before.ended else ()
        compared = bool(values["compared"]) or bool(older and before and before.compared)
        self.partners[keys.body] = Partner(
            values["name"], (keys, *older), compared, values["at"], ended=False
        )

    def _settle(self, package: str, what: str) -> None:
        done = "made" if what == "placed" else "dropped"
        self.begun.discard(package)
        if package in self.sent:
            self.sent[package] = replace(self.sent[package], state=done)
            if what == "placed":
                self._made(self.sent[package])
        elif what == "placed":
            self._opened(package)
        else:
            row = self.received.pop(package)
            del self._numbers[row.body][row.sequence]

    def _made(self, row: Sent) -> None:
        if row.kind == "recall" and row.about in self.sent:
            self.sent[row.about] = replace(self.sent[row.about], recalled=True)

    def _opened(self, package: str) -> None:
        row = replace(self.received[package], state="opened")
        self.received[package] = row
        if row.kind == "recall":
            self.recalled[row.about] = row.body
        if row.kind == "receipt" and row.about in self.sent:
            asked = self.sent[row.about]
            for about in {asked.id, asked.about} & self.sent.keys():
                self._answered(self.sent[about], row)

    def _answered(self, asked: Sent, receipt: Received) -> None:
        receipt_at = asked.receipt_at or (receipt.at if asked.id == receipt.about else "")
        answer = receipt.answer or asked.answer
        self.sent[asked.id] = replace(asked, receipt_at=receipt_at, answer=answer)

    def partner(self, name: str) -> Partner:
        """By name, or by digits or key. Raises RefusedError (unknown-body)."""
        wanted = fold_path(name)
        for partner in self.partners.values():
            newest = partner.keys[0]
            if wanted in {fold_path(partner.name), newest.body, newest.signing, newest.age}:
                return partner
            if wanted.replace(" ", "") == newest.fingerprint.replace(" ", ""):
                return partner
        raise RefusedError(Refusal.UNKNOWN_BODY)

    def sent_to(self, body: str) -> list[Sent]:
        """What was made for a body and may have reached it, by number."""
        rows = (row for row in self.sent.values() if row.body == body and row.state != "dropped")
        return sorted(rows, key=lambda row: row.sequence)

    def came_from(self, body: str) -> dict[int, Received]:
        """What was opened from a body, by number."""
        numbers = self._numbers.get(body, {})
        return {number: self.received[package] for number, package in numbers.items()}

    def has_number(self, body: str, number: int) -> bool:
        """Whether a package of this number from a body was opened."""
        return number in self._numbers.get(body, {})

    def missing(self, body: str) -> list[int]:
        """Numbers below the highest from a body that never came."""
        seen = self._numbers.get(body, {})
        return [number for number in range(1, max(seen, default=0)) if number not in seen]


class BookFile:
    """The file with the lines."""

    def __init__(self, path: Path, key: Key | None) -> None:
        """key: proves the lines; None to read without proof, and to write nothing."""
        self._path, self._key = path, key
        self._size, self._mac = 0, b""
        self.book = Book()

    def read(self) -> None:
        """All lines. Raises RefusedError (keys) for one that was changed, or taken out."""
        data = self._path.read_bytes() if self._path.exists() else b""
        whole = data.rfind(b"\n") + 1
        for line in data[:whole].splitlines():
            self._take(line)
        self._size = whole

    def add(self, *entries: Entry, durable: bool = True) -> None:
        """Add lines, all or none. durable: whether they are on the disk when this returns."""
        text, mac = b"", self._mac
        for entry in entries:
            line = canonical_json(dict(entry)).encode("ascii")
            mac = self._proof(mac, line)
            text += mac.hex().encode() + b" " + line + b"\n"
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            # What a crash left of a line is written over.
            os.ftruncate(descriptor, self._size)
            _write_at(descriptor, text, self._size)
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._size, self._mac = self._size + len(text), mac
        for entry in entries:
            self.book.apply(entry)

    def _take(self, line: bytes) -> None:
        mac, _space, text = line.partition(b" ")
        try:
            given = bytes.fromhex(mac.decode("ascii"))
            if self._key is not None and not mac_fits(self._key, self._mac + text, given):
                raise ValueError("changed")
            self.book.apply(json.loads(text))
        except (ValueError, KeyError, TypeError, RefusedError):
            raise RefusedError(Refusal.KEYS, "book") from None
        self._mac = given

    def _proof(self, before: bytes, line: bytes) -> bytes:
        if self._key is None:
            raise ValueError("the book was opened to be read")
        return compute_mac(self._key, before + line)


def _write_at(descriptor: int, data: bytes, at: int) -> None:
    left, place = memoryview(data), at
    try:
        while left:
            written = os.pwrite(descriptor, left, place)
            left, place = left[written:], place + written
    except OSError:
        os.ftruncate(descriptor, at)
        raise


def sums_of(contents: Iterable[Any]) -> list[str]:
    """What the book keeps of contents: digests, and no name."""
    return [content.sha256 for content in contents]

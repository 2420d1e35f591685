"""Entries of the log: what was done, and the salted commitment that stands for it in the tree.

    commitment = SHA-256(salt | canonical JSON of the body)

The commitment is the leaf. Who has salt and body can show an entry alone; without them nobody can
guess it, and the tree holds as before. Bodies hold codes and random identifiers and no names. Each
names the leaf before it, so that an entry that was changed is found where it stands.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marfa.crypto.merkle import leaf_hash
from marfa.crypto.notes import Checkpoint, SignedNote, VerifierKey
from marfa.domain.canonical import canonical_json
from marfa.methods.archive.layout import CHUNK, entries_file

SALT_BYTES = 32
START = hashlib.sha256().hexdigest()
"""What the first entry names as the leaf before it."""

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """One entry. body and salt are None where both were destroyed; ``erased`` says by which."""

    number: int
    commitment: bytes
    body: Body | None = None
    salt: bytes | None = None
    erased: int | None = None

    @property
    def leaf(self) -> bytes:
        return leaf_hash(self.commitment)

    def line(self) -> bytes:
        """As it stands in a file of entries."""
        if self.body is None or self.salt is None:
            erased = {"commitment": self.commitment.hex(), "entry": self.number}
            return _line({**erased, "erased": self.erased})
        return _line({"body": self.body, "salt": self.salt.hex()})


def commitment_of(salt: bytes, body: Body) -> bytes:
    return hashlib.sha256(salt + canonical_json(body).encode("ascii")).digest()


def make_entries(bodies: Iterable[Body], number: int, before: str) -> list[Entry]:
    """Entries from ``number`` on. before: the leaf before the first, in hexadecimal."""
    found = []
    for place, given in enumerate(bodies, number):
        salt = secrets.token_bytes(SALT_BYTES)
        body = {**given, "entry": place, "prev": before}
        found.append(Entry(place, commitment_of(salt, body), body, salt))
        before = found[-1].leaf.hex()
    return found


def checkpoint_line(note: SignedNote) -> bytes:
    """The checkpoint of a commit stands behind its entries; the last such line is the log's end."""
    return _line({"checkpoint": str(note)})


def _line(value: object) -> bytes:
    return canonical_json(value).encode("ascii") + b"\n"


@dataclass(frozen=True)
class Odd:
    """A line that is none of ours, or that holds no entry of its file."""

    place: int


Line = Entry | SignedNote | Odd


def read_lines(data: bytes, chunk: int) -> Iterator[Line]:
    """The lines of a file of entries. An unfinished last line is left out: nobody was told."""
    place = chunk * CHUNK
    for line in data.split(b"\n")[:-1]:
        found = _read_line(line, place)
        yield found
        place += not isinstance(found, SignedNote)


def _read_line(line: bytes, place: int) -> Line:
    try:
        value = json.loads(line)
        if "checkpoint" in value:
            return SignedNote.read(value["checkpoint"].encode())
        if "body" in value:
            body, salt = value["body"], bytes.fromhex(value["salt"])
            number = body["entry"]
            if _is_body(body):
                return Entry(number, commitment_of(salt, body), body, salt)
        elif type(value["entry"]) is int and type(value["erased"]) is int:
            commitment = bytes.fromhex(value["commitment"])
            if len(commitment) == hashlib.sha256().digest_size:
                return Entry(value["entry"], commitment, erased=value["erased"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    return Odd(place)


def _is_body(body: Body) -> bool:
    """Whether a body has what everybody who reads it relies on."""
    if type(body["entry"]) is not int or not all(
        isinstance(body[k], str) for k in ("kind", "prev")
    ):
        return False
    if body["kind"] == "add":
        digests = [body[name] for name in ("inventory", "description", "at", "actor")]
        return isinstance(body["item"], str) and type(body["size"]) is int and _texts(digests)
    if body["kind"] == "dispose":
        return _texts([body["item"], body["day"]]) and all(type(n) is int for n in body["erases"])
    if "files" in body:
        return isinstance(body["files"], dict) and _texts(list(body["files"].values()))
    if "items" in body:
        return isinstance(body["items"], list) and _texts(body["items"])
    return _texts([body.get("item", ""), body.get("actor", "")])


def _texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def chunk_bytes(folder: Path, chunk: int) -> bytes | None:
    """What stands in a file of entries; None where there is none."""
    try:
        return entries_file(folder, chunk).read_bytes()
    except FileNotFoundError:
        return None


def read_chunks(folder: Path) -> Iterator[tuple[int, list[Line]]]:
    """All files of entries, one after the other, until one is not there."""
    chunk = 0
    while (data := chunk_bytes(folder, chunk)) is not None:
        yield chunk, list(read_lines(data, chunk))
        chunk += 1


def last_checkpoint(folder: Path, key: VerifierKey) -> tuple[SignedNote, Checkpoint] | None:
    """The newest checkpoint that the key signed, from the end of the entries."""
    chunk = last_chunk(folder)
    while chunk >= 0:
        for line in reversed(list(read_lines(chunk_bytes(folder, chunk) or b"", chunk))):
            if isinstance(line, SignedNote) and line.is_signed_by(key):
                return line, Checkpoint.read(line.text)
        chunk -= 1
    return None


def last_chunk(folder: Path) -> int:
    """The number of the last file of entries, by bisection; -1 where there is none."""
    high = 1
    while entries_file(folder, high - 1).is_file():
        high *= 2
    low = high // 2
    while low < high:
        middle = (low + high) // 2
        if entries_file(folder, middle).is_file():
            low = middle + 1
        else:
            high = middle
    return low - 1

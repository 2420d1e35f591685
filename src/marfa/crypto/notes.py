"""Signed notes, checkpoints of a log and their cosignatures, as C2SP has them.

Sources: C2SP ``signed-note``, ``tlog-checkpoint`` and ``tlog-cosignature`` (Ed25519, the version
``cosignature/v1``). A verifier key is a text that names its owner; the same text checks all that
the owner signed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from marfa.crypto.keys import Key
from marfa.crypto.merkle import HASH_BYTES
from marfa.crypto.signatures import (
    PUBLIC_BYTES,
    SIGNATURE_BYTES,
    is_signed,
    public_key,
    sign_message,
)

NOTE, COSIGNATURE = 1, 4
"""What a signature is over: the text of a note, or a checkpoint that a witness saw at a time."""

LARGEST_NOTE = 64 * 1024
_NAME = re.compile(r"[^\s+]+")
_ID_BYTES, _TIME_BYTES = 4, 8


@dataclass(frozen=True)
class VerifierKey:
    """Whose signatures are checked, with which key, and of what kind they are."""

    name: str
    public: bytes
    kind: int = NOTE

    @property
    def id(self) -> bytes:
        """Four bytes by which a signature says whose it is; no proof of anything."""
        head = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(head).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{material}"

    @classmethod
    def read(cls, text: str) -> VerifierKey:
        """A key as C2SP writes it. Raises ValueError for what is none."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
            raise ValueError("this is no verifier key")
        material = _unbased(parts[2])
        if len(material) != 1 + PUBLIC_BYTES or material[0] not in (NOTE, COSIGNATURE):
            raise ValueError("this is no verifier key for Ed25519")
        found = cls(parts[0], material[1:], material[0])
        if parts[1] != found.id.hex():
            raise ValueError("this verifier key was changed or mistyped")
        return found


@dataclass(frozen=True)
class SignatureLine:
    """One signature of a note: its owner's name, the four bytes of the key, what was signed."""

    name: str
    id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64.b64encode(self.id + self.signature).decode()}\n"


@dataclass(frozen=True)
class SignedNote:
    """A text ending in a newline, and the signatures below it."""

    text: str
    lines: tuple[SignatureLine, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.lines))

    @classmethod
    def read(cls, data: bytes) -> SignedNote:
        """Raises ValueError for what is no signed note."""
        if len(data) > LARGEST_NOTE:
            raise ValueError("this is too long for a signed note")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError:
            raise ValueError("a signed note is UTF-8") from None
        if any(ord(sign) < 32 and sign != "\n" for sign in whole):
            raise ValueError("a signed note holds no control characters")
        text, gap, below = whole.rpartition("\n\n")
        if not gap or not below.endswith("\n"):
            raise ValueError("a signed note ends with its signatures")
        return cls(text + "\n", tuple(_signature_line(line) for line in below[:-1].split("\n")))

    def lines_of(self, key: VerifierKey) -> list[SignatureLine]:
        return [line for line in self.lines if (line.name, line.id) == (key.name, key.id)]

    def is_signed_by(self, key: VerifierKey) -> bool:
        """Whether a signature of the key is there, and every one that says it is its holds."""
        found = self.lines_of(key)
        return bool(found) and all(_holds(key, self.text, line.signature) for line in found)


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its origin, how many entries it has, and their root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        """From the text of a note. Raises ValueError for what is no checkpoint."""
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0] or "" in lines[:-1]:
            raise ValueError("this is no checkpoint of a log")
        if not re.fullmatch(r"0|[1-9][0-9]{0,15}", lines[1]):
            raise ValueError("the size of a checkpoint is a number")
        root = _unbased(lines[2])
        if len(root) != HASH_BYTES:
            raise ValueError("the root of a checkpoint has 32 bytes")
        return cls(lines[0], int(lines[1]), root)


def sign_note(text: str, name: str, key: Key) -> SignedNote:
    """A note with the signature of its author."""
    owner = VerifierKey(name, public_key(key))
    return SignedNote(text, (SignatureLine(name, owner.id, sign_message(key, text.encode())),))


def cosign_note(note: SignedNote, name: str, key: Key, at: int) -> SignedNote:
    """The note with the cosignature of a witness, who saw this checkpoint. at: POSIX seconds."""
    owner = VerifierKey(name, public_key(key), COSIGNATURE)
    signature = sign_message(key, _cosigned(note.text, at))
    line = SignatureLine(name, owner.id, at.to_bytes(_TIME_BYTES, "big") + signature)
    return SignedNote(note.text, (*note.lines, line))


def cosigned_at(line: SignatureLine) -> int | None:
    """POSIX seconds at which a witness cosigned; None for what has not the form of that."""
    if len(line.signature) != _TIME_BYTES + SIGNATURE_BYTES:
        return None
    return int.from_bytes(line.signature[:_TIME_BYTES], "big")


def _holds(key: VerifierKey, text: str, signature: bytes) -> bool:
    if key.kind == NOTE:
        return is_signed(key.public, text.encode(), signature)
    at = int.from_bytes(signature[:_TIME_BYTES], "big")
    return is_signed(key.public, _cosigned(text, at), signature[_TIME_BYTES:])


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _signature_line(line: str) -> SignatureLine:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not _NAME.fullmatch(parts[1]):
        raise ValueError("a signature has a name and its bytes")
    found = _unbased(parts[2])
    if len(found) <= _ID_BYTES:
        raise ValueError("a signature has more than four bytes")
    return SignatureLine(parts[1], found[:_ID_BYTES], found[_ID_BYTES:])


def _unbased(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("this is not written in base 64") from None

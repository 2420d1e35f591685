"""The file of a backup: a header in clear, and one sealed stream after it.

    MARFA BACKUP\\n | header as one line of JSON \\n | stream (``crypto.stream``)

The stream is sealed with a key of its own, which the header holds wrapped by the instance key. The
header is bound into the stream, so that neither can be given another's. A stream that was cut,
reordered or changed does not open.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import BinaryIO

from marfa.crypto.context import HIGHEST_VERSION, Context
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.key_derivation import derive_key
from marfa.crypto.key_wrap import unwrap_key, wrap_key
from marfa.crypto.keys import Key
from marfa.crypto.stream import CHUNK, SEALED_CHUNK, StreamOpener, StreamSealer
from marfa.crypto.stream import HEADER as STREAM_HEADER
from marfa.domain.message import InputError, Message

MAGIC = b"MARFA BACKUP\n"
FORMAT = 1
LONGEST_HEADER = 4096


@dataclass(frozen=True)
class Header:
    """What a backup says of itself in clear.

    identifier: of the installation. key_version: of its key. made_at: ISO 8601.
    database: ``sqlite`` or ``postgresql``. erased: how long the erased list was.
    """

    identifier: str
    key_version: int
    made_at: str
    database: str
    software: str
    erased: int
    wrapped_key: str
    format: int = FORMAT

    def encode(self) -> bytes:
        return MAGIC + json.dumps(asdict(self), sort_keys=True).encode() + b"\n"


def new_key(instance_key: Key, identifier: str, version: int) -> tuple[Key, str]:
    """A key for a backup, and its wrap as the header holds it."""
    key = Key.random()
    wrapped = wrap_key(key, under=_above(instance_key), context=_place(identifier, version))
    return key, wrapped.hex()


def key_of(header: Header, instance_key: Key) -> Key:
    """The key of a backup; raises NotAuthenticError for another installation's."""
    place = _place(header.identifier, header.key_version)
    return unwrap_key(bytes.fromhex(header.wrapped_key), under=_above(instance_key), context=place)


def read_header(source: BinaryIO, path: Path) -> Header:
    """The header at the start of a file; raises InputError for what is no backup."""
    if source.read(len(MAGIC)) != MAGIC:
        raise InputError.at(Message("platform:backup-none", {"path": str(path)}))
    line = source.readline(LONGEST_HEADER)
    try:
        data = json.loads(line)
        if int(data["format"]) > FORMAT:
            raise InputError.at(Message("platform:backup-newer", {"path": str(path)}))
        header = Header(**data)
        _check(header)
    except InputError:
        raise
    except (ValueError, KeyError, TypeError):
        raise InputError.at(Message("platform:backup-damaged", {"path": str(path)})) from None
    return header


def _check(header: Header) -> None:
    """Nothing of it is authentic yet. Raises TypeError, ValueError."""
    for each in fields(header):
        if type(getattr(header, each.name)).__name__ != each.type:
            raise TypeError(each.name)
    if not 0 < header.key_version <= HIGHEST_VERSION:
        raise ValueError("key_version")
    bytes.fromhex(header.wrapped_key)


class Sealing(io.RawIOBase):
    """A file to write to; what is written goes sealed into ``target``."""

    def __init__(self, target: BinaryIO, key: Key, header: Header) -> None:
        super().__init__()
        self._target = target
        self._sealer = StreamSealer(key, _bound(header))
        self._waiting = bytearray()
        self._number = 0
        target.write(header.encode() + STREAM_HEADER)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._waiting += data
        # The last chunk is marked as such, so one is held back until more comes.
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Seal what is left, as the last chunk."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._target.write(self._sealer.seal(self._number, chunk, last=last))
        self._number += 1


class Opening(io.RawIOBase):
    """A file to read from; what is read comes opened out of ``source``, which stands after the
    header. Raises InputError where it was changed or cut."""

    def __init__(
        self, source: BinaryIO, key: Key, header: Header, path: Path, seen: Callable[[int], None]
    ) -> None:
        super().__init__()
        self._source = source
        self._opener = StreamOpener(key, _bound(header))
        self._path = path
        self._seen = seen
        self._number = 0
        self._open = memoryview(b"")
        self._check_stream_header()
        self._next = source.read(SEALED_CHUNK)

    def _check_stream_header(self) -> None:
        try:
            self._opener.check_header(self._source.read(len(STREAM_HEADER)))
        except (NotAuthenticError, UnknownVersionError):
            raise self._damaged() from None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            raise io.UnsupportedOperation("a backup is read in pieces")
        found = bytearray()
        while len(found) < size and (self._open or self._advance()):
            piece = self._open[: size - len(found)]
            found += piece
            self._open = self._open[len(piece) :]
        return bytes(found)

    def finish(self) -> None:
        """Read to the end, which is authenticated too."""
        while self._advance():
            pass

    def _advance(self) -> bool:
        if not self._next:
            if self._number == 0:
                raise self._damaged()
            return False
        sealed, self._next = self._next, self._source.read(SEALED_CHUNK)
        try:
            chunk = self._opener.open(self._number, sealed, last=not self._next)
        except NotAuthenticError:
            raise self._damaged() from None
        self._number += 1
        self._seen(len(sealed))
        self._open = memoryview(chunk)
        return bool(chunk) or bool(self._next)

    def _damaged(self) -> InputError:
        return InputError.at(Message("platform:backup-damaged", {"path": str(self._path)}))


def _above(instance_key: Key) -> Key:
    return derive_key(instance_key, "backups/wrap")


def _place(identifier: str, version: int) -> Context:
    return Context("backup", "key", identifier, version)


def _bound(header: Header) -> bytes:
    return hashlib.sha256(header.encode()).digest()

"""Bytes as received, staged as an object before they are put into their place.

Every content file is read once. Sealed, it is written in the age format, and only the stored bytes
can be told of outside; what was received is described in ``item.json``, which is sealed too.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from marfa.crypto.agefiles import encrypt_stream
from marfa.methods.archive.durable import (
    BUFFER,
    Digests,
    copy_with_digests,
    digests_of,
    new_file,
    open_regular,
    write_file,
    write_whole,
)
from marfa.methods.archive.inventory import (
    CONTENT,
    NAMASTE,
    NAMASTE_TEXT,
    Stored,
    first_inventory,
    write_inventory,
)
from marfa.methods.archive.marks import MarkWatch
from marfa.methods.archive.words import refused

DATA, DESCRIPTION, SEALED = "data", "item.json", ".age"


@dataclass(frozen=True)
class Received:
    """One thing that is taken in: a file, or a folder whole. name: as it was called."""

    path: Path
    files: list[tuple[str, Path]]

    @property
    def is_folder(self) -> bool:
        return self.path.is_dir()


@dataclass
class Staged:
    """An item that stands in staging. size, sha256: of the bytes as received."""

    item: str
    folder: Path
    size: int
    sha256: str
    stored: int
    inventory: str
    description: str
    files: list[Stored] = field(default_factory=list)


def look_at(path: Path) -> Received:
    """What a path holds. Raises InputError for what cannot be taken in, before anything is."""
    try:
        if path.is_dir():
            return Received(path, sorted(_files_below(path)))
        with open_regular(path):
            return Received(path, [(path.name, path)])
    except OSError as error:
        raise refused("unreadable", file=str(path)) from error


def _files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    empty = True
    for root, folders, names in os.walk(folder, onerror=_raise):
        for name in [*folders, *names]:
            found = Path(root, name)
            if found.is_symlink() or (name in names and not found.is_file()):
                raise refused("link-inside", file=str(found))
        for name in names:
            empty = False
            yield str(Path(root, name).relative_to(folder)), Path(root, name)
    if empty:
        raise refused("folder-empty", file=str(folder))


def _raise(error: OSError) -> None:
    raise error


def read_only(received: Received) -> tuple[int, str]:
    """Size and digest of what a path holds, as ``stage_item`` would say them."""
    found = []
    for name, path in received.files:
        with open_regular(path) as source:
            found.append((name, *_hash_only(source)))
    return _whole(received, found)


def stage_item(
    received: Received,
    item: str,
    staging: Path,
    to: list[str],
    now: datetime,
    about: dict[str, str],
    body: str,
) -> Staged:
    """Build the object of an item beside its place; whoever calls syncs what was staged.

    to: public keys of age; none means plain. about: what stands in ``item.json`` beside what is
    known of the bytes, such as who gave it. body: the kind of body that keeps the archive.
    Raises InputError for a file whose handling mark does not let that body have it.
    """
    folder = staging / secrets.token_hex(8)
    content = folder / "v1" / CONTENT
    content.mkdir(parents=True, mode=0o750)
    stored, told = [], []
    for number, (name, path) in enumerate(received.files, 1):
        place = f"{DATA}/{number:06d}" if received.is_folder else DATA
        (content / place).parent.mkdir(exist_ok=True, mode=0o750)
        size, sha256, kept = _store_file(path, content, place, to, body)
        stored.append(kept)
        told.append((name, size, sha256))
    description = _description(item, received, told, stored, now, about)
    stored.append(_store_bytes(description, content, DESCRIPTION, to))
    inventory = first_inventory(item, stored, now.isoformat(timespec="seconds"))
    write_file(folder / NAMASTE, NAMASTE_TEXT, sync=False)
    write_inventory(folder, inventory)
    write_inventory(folder / "v1", inventory)
    size, sha256 = _whole(received, told)
    return Staged(
        item,
        folder,
        size,
        sha256,
        sum(kept.digests.size for kept in stored),
        hashlib.sha512(inventory).hexdigest(),
        hashlib.sha256(description).hexdigest(),
        stored,
    )


def _store_file(
    path: Path, content: Path, place: str, to: list[str], body: str
) -> tuple[int, str, Stored]:
    name, watch = place + SEALED if to else place, MarkWatch()
    with open_regular(path) as source, new_file(content / name) as target:
        before = os.fstat(source)
        if to:
            size, sha256, kept = seal(source, target, to, watch)
        else:
            kept = copy_with_digests(source, target, watch.look)
            size, sha256 = kept.size, kept.sha256
        after = os.fstat(source)
    if (before.st_mtime_ns, size) != (after.st_mtime_ns, after.st_size):
        raise refused("changed-while-read", file=str(path))
    watch.check(path, body)
    return size, sha256, Stored(name, kept)


def _store_bytes(data: bytes, content: Path, name: str, to: list[str]) -> Stored:
    if not to:
        write_file(content / name, data, sync=False)
        return Stored(name, digests_of(data))
    with new_file(content / (name + SEALED)) as target:
        writer = _Writer(target)
        encrypt_stream(BytesIO(data), cast(BinaryIO, writer), to)
    return Stored(name + SEALED, writer.digests())


def _description(
    item: str,
    received: Received,
    told: list[tuple[str, int, str]],
    stored: list[Stored],
    now: datetime,
    about: dict[str, str],
) -> bytes:
    """What was received, in words and names. The salt keeps its digest from being guessed."""
    files = [
        {"name": name, "size": size, "sha256": sha256, "stored": kept.name}
        for (name, size, sha256), kept in zip(told, stored, strict=True)
    ]
    description = {
        "id": item,
        "name": received.path.name,
        "received": now.isoformat(timespec="seconds"),
        "files": files,
        "salt": secrets.token_hex(32),
        **about,
    }
    return (
        json.dumps(description, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")
        + b"\n"
    )


def _whole(received: Received, told: list[tuple[str, int, str]]) -> tuple[int, str]:
    """Size and digest of an item. Of a folder: over the lines that ``sha256sum`` prints."""
    size = sum(each for _name, each, _sha256 in told)
    if not received.is_folder:
        return size, told[0][2]
    lines = "".join(f"{sha256}  {name}\n" for name, _size, sha256 in told)
    return size, hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()


def _hash_only(source: int) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while part := os.read(source, BUFFER):
        digest.update(part)
        size += len(part)
    return size, digest.hexdigest()


def seal(source: int, target: int, to: list[str], watch: MarkWatch) -> tuple[int, str, Digests]:
    """Encrypt from one descriptor to another: size and digest of what was read, and digests of
    what was written."""
    reader, writer = _Reader(source, watch), _Writer(target)
    encrypt_stream(cast(BinaryIO, reader), cast(BinaryIO, writer), to)
    return reader.size, reader.digest.hexdigest(), writer.digests()


class _Reader:
    """A file that is hashed while the encryption reads it, in its own small steps."""

    def __init__(self, source: int, watch: MarkWatch) -> None:
        self._source, self._watch, self._buffer, self._at = source, watch, b"", 0
        self.digest, self.size = hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        if self._at >= len(self._buffer):
            self._buffer, self._at = os.read(self._source, BUFFER), 0
            self.digest.update(self._buffer)
            self._watch.look(self._buffer, len(self._buffer))
            self.size += len(self._buffer)
        end = self._at + size if size >= 0 else len(self._buffer)
        part = self._buffer[self._at : end]
        self._at = end
        return part


class _Writer:
    """A file that is hashed while it is written."""

    def __init__(self, target: int) -> None:
        self._target, self._size = target, 0
        self._sha512, self._sha256 = hashlib.sha512(), hashlib.sha256()

    def write(self, data: bytes) -> int:
        write_whole(self._target, data)
        self._sha512.update(data)
        self._sha256.update(data)
        self._size += len(data)
        return len(data)

    def flush(self) -> None:
        """Whoever staged the item syncs it."""

    def digests(self) -> Digests:
        return Digests(self._size, self._sha512.hexdigest(), self._sha256.hexdigest())

"""What goes into a package: files and folders of a disk, or bytes in memory."""

from __future__ import annotations

import errno
import io
import os
import stat
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from marfa.methods.packages.archives import check_archive
from marfa.methods.packages.file_names import check_paths
from marfa.methods.packages.lines import Digests, root_of_lines
from marfa.methods.packages.manifest import MOST_FILES
from marfa.methods.packages.media_types import LINES, ZIP, media_type_of
from marfa.methods.packages.refusals import Refusal, RefusedError

BLOCK = 128 * 1024
"""Bytes read at once: what a processor keeps near while it is hashed and summed."""


@dataclass(frozen=True)
class Source:
    """A file by the name that the recipient sees. data: what it holds, where it has no path."""

    name: str
    path: Path | None = None
    data: bytes | None = None

    def open(self) -> BinaryIO:
        """Never through a link, and a plain file alone. Raises OSError, RefusedError (path)."""
        if self.path is None:
            return io.BytesIO(self.data or b"")
        try:
            # Without waiting, should it be a pipe.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            descriptor = os.open(self.path, flags)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise RefusedError(Refusal.PATH, "link") from None
            raise
        stream = os.fdopen(descriptor, "rb", buffering=0)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            stream.close()
            raise RefusedError(Refusal.PATH, "special")
        return stream

    def blocks(self) -> Iterator[bytes]:
        with self.open() as stream:
            while block := stream.read(BLOCK):
                yield block


@dataclass(frozen=True)
class Measured:
    """A source after it was read once."""

    source: Source
    size: int
    sha256: str
    crc: int
    media_type: str
    root: str | None
    state: tuple[int, ...]


def sources_of(paths: Collection[Path], *, folders: bool = True) -> list[Source]:
    """The files, and all files below the folders, in the order of their names.

    Raises RefusedError: path for a link, anything but files and folders, and names that are not
    safe or meet; schema for a folder where none may be, and where there is no file at all.
    """
    found = [source for path in paths for source in _below(path, _name(path), folders)]
    if not found or len(found) > MOST_FILES:
        raise RefusedError(Refusal.SCHEMA, "files", most=MOST_FILES)
    found.sort(key=lambda source: source.name)
    check_paths(source.name for source in found)
    return found


def measure(source: Source, number: int) -> Measured:
    """Read a source once. number: of the content, for what is said of it.
    Raises RefusedError: bomb for an archive that is one."""
    digests = Digests()
    with source.open() as stream:
        state = _state(stream)
        while block := stream.read(BLOCK):
            digests.take(block)
        media_type = media_type_of(source.name, digests.head)
        if media_type == ZIP:
            check_archive(stream, number)
    root = root_of_lines(source.blocks()) if media_type in LINES else None
    return Measured(source, digests.size, digests.sha256, digests.crc, media_type, root, state)


def blocks_again(measured: Measured) -> Iterator[bytes]:
    """The same bytes a second time. Raises RefusedError (changed) where the file is another now."""
    left = measured.size
    with measured.source.open() as stream:
        while left and (block := stream.read(min(BLOCK, left))):
            left -= len(block)
            yield block
        if left or stream.read(1) or _state(stream) != measured.state:
            raise RefusedError(Refusal.CHANGED, "meanwhile")


def _state(stream: BinaryIO) -> tuple[int, ...]:
    if isinstance(stream, io.BytesIO):
        return ()
    found = os.fstat(stream.fileno())
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _below(path: Path, name: str, folders: bool) -> Iterator[Source]:
    kind = path.lstat().st_mode
    if stat.S_ISLNK(kind):
        raise RefusedError(Refusal.PATH, "link")
    if not stat.S_ISDIR(kind):
        yield Source(name, path)
        return
    if not folders:
        raise RefusedError(Refusal.SCHEMA, "folders")
    for below in sorted(path.iterdir()):
        yield from _below(below, f"{name}/{_spelled(below.name)}", folders)


def _name(path: Path) -> str:
    return _spelled(path.name or path.resolve().name)


def _spelled(name: str) -> str:
    return unicodedata.normalize("NFC", name)

"""The ZIP file of a package read as it comes out of the decryption, byte by byte as it must be.

Nothing of it is believed before the signature is checked, nothing written outside of the folder
given, and no more than the file that came is long.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from marfa.crypto.signatures import is_signed
from marfa.methods.packages.container import (
    LOCAL,
    MARK_LOCAL,
    container_size,
    directory,
    explain_frame,
    header_size,
    local_header,
    placed_entries,
    sum_in,
)
from marfa.methods.packages.creation import padding_size
from marfa.methods.packages.kinds import LARGEST_DOCUMENT
from marfa.methods.packages.lines import Digests
from marfa.methods.packages.manifest import (
    MANIFEST,
    PADDING,
    SIGNATURE,
    SIGNATURE_SIZE,
    Content,
    Manifest,
    read_manifest,
)
from marfa.methods.packages.media_types import fits_type
from marfa.methods.packages.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

Taker = Callable[[memoryview], None]


@dataclass(frozen=True)
class Wish:
    """What the reader wants next: so many bytes, in one piece or, with ``taker``, in pieces."""

    size: int
    taker: Taker | None = None


Steps = Generator[Wish, bytes, None]
Judge = Callable[[Manifest], None]
"""Looks at what was signed, before any content is read. Raises RefusedError."""


class PackageReader(io.RawIOBase):
    """Takes the decrypted bytes of a package (``write``) and writes its contents to a folder."""

    def __init__(self, folder: Path, judge: Judge, whole: int | None) -> None:
        """whole: how many bytes will come, where that is known from the size of the file."""
        self.manifest: Manifest | None = None
        self.signed = b""
        self._ended = False
        self._folder, self._judge, self._whole = folder, judge, whole
        self._buffer = bytearray()
        self._steps = self._read()
        self._wish: Wish | None = next(self._steps)
        self._left = self._wish.size

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        """As a file is written. Raises RefusedError, OSError; after that, nothing is taken."""
        piece = memoryview(data)
        if not self._ended:
            try:
                self._take(piece)
            except BaseException:
                self.end()
                raise
        return len(piece)

    def end(self) -> None:
        """Nothing more is taken, and nothing stays open."""
        self._ended = True
        self._steps.close()

    def finish(self) -> Manifest:
        """All came. Raises RefusedError (cut) where more is missing."""
        if self._wish is not None or self.manifest is None:
            raise RefusedError(Refusal.CUT)
        return self.manifest

    def _take(self, data: memoryview) -> None:
        while data:
            if self._wish is None:
                raise RefusedError(Refusal.CHANGED, "longer")
            piece, data = data[: self._left], data[self._left :]
            self._left -= len(piece)
            if self._wish.taker is not None:
                self._wish.taker(piece)
            else:
                self._buffer += piece
            self._go_on()

    def _go_on(self) -> None:
        """Everything that was wished for is there: on to the next, past those of no bytes."""
        while self._wish is not None and not self._left:
            found = bytes(self._buffer)
            self._buffer.clear()
            try:
                self._wish = self._steps.send(found)
                self._left = self._wish.size
            except StopIteration:
                self._wish = None

    def _read(self) -> Steps:
        head = yield from self._small(MANIFEST, LARGEST_DOCUMENT)
        manifest = read_manifest(head)
        listed = [(MANIFEST, len(head), self._sum)]
        signature = yield from self._small(SIGNATURE, SIGNATURE_SIZE)
        listed.append((SIGNATURE, len(signature), self._sum))
        self.manifest, self.signed = manifest, head
        if not is_signed(bytes.fromhex(manifest.sender_key), head, signature):
            raise RefusedError(Refusal.SIGNATURE)
        self._judge(manifest)
        names = [(name, size) for name, size, _crc in listed]
        names += [(content.path, content.size) for content in manifest.contents]
        padding = padding_size(names)
        self._check_size(container_size([*names, (PADDING, padding)]))
        for number, content in enumerate(manifest.contents, 1):
            yield from self._header(content.path, content.size)
            listed.append((content.path, content.size, self._sum))
            yield from self._content(content, number)
        yield from self._header(PADDING, padding)
        listed.append((PADDING, padding, self._sum))
        yield Wish(padding, _only_zeros)
        expected = directory(placed_entries(listed))
        found = yield Wish(len(expected))
        if found != expected:
            raise explain_frame(found, expected)

    def _small(self, name: str, most: int) -> Generator[Wish, bytes, bytes]:
        """A file that is read whole: its header says how long it is."""
        header = yield Wish(LOCAL.size + len(name))
        if not header.startswith(MARK_LOCAL):
            raise RefusedError(Refusal.SCHEMA, "frame")
        size = int(LOCAL.unpack_from(header)[8])
        self._sum = sum_in(header)
        if (expected := local_header(name, size, self._sum)) != header:
            raise explain_frame(header, expected)
        if size > most:
            raise RefusedError(Refusal.BOMB, "document")
        return (yield Wish(size))

    def _header(self, name: str, size: int) -> Steps:
        header = yield Wish(header_size(name, size))
        self._sum = sum_in(header)
        if (expected := local_header(name, size, self._sum)) != header:
            raise explain_frame(header, expected)

    def _content(self, content: Content, number: int) -> Steps:
        target = self._folder / content.path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digests = Digests()
        with _NewFile(target) as write:

            def take(piece: memoryview) -> None:
                digests.take(piece, crc=False)
                write(piece)

            yield Wish(content.size, take)
        if digests.sha256 != content.sha256:
            raise RefusedError(Refusal.CHANGED, "content", number=number)
        if not fits_type(content.media_type, digests.head):
            raise RefusedError(Refusal.SCHEMA, "type", number=number)

    def _check_size(self, expected: int) -> None:
        if self._whole is None or self._whole == expected:
            return
        if self._whole < expected:
            raise RefusedError(Refusal.CUT)
        raise RefusedError(Refusal.CHANGED, "longer")


class _NewFile:
    """A file that is new and on the disk when it is closed."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def __enter__(self) -> Taker:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        self._descriptor = os.open(self._target, flags, 0o600)
        return self._write

    def __exit__(self, *error: object) -> None:
        try:
            if not any(error):
                os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)

    def _write(self, piece: memoryview) -> None:
        while piece:
            piece = piece[os.write(self._descriptor, piece) :]


def _only_zeros(piece: memoryview) -> None:
    if bytes(piece).count(0) != len(piece):
        raise RefusedError(Refusal.CHANGED, "padding")


def blocks_of(path: Path) -> Iterator[bytes]:
    """A file in pieces."""
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            yield block

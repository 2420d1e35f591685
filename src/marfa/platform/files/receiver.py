"""Taking in the bytes of an upload: sealed, hashed and written side by side, and never half.

What the row says was received is on the disk before the row says so. What is on the disk beyond
that, after a kill or a power cut, is cut off when the upload goes on.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from marfa.crypto.stream import CHUNK, SEALED_CHUNK, StreamSealer, place_of
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.files import blobs
from marfa.platform.files.digests import running
from marfa.platform.files.errors import LostError, build_refusal
from marfa.platform.files.keys import FileKeys
from marfa.platform.files.models import StoredFile

BATCH_CHUNKS = 4
BATCH = BATCH_CHUNKS * CHUNK
CHECKPOINT = 64 * 1024 * 1024
CHECKPOINT_SECONDS = 5
"""Whichever comes first: on a poor link 64 MiB are a quarter of an hour."""


class ByteSource(Protocol):
    """Where bytes come from: a request, an open file."""

    def read(self, size: int, /) -> bytes: ...


def _read(source: ByteSource, size: int) -> bytes:
    """What comes, or nothing where the sender has gone: what came before is kept."""
    try:
        return source.read(size)
    except OSError:
        return b""


class Checkpoints:
    """The disk works on what came while more comes; the row follows when it is done."""

    def __init__(self, descriptor: int, save: Callable[[int], None], saved: int) -> None:
        self._descriptor = descriptor
        self._save = save
        self._begun, self._at = saved, time.monotonic()
        self._syncing: tuple[Future[None], int] | None = None
        self._beside = ThreadPoolExecutor(1)

    def reached(self, offset: int) -> None:
        """So much is written. Saves what the disk has meanwhile; begins anew when it is time."""
        if self._syncing is not None and self._syncing[0].done():
            self._settle()
        fresh, waited = offset - self._begun, time.monotonic() - self._at
        if fresh >= CHECKPOINT or (fresh and waited >= CHECKPOINT_SECONDS):
            self._settle()
            self._syncing = self._beside.submit(os.fdatasync, self._descriptor), offset
            self._begun, self._at = offset, time.monotonic()

    def _settle(self) -> None:
        if self._syncing is not None:
            future, offset = self._syncing
            self._syncing = None
            future.result()
            self._save(offset)

    def __enter__(self) -> Checkpoints:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._beside.shutdown()
        if kind is None:
            self._settle()


class Receiver:
    """Appends to one upload whose blob is locked; used once."""

    def __init__(self, file: StoredFile, descriptor: int) -> None:
        self._file = file
        self._descriptor = descriptor
        self._keys = FileKeys.of(file)
        self._sealer = StreamSealer(*self._keys.stream())
        self._written = file.received // CHUNK  # full chunks on the disk
        self._buffer, self._other = bytearray(BATCH), bytearray(BATCH)
        self._filled = 0
        self._out = bytearray(BATCH_CHUNKS * SEALED_CHUNK)
        self._digest: hashlib._Hash | None = None
        self._saved = file.received

    @property
    def _received(self) -> int:
        return self._written * CHUNK + self._filled

    def take(self, source: ByteSource) -> int:
        """Take what comes until it ends, breaks off or is complete; how much there is now.

        Raises InputError when more comes than was declared, and OSError when the disk fails;
        the upload then stands where it last was saved.
        """
        self._go_back_to_saved()
        digest = running.take(self._file.pk, self._file.received)
        self._take_all(source, digest)
        if self._received == self._file.size and _read(source, 1):
            raise build_refusal(InputError, "longer-than-declared")
        self._finish()
        if digest is not None:
            running.keep(self._file.pk, self._file.received, digest)
        return self._file.received

    def _go_back_to_saved(self) -> None:
        end = place_of(self._written)
        if os.fstat(self._descriptor).st_size < end:
            raise LostError
        os.ftruncate(self._descriptor, end)
        os.lseek(self._descriptor, end, os.SEEK_SET)
        if self._file.tail:
            tail = self._keys.open(f"tail/{self._file.received}", self._file.tail)
            self._filled = len(tail)
            self._buffer[: len(tail)] = tail

    def _take_all(self, source: ByteSource, digest: hashlib._Hash | None) -> None:
        """Hash on one thread, sync on another, while this one reads, seals and writes."""
        hashing: Future[None] | None = None
        more = True
        with (
            ThreadPoolExecutor(1) as hasher,
            Checkpoints(self._descriptor, self._save, self._saved) as checkpoints,
        ):
            while more:
                fresh = self._filled
                more = self._fill(source)
                before, hashing = hashing, None
                if digest is not None:
                    view = memoryview(self._buffer)[fresh : self._filled]
                    hashing = hasher.submit(digest.update, view)
                used = self._write_full_chunks()
                if before is not None:
                    before.result()  # the other buffer is free again
                self._swap(used)
                if more:
                    checkpoints.reached(self._written * CHUNK)
            if hashing is not None:
                hashing.result()

    def _fill(self, source: ByteSource) -> bool:
        """Fill the buffer; False when nothing more comes or everything is there."""
        while self._filled < BATCH and self._received < self._file.size:
            wanted = min(BATCH - self._filled, self._file.size - self._received)
            data = _read(source, wanted)
            if not data:
                return False
            self._buffer[self._filled : self._filled + len(data)] = data
            self._filled += len(data)
        return self._received < self._file.size

    def _write_full_chunks(self) -> int:
        """Write them; the bytes of the buffer that are done with."""
        source, out = memoryview(self._buffer), memoryview(self._out)
        count = self._filled // CHUNK
        used = 0
        for n in range(count):
            chunk = source[n * CHUNK : (n + 1) * CHUNK]
            last = self._written * CHUNK + (n + 1) * CHUNK == self._file.size
            used += self._sealer.seal_into(self._written + n, chunk, last=last, out=out[used:])
        blobs.write_all(self._descriptor, out[:used])
        return count * CHUNK

    def _swap(self, used: int) -> None:
        """Go on in the other buffer, with what did not fill a chunk: this one is being hashed."""
        rest = self._filled - used
        self._other[:rest] = self._buffer[used : self._filled]
        self._buffer, self._other = self._other, self._buffer
        self._written += used // CHUNK
        self._filled = rest

    def _finish(self) -> None:
        """The end of this piece: the rest goes into the row, or becomes the last chunk."""
        received = self._received
        complete = received == self._file.size
        rest = bytes(self._buffer[: self._filled])
        if complete and rest:
            chunk = self._sealer.seal(self._written, rest, last=True)
            blobs.write_all(self._descriptor, memoryview(chunk))
        os.fdatasync(self._descriptor)
        if complete:
            self._save(received, state=StoredFile.State.QUARANTINED)
        else:
            self._save(received, self._keys.seal(f"tail/{received}", rest) if rest else b"")

    def _save(
        self,
        received: int,
        tail: bytes = b"",
        state: StoredFile.State = StoredFile.State.RECEIVING,
    ) -> None:
        row = StoredFile.objects.filter(
            pk=self._file.pk, state=StoredFile.State.RECEIVING, received=self._saved
        )
        now = clock.now()
        if row.update(received=received, tail=tail, state=state, changed_at=now) != 1:
            raise build_refusal(InputError, "not-receiving")
        self._saved = self._file.received = received
        self._file.tail, self._file.state, self._file.changed_at = tail, state, now

"""Decrypted content as a stream that can also jump, one chunk in memory at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import TracebackType

from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.keys import Key
from marfa.crypto.stream import (
    CHUNK,
    HEADER,
    SEALED_CHUNK,
    StreamOpener,
    chunks_of,
    place_of,
    sealed_size,
)
from marfa.platform.files import blobs


class Contents(io.RawIOBase):
    """A file's content, opened for reading; every byte that comes out was authenticated.

    Reading raises NotAuthenticError where the blob was cut, lengthened, exchanged or changed.
    """

    def __init__(self, blob: str, size: int, key: Key, context: bytes) -> None:
        super().__init__()
        self._opener = StreamOpener(key, context)
        self._size = size
        self._at = 0
        self._number, self._chunk = -1, b""
        path = blobs.path_of(blob)
        try:
            self._file = path.open("rb", buffering=0)
        except FileNotFoundError:
            raise NotAuthenticError from None
        if path.stat().st_size != sealed_size(size):
            self._file.close()
            raise NotAuthenticError
        self._opener.check_header(self._file.read(len(HEADER)) or b"")

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return self._size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._at = base + offset
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """As many bytes as were asked for, unless the content ends: readers of archives rely on
        it, and a chunk may end in the middle."""
        wanted = self._size - self._at if size < 0 else size
        parts = []
        while wanted > 0 and (part := super().read(wanted)):
            parts.append(part)
            wanted -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, CHUNK)
        piece = self._open(number)[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def chunks(self) -> Iterator[bytes]:
        """All content from the beginning, chunk by chunk."""
        for number in range(chunks_of(self._size)):
            yield self._open(number)

    def close(self) -> None:
        # Without it the file could not be opened, and there is nothing to close.
        if hasattr(self, "_file"):
            self._file.close()
        self._number, self._chunk = -1, b""
        super().close()

    def __enter__(self) -> Contents:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self, number: int) -> bytes:
        if number != self._number:
            self._file.seek(place_of(number))
            sealed = self._read_exactly(SEALED_CHUNK)
            last = number == chunks_of(self._size) - 1
            self._chunk = self._opener.open(number, sealed, last=last)
            self._number = number
        return self._chunk

    def _read_exactly(self, count: int) -> bytes:
        parts = []
        while count and (part := self._file.read(count)):
            parts.append(part)
            count -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

"""The handling mark of what is taken in (``domain.handling``), looked for as the bytes pass by.

An archive is kept by a kind of body, and takes nothing that the table of doors does not let that
body have. A file is gone through once for its digests anyway; only one in which the name of a mark
was seen, or that is packed, is gone through again.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path

from marfa.domain.handling import NAME, check_marks, read_marks

_NAMES = (NAME.encode("ascii"), NAME.encode("utf-16-le")[:-1])
"""The second is found in UTF-16 of either order."""
_OVERLAP = max(map(len, _NAMES)) - 1
_PACKED = (b"PK", b"\x1f\x8b")


class MarkWatch:
    """Sees the bytes of one file, in their order and in pieces of any size."""

    def __init__(self) -> None:
        self._seen, self._start, self._end = False, b"", b""

    def look(self, part: bytes | bytearray, size: int) -> None:
        """The next piece: the first ``size`` bytes of ``part``."""
        if self._seen or not size:
            return
        head = bytes(part[: min(size, _OVERLAP)])
        self._start = self._start or head[:2]
        seam = self._end + head
        self._seen = any(name in seam or _holds(part, size, name) for name in _NAMES)
        self._end = (self._end + bytes(part[max(0, size - _OVERLAP) : size]))[-_OVERLAP:]

    def check(self, path: Path, body: str) -> None:
        """Raises InputError where a mark in the file that was seen does not let a body have it."""
        if self._seen or self._start in _PACKED:
            check_marks(read_marks(path, whole=False), body, file=path.name)


def _memmem() -> Callable[..., int | None] | None:
    """The search of the C library (GNU, BSD, macOS): a third of the time that Python's takes."""
    try:
        call = ctypes.CDLL(None).memmem
    except (AttributeError, OSError):
        return None
    call.restype = ctypes.c_void_p
    call.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t)
    return call


_search = _memmem()


def _holds(part: bytes | bytearray, size: int, name: bytes) -> bool:
    if _search is None:
        return part.find(name, 0, size) >= 0
    place = part if isinstance(part, bytes) else (ctypes.c_char * len(part)).from_buffer(part)
    return _search(place, size, name, len(name)) is not None

"""Whether a ZIP file among the contents unpacks to far more than it is: it is looked at, never
unpacked.

PKWARE, "APPNOTE.TXT" 6.3.10, 4.3.12 to 4.3.16. The sizes are those that the directory states; what
a program that unpacks meets beyond them is its own to refuse.
"""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO

from marfa.methods.packages.refusals import Refusal, RefusedError

MOST_ENTRIES = 10_000
LARGEST_DIRECTORY = 8 * 1024 * 1024
MOST_TIMES, FREE = 100, 16 * 1024 * 1024
"""How many times its size it may unpack to, beyond 16 MiB."""

END, END_64 = b"PK\x05\x06", b"PK\x06\x06"


def check_archive(stream: BinaryIO, number: int) -> None:
    """Raises RefusedError (bomb). What is no ZIP file passes. number: of the content."""
    size = stream.seek(0, 2)
    if _directory_size(stream, size) > LARGEST_DIRECTORY:
        raise RefusedError(Refusal.BOMB, "archive", number=number)
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, struct.error):
        return
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_TIMES * size + FREE:
        raise RefusedError(Refusal.BOMB, "archive", number=number)


def _directory_size(stream: BinaryIO, size: int) -> int:
    stream.seek(max(0, size - 0x10000 - 22))
    tail = stream.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        return 0
    at_64 = tail.rfind(END_64)
    if 0 <= at_64 <= len(tail) - 56:
        return int(struct.unpack_from("<Q", tail, at_64 + 40)[0])
    return int(struct.unpack_from("<I", tail, at + 12)[0])

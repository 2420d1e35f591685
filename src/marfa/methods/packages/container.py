"""The ZIP file inside a package: one way to write each list of contents, and none other is read.

PKWARE, "APPNOTE.TXT - .ZIP File Format Specification" 6.3.10: 4.3.7 (local headers), 4.3.12
(central directory), 4.3.14 to 4.3.16 (ends), 4.5.3 (ZIP64). Contents are stored and never
compressed, with no date, one mode and nothing beside them, so whoever knows names, sizes and check
sums knows each byte of the frame. Of a file that was made otherwise ``explain_frame`` says how.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from marfa.methods.packages.refusals import Refusal, RefusedError

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
END_64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR_64 = struct.Struct("<4sIQI")

MARK_LOCAL, MARK_CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
UNIX = 3
PLAIN_VERSION, VERSION_64 = 20, 45
FIRST_DAY = 1 << 5 | 1  # 1 January 1980, the first day that the format knows
MODE = stat.S_IFREG | 0o600
FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True)
class Entry:
    """One file in the ZIP file. crc: CRC-32 of what it holds. offset: where its header begins."""

    name: str
    size: int
    crc: int
    offset: int = 0


def local_header(name: str, size: int, crc: int) -> bytes:
    """What stands before the bytes of a file. name: printable ASCII."""
    extra = struct.pack("<HHQQ", 1, 16, size, size) if size >= FULL_32 else b""
    shown = FULL_32 if extra else size
    head = LOCAL.pack(
        MARK_LOCAL,
        VERSION_64 if extra else PLAIN_VERSION,
        *(0, 0, 0, FIRST_DAY),
        *(crc, shown, shown),
        *(len(name), len(extra)),
    )
    return head + name.encode("ascii") + extra


def header_size(name: str, size: int) -> int:
    """Bytes of a local header."""
    return LOCAL.size + len(name) + (20 if size >= FULL_32 else 0)


def directory(entries: Iterable[Entry]) -> bytes:
    """The central directory, and the end of the file. Entries in their order, with offsets."""
    listed = list(entries)
    heads = b"".join(_central_header(entry) for entry in listed)
    last = listed[-1]
    start = last.offset + header_size(last.name, last.size) + last.size
    return heads + _ends(len(listed), len(heads), start)


def placed_entries(entries: Iterable[tuple[str, int, int]]) -> list[Entry]:
    """Entries from name, size and check sum, each where it begins."""
    placed, at = [], 0
    for name, size, crc in entries:
        placed.append(Entry(name, size, crc, at))
        at += header_size(name, size) + size
    return placed


def container_size(entries: Iterable[tuple[str, int]]) -> int:
    """Bytes of the whole ZIP file, from names and sizes."""
    placed = placed_entries((name, size, 0) for name, size in entries)
    last = placed[-1]
    end = last.offset + header_size(last.name, last.size) + last.size
    return end + len(directory(placed))


def _central_header(entry: Entry) -> bytes:
    large = entry.size >= FULL_32
    fields = [entry.size, entry.size] if large else []
    if entry.offset >= FULL_32:
        fields.append(entry.offset)
    extra = struct.pack(f"<HH{len(fields)}Q", 1, 8 * len(fields), *fields) if fields else b""
    needed = VERSION_64 if extra else PLAIN_VERSION
    shown = FULL_32 if large else entry.size
    head = CENTRAL.pack(
        MARK_CENTRAL,
        UNIX << 8 | needed,
        *(needed, 0, 0, 0, FIRST_DAY),
        *(entry.crc, shown, shown),
        *(len(entry.name), len(extra), 0, 0, 0),
        *(MODE << 16, min(entry.offset, FULL_32)),
    )
    return head + entry.name.encode("ascii") + extra


def _ends(count: int, size: int, start: int) -> bytes:
    ends = b""
    if count >= FULL_16 or size >= FULL_32 or start >= FULL_32:
        rest = END_64.size - 12
        versions = (UNIX << 8 | VERSION_64, VERSION_64)
        ends = END_64.pack(b"PK\x06\x06", rest, *versions, 0, 0, count, count, size, start)
        ends += LOCATOR_64.pack(b"PK\x06\x07", 0, start + size, 1)
    short = min(count, FULL_16)
    shown = (min(size, FULL_32), min(start, FULL_32))
    return ends + END.pack(b"PK\x05\x06", 0, 0, short, short, *shown, 0)


def sum_in(header: bytes) -> int:
    """The check sum that a local header states."""
    return int(LOCAL.unpack_from(header)[6])


def explain_frame(found: bytes, expected: bytes) -> RefusedError:
    """Why a header or directory that is not the expected one is refused: a link or another name,
    something compressed, or anything else."""
    mark = found[:4]
    if mark == MARK_LOCAL and len(found) >= LOCAL.size:
        _mark, _version, flags, method, *_rest = LOCAL.unpack_from(found)
        if method or flags & 0x1:
            return RefusedError(Refusal.BOMB, "compressed")
        if found[LOCAL.size :] != expected[LOCAL.size :]:
            return RefusedError(Refusal.PATH, "other")
    if mark == MARK_CENTRAL and len(found) == len(expected):
        return _explain_directory(found, expected)
    return RefusedError(Refusal.CHANGED, "frame")


def _explain_directory(found: bytes, expected: bytes) -> RefusedError:
    at = 0
    while found[at : at + 4] == MARK_CENTRAL and expected[at : at + 4] == MARK_CENTRAL:
        mine, theirs = CENTRAL.unpack_from(expected, at), CENTRAL.unpack_from(found, at)
        end = at + CENTRAL.size + mine[10] + mine[11]
        if theirs[15] != mine[15]:
            return RefusedError(Refusal.PATH, "link")
        if theirs[4] != mine[4]:
            return RefusedError(Refusal.BOMB, "compressed")
        if found[at + CENTRAL.size : end] != expected[at + CENTRAL.size : end]:
            return RefusedError(Refusal.PATH, "other")
        at = end
    return RefusedError(Refusal.CHANGED, "frame")

"""The handling mark: one line of text in whatever leaves, and how it is found again.

    mark = HandlingMark("help", "facts", made_at, purpose="statistics", by="command")
    str(mark)   # marfa_handling:1 from=help what=facts ... not_for=screening+vetting+enforcement
    read_marks(Path("people.csv"))                     # every mark in a file, whatever it is called
    check_use(Path("people.csv"), "sanctions")         # raises InputError: not for that

Each format keeps the line where ordinary programs keep it too: CSV and sheets in a last column
``marfa_handling``, in every row; JSON in a member of that name; HTML in a ``meta`` of that name;
Parquet, Arrow and workbooks in their metadata as well; ZIP in a member. It is looked for in the
bytes, unpacked where they are packed, so that another name, another delimiter or another program
that saved the file loses nothing. It is a lock on honest users and none on a thief: whoever deletes
the column has a file without a mark.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import IO

from marfa.domain.doors import BODIES, CONTENTS, check_sending, doors
from marfa.domain.message import InputError, Message, Place, Problem

NAME = "marfa_handling"
"""Of the column, the member, the ``meta`` and the property that hold a mark."""
NOT_FOR = ("screening", "vetting", "enforcement")
VERSION = 1
UNKNOWN = "unknown"
"""Contents of a mark that is there and cannot be read; nothing that is sent is called so."""

CHUNK = 1 << 20
LONGEST = 4096
"""Characters of a mark."""
MOST_UNPACKED = 1 << 30
"""Bytes of one file that are unpacked to look for marks."""
DEEPEST = 3
"""Archives within archives that are opened."""

_WORD = r"[A-Za-z0-9_.:+-]"
_TEXT = re.compile(rf"{NAME}:(\d+)((?: [a-z_]+={_WORD}*)+)".encode())
_CODE = re.compile(rf"{_WORD}{{1,100}}")


@dataclass(frozen=True)
class HandlingMark:
    """Who made what, when and for what, and what it is never for.

    sender: kind of the body that made it (code list ``body_kinds``). contents: code list
    ``door_contents``. at: to the minute, UTC. purpose: code list ``purposes``. by: who made it,
    as a reference that says nothing to others, or ``command``. never: columns that may not leave.
    Raises ValueError for words that a mark cannot hold.
    """

    sender: str
    contents: str
    at: datetime
    purpose: str
    by: str
    never: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        words = (self.sender, self.contents, self.purpose, self.by, *self.never)
        if any(not _CODE.fullmatch(word) or "+" in word for word in words):
            raise ValueError(f"a mark cannot hold {words}")
        if self.at.tzinfo is None:
            raise ValueError("a mark says when in UTC")

    def __str__(self) -> str:
        parts = {
            "from": self.sender,
            "what": self.contents,
            "for": self.purpose,
            "by": self.by,
            "at": f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
            "not_for": "+".join(NOT_FOR),
        }
        if self.never:
            parts["never"] = "+".join(self.never)
        return f"{NAME}:{VERSION} " + " ".join(f"{key}={value}" for key, value in parts.items())

    @property
    def sentence(self) -> Message:
        """What it says, for a page or a print."""
        return Message("domain:handling-sentence")


UNREADABLE = HandlingMark("help", UNKNOWN, datetime(1970, 1, 1, tzinfo=UTC), UNKNOWN, UNKNOWN)
"""Stands for a mark of which the name alone is left, or that a later version wrote."""


def read_marks(path: Path, *, whole: bool = True) -> tuple[HandlingMark, ...]:
    """Every mark in a file, each once. ``UNREADABLE`` where only the name of one is left.

    whole: False looks only as far as MOST_UNPACKED into a file that unpacks to more.
    Raises InputError for a file that cannot be read, or otherwise unpacks to more.
    """
    search = _Search(whole=whole)
    try:
        with path.open("rb") as stream:
            search.look(stream, 0)
    except OSError as error:
        reason = {"reason": error.strerror or type(error).__name__}
        raise InputError.at(Message("domain:handling-no-file", reason), file=path.name) from None
    except _TooLargeError:
        most = {"most": MOST_UNPACKED >> 20}
        raise InputError.at(Message("domain:handling-large", most), file=path.name) from None
    return search.marks()


def marks_of_stream(stream: IO[bytes]) -> tuple[HandlingMark, ...]:
    """Every mark in the bytes of a stream that can seek; it is left at its start."""
    search = _Search()
    search.look(stream, 0)
    stream.seek(0)
    return search.marks()


def check_use(path: Path, body: str) -> tuple[HandlingMark, ...]:
    """The marks of a file, where a body of this kind may read what they stand for.

    Raises InputError with a sentence for each mark that does not allow it.
    """
    marks = read_marks(path)
    check_marks(marks, body, file=path.name)
    return marks


def check_marks(marks: Iterable[HandlingMark], body: str, *, file: str | None = None) -> None:
    """Raises InputError with a sentence for each mark that does not let this kind of body read."""
    problems: list[Problem] = []
    for mark in marks:
        if mark == UNREADABLE and body not in doors().protecting:
            problems.append(Problem(Message("domain:handling-unreadable"), Place(file)))
        if mark == UNREADABLE:
            continue
        try:
            check_sending(mark.sender, mark.contents, body)
        except InputError as error:
            params = error.problems[0].message.params
            problems.append(Problem(Message("domain:handling-refused", params), Place(file)))
    if problems:
        raise InputError(*dict.fromkeys(problems))


def never_leaving(marks: Iterable[HandlingMark]) -> frozenset[str]:
    """The columns that the marks say may not leave, in lower case."""
    return frozenset(name.casefold() for mark in marks for name in mark.never)


def check_columns(
    columns: Iterable[str], never: Collection[str], *, file: str | None = None
) -> None:
    """Raises InputError that names each of the columns that never leaves.

    never: what ``never_leaving`` gives for the file.
    """
    problems = [
        Problem(Message("domain:handling-column", {"column": name}), Place(file, column=name))
        for name in columns
        if name.strip().casefold() in never
    ]
    if problems:
        raise InputError(*problems)


def without_mark(row: Sequence[str], header: Sequence[str]) -> list[str]:
    """A row of a table without the column of the mark, which is no datum."""
    cells = [cell for cell, name in zip(row, header, strict=False) if not is_mark_column(name)]
    return cells + list(row[len(header) :])


def is_mark_column(name: str) -> bool:
    """Whether a column of this name holds the mark."""
    return name.strip().casefold() == NAME


class _TooLargeError(Exception):
    """A file unpacks to more than is looked through."""


class _Search:
    """Looks through bytes and what is packed in them."""

    def __init__(self, *, whole: bool = True) -> None:
        self._whole = whole
        self._found: dict[bytes, None] = {}
        self._named = False
        self._unpacked = 0

    def marks(self) -> tuple[HandlingMark, ...]:
        """What was found. A line that is cut is one of which another program kept a part; it says
        nothing beside a whole one."""
        marks = dict.fromkeys(_parsed(text) for text in self._found)
        whole = tuple(mark for mark in marks if mark is not None)
        return whole or ((UNREADABLE,) if self._named else ())

    def look(self, stream: IO[bytes], depth: int) -> None:
        start = stream.read(4)
        stream.seek(0)
        self._look_plain(iter(lambda: stream.read(CHUNK), b""))
        if depth >= DEEPEST:
            return
        stream.seek(0)
        if start[:2] == b"PK":
            self._look_zip(stream, depth)
        elif start[:2] == b"\x1f\x8b":
            self._look_plain(self._gunzipped(stream))

    def _look_plain(self, chunks: Iterable[bytes]) -> None:
        """Text of any encoding that writes ASCII as ASCII, or with zeros between (UTF-16)."""
        kept = b""
        for chunk in chunks:
            data = kept + (chunk.replace(b"\0", b"") if b"\0" in chunk else chunk)
            # What begins near the end may go on in the next piece, and is looked at with it.
            self._take(data, before=len(data) - LONGEST)
            kept = data[-LONGEST:]
        self._take(kept, before=len(kept))

    def _take(self, data: bytes, *, before: int) -> None:
        if NAME.encode() in data:
            self._named = True
            found = (match[0] for match in _TEXT.finditer(data) if match.start() <= before)
            self._found |= dict.fromkeys(found)

    def _look_zip(self, stream: IO[bytes], depth: int) -> None:
        try:
            with zipfile.ZipFile(stream) as archive:
                for entry in archive.infolist():
                    if self._is_looked_at(entry):
                        self._look_member(archive, entry, depth)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError):
            # Whoever opens it says what is wrong with it.
            return

    def _is_looked_at(self, entry: zipfile.ZipInfo) -> bool:
        if entry.is_dir() or entry.flag_bits & 0x1:
            return False
        return self._whole or self._unpacked + entry.file_size <= MOST_UNPACKED

    def _look_member(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> None:
        self._count(entry.file_size)
        with archive.open(entry) as member:
            start = member.read(4)
            if start not in (b"PK\x03\x04", b"PK\x05\x06"):
                self._look_plain(chain([start], iter(lambda: member.read(CHUNK), b"")))
                return
        with archive.open(entry) as member:
            self.look(member, depth + 1)

    def _gunzipped(self, stream: IO[bytes]) -> Iterator[bytes]:
        unpacking = zlib.decompressobj(wbits=31)
        while data := stream.read(CHUNK):
            try:
                while data:
                    made = unpacking.decompress(data, CHUNK)
                    if not self._whole and self._unpacked + len(made) > MOST_UNPACKED:
                        return
                    self._count(len(made))
                    yield made
                    data = unpacking.unconsumed_tail
                    if unpacking.eof:
                        data = unpacking.unused_data
                        unpacking = zlib.decompressobj(wbits=31)
            except zlib.error:
                return

    def _count(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > MOST_UNPACKED:
            raise _TooLargeError


def _parsed(text: bytes) -> HandlingMark | None:
    """A mark from its text: None where it is cut, UNREADABLE where a later version wrote it."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    if int(match[1]) != VERSION:
        return UNREADABLE
    said = dict(part.split("=", 1) for part in match[2].decode().split())
    try:
        if said["from"] not in BODIES or said["what"] not in CONTENTS:
            return UNREADABLE
        at = datetime.strptime(said["at"], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
        never = tuple(name for name in said.get("never", "").split("+") if name)
        return HandlingMark(said["from"], said["what"], at, said["for"], said["by"], never)
    except (KeyError, ValueError):
        return None

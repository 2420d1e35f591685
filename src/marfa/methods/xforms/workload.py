"""How much work a spreadsheet is, told before it is converted and without converting it.

By rows, cells, letters and rules, and never by time: the same file is the same work on every
machine.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from marfa.methods.xforms.convert import check_file, read_book

MOST_ROWS = 1_000
MOST_CELLS = 10_000
MOST_LETTERS = 200_000
MOST_READINGS = 5_000
MOST_WALKS = 200_000
READ_AT_ONCE = 2 * 1024 * 1024
"""Bytes, unpacked, of a file that is looked into; a larger one is much work whatever it holds."""
_READING = re.compile(r"\$\{")
_WALK = re.compile(r"/\s*\*|::\s*\*|//|[(\[,|]\s*\*")
"""Steps that lead to every question at once, so that one rule is as much work as all questions."""


@dataclass(frozen=True)
class Workload:
    """What a file holds in all its sheets. readings: how often its rules read an answer. walks: how
    many questions they come by. beyond: it is too large even to be looked into."""

    rows: int = 0
    cells: int = 0
    letters: int = 0
    readings: int = 0
    walks: int = 0
    beyond: bool = False

    @property
    def is_large(self) -> bool:
        """Whether converting it takes longer than a page may."""
        return self.beyond or (
            self.rows > MOST_ROWS
            or self.cells > MOST_CELLS
            or self.letters > MOST_LETTERS
            or self.readings > MOST_READINGS
            or self.walks > MOST_WALKS
        )


def workload_of(data: bytes, name: str) -> Workload:
    """The work that an XLSForm is. name: of the file; its ending tells the kind.

    A file that cannot be read is none: converting it says what is wrong. Raises InputError for a
    kind that is not read, and for what is too large to be taken at all.
    """
    kind = PurePath(name).suffix.lower()
    check_file(data, kind, name)
    if _unpacked(data, kind) > READ_AT_ONCE:
        return Workload(beyond=True)
    try:
        book = read_book(data, kind, PurePath(name).stem)
    except Exception:
        return Workload()
    sheets = [rows for name, rows in book.items() if not name.endswith("_header")]
    rows = [row for sheet in sheets for row in sheet or () if isinstance(row, dict)]
    texts = list(_texts(rows))
    walks = sum(len(_WALK.findall(text)) for text in texts)
    return Workload(
        rows=len(rows),
        cells=len(texts),
        letters=sum(map(len, texts)),
        readings=sum(len(_READING.findall(text)) for text in texts),
        walks=walks * len(rows),
    )


def _texts(rows: list[dict[str, object]]) -> Iterator[str]:
    return (str(cell) for row in rows for cell in row.values() if cell is not None)


def _unpacked(data: bytes, kind: str) -> int:
    if kind != ".xlsx":
        return len(data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return sum(entry.file_size for entry in package.infolist())

"""Rows of a CSV file as people's programs write it, one line in memory at a time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from marfa.domain.message import Message
from marfa.domain.spreadsheets import unguard_text
from marfa.platform.files.contents import Contents
from marfa.platform.files.memory_file import MemoryFile
from marfa.platform.files.plain_file import PlainFile
from marfa.platform.importing.encodings import check_encoding, encoding_of
from marfa.platform.importing.rows import (
    LONGEST_CELL,
    MOST_ROWS,
    OpenSheet,
    SheetRow,
    read_heading,
    refused,
    without_end,
)

DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 1 << 20
LOOKED_AT = 1 << 16
"""Characters from which the delimiter is guessed."""
SHOWN = {"\t": "TAB"}
_SAID = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


def open_text(
    source: Contents | PlainFile | MemoryFile,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> OpenSheet:
    """Raises InputError where there is no heading, or the file is no text of this encoding."""
    name = check_encoding(encoding) if encoding else encoding_of(source)
    source.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(_Borrowed(source)), encoding=name, newline="")
    lines = _Lines(text)
    try:
        mark = delimiter or lines.delimiter()
        rows = _rows(lines, mark)
        first = next(rows, None)
    except UnicodeError:
        raise refused("encoding-wrong", encoding=name) from None
    if first is None:
        raise refused("sheet-empty")
    heading = read_heading(first.cells)
    told = {"encoding": name, "delimiter": SHOWN.get(mark, mark)}
    body = _checked(rows, len(heading), name)
    return OpenSheet(heading, body, (Message("platform.importing:note-text", told),))


class _Borrowed(io.RawIOBase):
    """A source that stays open when its reader goes."""

    def __init__(self, source: Contents | PlainFile | MemoryFile) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._source.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class _Lines:
    """Lines of a text, none longer than fits. A line that says the delimiter is no row."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._ahead: list[str] = []
        self._number = 0

    def delimiter(self) -> str:
        """The one that the first line names, or that divides the first lines most."""
        first = self._read()
        if said := _SAID.fullmatch(first):
            return said.group(1)
        self._ahead = [first]
        size = len(first)
        while size < LOOKED_AT and (line := self._read()):
            self._ahead.append(line)
            size += len(line)
        return max(DELIMITERS, key=lambda mark: _fit(self._ahead, mark))

    def __iter__(self) -> Iterator[str]:
        ahead, self._ahead = self._ahead, []
        yield from ahead
        while line := self._read():
            yield line

    def _read(self) -> str:
        line = self._text.readline(LONGEST_LINE)
        self._number += 1
        if len(line) >= LONGEST_LINE:
            raise refused("line-long", row=self._number)
        return line


def _fit(lines: list[str], mark: str) -> tuple[int, int]:
    """How many rows a delimiter parts into as many cells as the heading has, and how many those
    are: a heading may itself hold commas."""
    rows: list[tuple[str, ...]] = []
    with suppress(csv.Error):
        rows += (kept for row in csv.reader(lines, delimiter=mark) if (kept := without_end(row)))
    width = len(rows[0]) if rows else 0
    return sum(1 < len(row) <= width for row in rows[1:]), width


def _rows(lines: _Lines, mark: str) -> Iterator[SheetRow]:
    reader, number = csv.reader(lines, delimiter=mark, strict=True), 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise refused("text-broken", row=number) from None
        if cells is None:
            return
        if number > MOST_ROWS:
            raise refused("rows-many", most=MOST_ROWS)
        kept = without_end(cells)
        if kept:
            yield SheetRow(number, kept)


def _checked(rows: Iterator[SheetRow], width: int, encoding: str) -> Iterator[SheetRow]:
    try:
        for row in rows:
            yield _row(row.number, row.cells, width)
    except UnicodeError:
        raise refused("encoding-wrong", encoding=encoding) from None


def _row(number: int, cells: tuple[str, ...], width: int) -> SheetRow:
    if len(cells) > width:
        told = {"found": len(cells), "wanted": width}
        broken = Message("platform.importing:row-width", told)
        return SheetRow(number, (), broken=broken)
    texts = [unguard_text(cell) for cell in cells]
    faults: dict[int, Message] = {}
    for place, cell in enumerate(cells):
        if len(cell) > LONGEST_CELL:
            texts[place] = ""
            faults[place] = Message("platform.importing:cell-long", {"most": LONGEST_CELL})
        elif cell.lstrip().startswith(("=", "\uff1d")):
            # It would be run by the next spreadsheet, and is no answer of a person.
            faults[place] = Message("platform.importing:cell-formula")
    return SheetRow(number, (*texts, *[""] * (width - len(texts))), faults)

"""Rows of a workbook (XLSX), read as they come; nothing in it is calculated.

What a workbook holds beside its rows is looked at first: a bomb, macros and another kind of file
are refused as those of a stored file are, and what a reader of the sheet would not see is told.
Source: ECMA-376, part 1, SpreadsheetML (``sheet`` 18.2.19,
``mergeCell`` 18.3.1.55, ``row`` 18.3.1.73).
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from marfa.domain.message import InputError, Message
from marfa.platform.files import archives
from marfa.platform.files.contents import Contents
from marfa.platform.files.kinds import OPEN_XML
from marfa.platform.files.memory_file import MemoryFile
from marfa.platform.files.plain_file import PlainFile
from marfa.platform.importing.rows import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    OpenSheet,
    SheetRow,
    letter_of,
    read_heading,
    refused,
    without_end,
)

WORKBOOK = f"{OPEN_XML}spreadsheetml.sheet"
HELD_WHOLE = {"xl/sharedStrings.xml": 64 << 20, "xl/styles.xml": 16 << 20}
"""Parts that are read into memory, and how large they may be."""
PIECE = 1 << 16
OVERLAP = 512
"""Bytes at the end of a piece that are looked at again: longer than the tags that are sought."""
MOST_MERGED = 10_000

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z0-9:]{1,24})"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b[^>]*?\bhidden="(?:1|true)"')
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# What the library raises for parts that are not as they should be.
BROKEN = (
    *(AttributeError, AssertionError, IndexError, KeyError, OSError, RuntimeError, SyntaxError),
    *(TypeError, ValueError, zipfile.BadZipFile),
)
# It warns of what it leaves out, and repeats what stands in the file.
warnings.filterwarnings("ignore", module="openpyxl")


@dataclass
class _Seen:
    """What a sheet has beside its cells."""

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0


def open_workbook(
    source: Contents | PlainFile | MemoryFile, *, sheet: str | None = None
) -> OpenSheet:
    """Raises InputError for what is no workbook, and where it is not plain which sheet is meant."""
    _check(source)
    source.seek(0)
    try:
        book = load_workbook(source, read_only=True, keep_links=False)
        chosen, others = _chosen(book, sheet)
        seen = _seen(source, str(chosen._worksheet_path))
        chosen.reset_dimensions()
        rows = _rows(chosen)
        first = next(rows, None)
    except InputError:
        raise
    except BROKEN:
        raise refused("workbook-broken") from None
    if first is None:
        raise refused("sheet-empty")
    number, cells = first
    _check_heading(number, cells, seen)
    heading = read_heading([_text(cell)[0] for cell in cells])
    return OpenSheet(heading, _body(rows, heading, seen), _notes(chosen.title, others, seen))


def _check(source: Contents | PlainFile | MemoryFile) -> None:
    """Refuse what is dangerous to open."""
    try:
        archives.check_office(source, WORKBOOK)
    except InputError as error:
        raise InputError(*error.problems) from None
    source.seek(0)
    with zipfile.ZipFile(source) as archive:
        for entry in archive.infolist():
            if entry.file_size > HELD_WHOLE.get(entry.filename, entry.file_size):
                raise refused("workbook-large")
            if entry.filename.endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    head = part.read(4096)
                if _ENTITIES.search(head) or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise refused("workbook-broken")


def _chosen(book: Any, wanted: str | None) -> tuple[Any, int]:
    """The sheet, and how many others are hidden."""
    sheets = [each for each in book.worksheets if hasattr(each, "reset_dimensions")]
    hidden = [each for each in sheets if each.sheet_state != "visible"]
    if wanted is not None:
        for each in sheets:
            if each.title.strip() == wanted.strip():
                return each, len([other for other in hidden if other is not each])
        raise refused("sheet-unknown", sheet=wanted[:80])
    shown = [each for each in sheets if each not in hidden]
    if not shown:
        raise refused("sheet-empty")
    if len(shown) > 1:
        names = ", ".join(each.title for each in shown[:20])
        raise refused("sheets-several", sheets=names)
    return shown[0], len(hidden)


def _seen(source: Contents | PlainFile | MemoryFile, path: str) -> _Seen:
    seen = _Seen()
    source.seek(0)
    with zipfile.ZipFile(source) as archive, archive.open(path.lstrip("/")) as part:
        tail = b""
        while piece := part.read(PIECE):
            text = tail + piece
            for found in _MERGED.finditer(text):
                # What stands whole in the part that is looked at again is counted once.
                if found.end() > len(tail):
                    seen.merged.append(_range(found.group(1).decode()))
            seen.hidden_rows += _new(_HIDDEN_ROW, text, len(tail))
            seen.hidden_columns += _new(_HIDDEN_COLUMN, text, len(tail))
            if len(seen.merged) > MOST_MERGED:
                raise refused("merged-many")
            tail = text[-OVERLAP:]
    return seen


def _range(text: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(text)
    return left or 1, top or 1, right or MOST_COLUMNS, bottom or MOST_ROWS


def _new(pattern: re.Pattern[bytes], text: bytes, before: int) -> int:
    return sum(found.end() > before for found in pattern.finditer(text))


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if len(cells) > MOST_COLUMNS:
            raise refused("columns-many", row=number, most=MOST_COLUMNS)
        if any(cell.value not in (None, "") for cell in cells):
            if number > MOST_ROWS:
                raise refused("rows-many", most=MOST_ROWS)
            yield number, cells
        elif number > MOST_ROWS * 11:
            return


def _check_heading(number: int, cells: tuple[Any, ...], seen: _Seen) -> None:
    for _left, top, _right, bottom in seen.merged:
        if top <= number <= bottom:
            raise refused("heading-merged", row=number)
    for cell in cells:
        if cell.data_type == "f":
            raise refused("heading-formula", row=number)


def _body(
    rows: Iterator[tuple[int, tuple[Any, ...]]], heading: tuple[str, ...], seen: _Seen
) -> Iterator[SheetRow]:
    merged: dict[int, dict[int, Message]] = {}
    for left, top, right, bottom in seen.merged:
        where = f"{letter_of(left - 1)}{top}:{letter_of(right - 1)}{bottom}"
        message = Message("platform.importing:cell-merged", {"cells": where})
        # The same one at each column, of which not all may be read; it is told once.
        for place in range(left - 1, min(right, len(heading))):
            merged.setdefault(top, {})[place] = message
    try:
        for number, cells in rows:
            yield _row(number, cells, len(heading), merged.get(number, {}))
    except InputError:
        raise
    except BROKEN:
        raise refused("workbook-broken") from None


def _row(number: int, cells: tuple[Any, ...], width: int, merged: dict[int, Message]) -> SheetRow:
    texts: list[str] = []
    faults = dict(merged)
    for place, cell in enumerate(cells):
        text, fault = _text(cell)
        texts.append(text)
        if fault is not None:
            faults[place] = fault
    kept = without_end(texts)
    if len(kept) > width:
        told = {"found": len(kept), "wanted": width}
        return SheetRow(number, (), broken=Message("platform.importing:row-width", told))
    return SheetRow(number, (*kept, *[""] * (width - len(kept))), faults)


def _text(cell: Any) -> tuple[str, Message | None]:
    """A cell as somebody reads it, and what is wrong with it."""
    value = cell.value
    if value is None:
        return "", None
    if cell.data_type == "f":
        return "", Message("platform.importing:cell-formula")
    if cell.data_type == "e":
        return "", Message("platform.importing:cell-error")
    text = _plain(value)
    if len(text) > LONGEST_CELL:
        return "", Message("platform.importing:cell-long", {"most": LONGEST_CELL})
    return text, None


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _notes(title: str, others: int, seen: _Seen) -> tuple[Message, ...]:
    counted = (
        ("note-hidden-sheets", others),
        ("note-hidden-rows", seen.hidden_rows),
        ("note-hidden-columns", seen.hidden_columns),
    )
    found = [
        Message(f"platform.importing:{key}", {"number": number})
        for key, number in counted
        if number
    ]
    return (Message("platform.importing:note-sheet", {"sheet": title[:80]}), *found)

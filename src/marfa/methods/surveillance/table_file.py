"""A CSV file as rows of text: any of three delimiters, packed or not, HXL tags left out."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from marfa.domain.handling import check_columns, never_leaving, read_marks, without_mark
from marfa.domain.message import InputError, Message, Place, Problem

MOST_PROBLEMS = 20


@dataclass(frozen=True)
class TableFile:
    """header: names of the columns. rows: (line, cells) of those that are not empty."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def column(self, name: str) -> int:
        """Where a column stands. Raises InputError where there is none of this name."""
        if name not in self.header:
            raise InputError.at(
                Message("methods.surveillance:column-missing"), file=self.name, column=name
            )
        return self.header.index(name)


def read_table(path: Path) -> TableFile:
    """Read a table with a header. Raises InputError for anything that is none, and for a column
    of which the file says that it never leaves."""
    text = _text(path)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    try:
        lines = [(reader.line_num, tuple(cell.strip() for cell in row)) for row in reader]
    except csv.Error:
        raise _unreadable(path) from None
    lines = [(number, row) for number, row in lines if any(row)]
    if len(lines) < 2:
        raise InputError.at(Message("methods.surveillance:file-empty"), file=path.name)
    header = lines[0][1]
    lines = [(number, tuple(without_mark(row, header))) for number, row in lines]
    header = lines[0][1]
    check_columns(header, never_leaving(read_marks(path)), file=path.name)
    body = [line for line in lines[1:] if not _is_hxl(line[1])]
    _check(path.name, header, body)
    return TableFile(path.name, header, tuple(body))


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        return data.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise _unreadable(path) from None


def _unreadable(path: Path) -> InputError:
    return InputError.at(Message("methods.surveillance:file-unreadable"), file=path.name)


def _is_hxl(row: tuple[str, ...]) -> bool:
    filled = [cell for cell in row if cell]
    return bool(filled) and all(cell.startswith("#") for cell in filled)


def _check(name: str, header: tuple[str, ...], rows: list[tuple[int, tuple[str, ...]]]) -> None:
    problems = [
        Problem(Message("methods.surveillance:column-twice"), Place(name, column=column or "?"))
        for i, column in enumerate(header)
        if column in header[:i] or not column
    ]
    problems += [
        Problem(
            Message("methods.surveillance:row-length", {"found": len(row), "wanted": len(header)}),
            Place(name, line),
        )
        for line, row in rows
        if len(row) != len(header)
    ]
    if not rows:
        problems.append(Problem(Message("methods.surveillance:file-empty"), Place(name)))
    if problems:
        raise InputError(*problems[:MOST_PROBLEMS])

"""Names in tables (CSV, UTF-8): pairs to compare row by row, lists to search."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import TableWriter
from marfa.methods.names.compare import Comparer, Comparison
from marfa.methods.names.hits import Hit
from marfa.methods.names.index import NameIndex
from marfa.methods.names.kinds import Kind

SCORE, MATCH = "score", "match"
"""Columns that ``compare_pairs`` adds."""

HEADER_BYTES = 1 << 20
"""As much of a header as is looked at for what divides its cells."""


def compare_pairs(
    source: Path,
    target: Path,
    *,
    left: str,
    right: str,
    progress: Callable[[int], None] = lambda row: None,
) -> int:
    """Compare two columns of a table row by row; the number of rows.

    Writes all rows in order with all their columns, and at the end ``score`` (four decimals) and
    ``match`` (``true`` or ``false``), both empty where the two could not be compared, and the score
    alone where a cell has no name; cells are divided as in the source, but for a target called
    ``.tsv`` by tabs, and for another by no tabs.
    Holds one row in memory at a time. The target appears only when it is whole, readable by its
    owner alone.
    Raises InputError for a table that cannot be read, or that has no such column or two of them.
    """
    comparer = Comparer()
    rows = table_rows(source)
    header = next(rows)
    columns = [column_place(header, name, source) for name in (left, right)]
    for name in (SCORE, MATCH):
        if name in header:
            raise InputError.at(_message("column-taken", column=name), file=str(source), row=1)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".pairs-")
    count = 0
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            writer = TableWriter(stream, delimiter=_written(source, target), lineterminator="\n")
            writer.writerow([*header, SCORE, MATCH])
            for count, row in enumerate(rows, 1):
                left_name, right_name = (row[column] for column in columns)
                named = bool(left_name.strip() and right_name.strip())
                found = comparer.compare(left_name, right_name)
                writer.writerow([*row, *_cells(found, named)])
                progress(count)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return count


def _cells(found: Comparison, named: bool) -> tuple[str, str]:
    if not found.compared:
        return "", "" if named else "false"
    return f"{found.score:.4f}", "true" if found.match else "false"


@dataclass
class NameList:
    """An index of the names of a table, and the rows that its hits are of.

    takes_together: whether several rows may be names of one bearer, who is then the index's key;
    elsewhere each row has a key of its own.
    """

    index: NameIndex
    takes_together: bool
    _rows: dict[tuple[str, str], tuple[int, dict[str, str]]] = field(default_factory=dict)

    def add(self, key: str, name: str, kind: Kind | None, row: int, cells: dict[str, str]) -> None:
        """Take a name of a row; of two rows with one name of one bearer the first is told."""
        self.index.add(key, name, kind=kind)
        self._rows.setdefault((key, name), (row, cells))

    def row_of(self, hit: Hit) -> tuple[int, dict[str, str]]:
        """The number of the row of a hit, and its cells by column."""
        return self._rows[hit.key, hit.name]


def read_list(
    source: Path,
    *,
    column: str | None = None,
    kind_column: str | None = None,
    bearer_column: str | None = None,
    progress: Callable[[int], None] = lambda row: None,
) -> NameList:
    """The names of a table, ready to be searched.

    column: the column with the names; by default the one called ``name``, else the first.
    kind_column: the column that says of what each is the name (person, body, vessel, or nothing).
    bearer_column: the column that says whose name it is; a row without one is by itself.
    Rows count from 1 and include the header. Raises InputError for a table that cannot be read.
    """
    rows = table_rows(source)
    header = next(rows)
    default = "name" if "name" in header else header[0]
    place = column_place(header, column or default, source)
    kinds = column_place(header, kind_column, source) if kind_column else None
    bearers = column_place(header, bearer_column, source) if bearer_column else None
    found = NameList(NameIndex(), bearers is not None)
    for number, row in enumerate(rows, 2):
        bearer = "" if bearers is None else row[bearers].strip()
        kind = None if kinds is None else _kind(row[kinds], source, number)
        key = f"= {bearer}" if bearer else str(number)
        found.add(key, row[place], kind, number, dict(zip(header, row, strict=True)))
        progress(number)
    return found


def _kind(cell: str, source: Path, row: int) -> Kind | None:
    try:
        return Kind.of(cell.strip().lower() or None)
    except InputError as wrong:
        raise InputError.at(wrong.problems[0].message, file=str(source), row=row) from None


def table_rows(source: Path) -> Iterator[list[str]]:
    """Header and rows, each as wide as the header; blank lines are skipped."""
    return (cells for _row, cells in numbered_rows(source))


def numbered_rows(source: Path) -> Iterator[tuple[int, list[str]]]:
    """The same with the number that each has where somebody looks at the table, blank rows too."""
    file = str(source)
    width = 0
    row = 1
    try:
        with source.open(encoding="utf-8-sig", newline="") as stream:
            lines = _Lines(stream)
            for row, cells in enumerate(csv.reader(lines, delimiter=_delimiter(source)), 1):
                # A row finished by the end of the file stands in a quotation never closed, which
                # may have swallowed rows.
                if lines.ended:
                    raise InputError.at(_message("table-broken"), file=file, row=row)
                width = width or len(cells)
                if cells and len(cells) != width:
                    sizes = {"found": len(cells), "wanted": width}
                    message = Message("methods.names:table-row-width", sizes)
                    raise InputError.at(message, file=file, row=row)
                if cells:
                    yield row, cells
    except UnicodeDecodeError:
        raise InputError.at(_message("table-not-utf8"), file=file) from None
    except csv.Error:
        raise InputError.at(_message("table-broken"), file=file, row=row + 1) from None
    except OSError:
        raise InputError.at(_message("file-unreadable"), file=file) from None
    if not width:
        raise InputError.at(_message("table-empty"), file=file)


class _Lines:
    """Lines of a file, knowing whether a line was asked for beyond the last."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        yield from self._lines
        self.ended = True


def column_place(header: list[str], name: str, source: Path) -> int:
    if name not in header:
        columns = ", ".join(header[:20])
        message = _message("column-missing", column=name, columns=columns)
        raise InputError.at(message, file=str(source), row=1)
    if header.count(name) > 1:
        raise InputError.at(_message("column-twice", column=name), file=str(source), row=1)
    return header.index(name)


def _delimiter(source: Path) -> str:
    """What divides cells: spreadsheets of many countries write semicolons, as their CSV."""
    if _tabbed(source):
        return "\t"
    with source.open("rb") as stream:
        header = stream.readline(HEADER_BYTES)
    found = max(b",;\t", key=lambda byte: header.count(byte))
    return "," if b"," in header else chr(found)


def _written(source: Path, target: Path) -> str:
    if _tabbed(target):
        return "\t"
    found = _delimiter(source)
    return "," if found == "\t" else found


def _tabbed(path: Path) -> bool:
    return path.suffix.lower() in (".tsv", ".tab")


def _message(key: str, **params: object) -> Message:
    return Message(f"methods.names:{key}", params)

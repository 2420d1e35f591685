"""Records of a file as a DuckDB relation of text columns; nothing is loaded whole."""

from __future__ import annotations

import csv
import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import duckdb
import numpy as np

from marfa.domain.handling import check_columns, is_mark_column, never_leaving, read_marks
from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.text_file import (
    check_names,
    digest_of_utf8,
    has_mixed_line_ends,
    is_utf8,
    read_header,
    rewrite_line_ends,
    transcode_file,
)

if TYPE_CHECKING:
    from openpyxl import Workbook

T = TypeVar("T")

MEMORY = "600MB"
LONGEST_LINE = 1 << 24
"""Bytes. DuckDB would otherwise hold 32 of them and leave no memory for counting persons."""
MAX_COMBINATIONS = 500_000
LIST_MARK = ";"
BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"
TEXT = frozenset({".csv", ".tsv", ".txt"})
ARROW = frozenset({".arrow", ".feather", ".ipc", ".arrows"})


@dataclass(frozen=True)
class RecordFile:
    """An open file of records. ``records`` is the name of the relation in ``connection``.

    digest: SHA-256 of the file's bytes, hexadecimal. lists: columns that hold several values by
    their type; their text has LIST_MARK between the values. staying: columns of which the mark of
    the file says that they may not leave; they are none of ``columns``.
    """

    path: Path
    connection: duckdb.DuckDBPyConnection
    columns: tuple[str, ...]
    digest: str
    lists: frozenset[str] = frozenset()
    staying: frozenset[str] = frozenset()

    def value(self, column: str, missing: tuple[str, ...] = ()) -> str:
        """SQL for a column's text: trimmed, NULL where nothing or a code for nothing stands."""
        self.need(column)
        text = f"NULLIF(TRIM({sql_identifier(column)}, {BLANKS}), '')"
        for code in missing:
            text = f"NULLIF({text}, {sql_literal(code)})"
        return text

    def need(self, *columns: str) -> None:
        """Raises InputError naming a column that the file does not have, or that never leaves."""
        check_columns(columns, self.staying, file=self.path.name)
        known = ", ".join(self.columns[:40])
        for column in columns:
            if column not in self.columns:
                raise InputError.at(
                    Message(
                        "methods.disclosure.tables:column-unknown",
                        {"column": column, "known": known},
                    ),
                    file=self.path.name,
                )

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Result of a query; what is wrong with the file comes back as InputError."""
        return self._read(lambda: self.connection.execute(sql).fetchall())

    def numbers(self, sql: str) -> list[Ints]:
        """The columns of a query whose results are whole numbers; errors as of ``rows``."""
        found = self._read(lambda: self.connection.execute(sql).fetchnumpy())
        return [np.asarray(column, dtype=np.int64) for column in found.values()]

    def _read(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except duckdb.OutOfMemoryException as error:
            # Only a count by names, numbers or free text outgrows the memory set here.
            raise InputError.at(
                Message("methods.disclosure.tables:too-many", {"limit": MAX_COMBINATIONS}),
                file=self.path.name,
            ) from error
        except duckdb.InterruptException as error:
            raise KeyboardInterrupt from error
        except (duckdb.Error, UnicodeDecodeError) as error:
            raise _explain(self.path, error) from error
        except RuntimeError as error:
            # What DuckDB makes of Ctrl-C.
            if "interrupt" in str(error).lower():
                raise KeyboardInterrupt from error
            raise


def sql_identifier(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def sql_literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def open_source(
    path: Path,
    *,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Iterator[RecordFile]:
    """Open CSV, TSV, XLSX, Parquet or Arrow by the file's ending.

    Raises InputError for a file that is absent, of another kind, or not readable as what it is.
    """
    if not path.is_file():
        raise InputError.at(Message("methods.disclosure.tables:no-file"), file=str(path))
    with tempfile.TemporaryDirectory(prefix="marfa-") as folder:
        connection = _connect(folder)
        try:
            kind = path.suffix.lower()
            # Text that is taken for UTF-8 is checked whole, in the pass that takes its digest.
            checked = kind in TEXT and is_utf8(encoding)
            lists: frozenset[str] = frozenset()
            if kind in TEXT:
                columns = _text(connection, path, Path(folder), encoding, delimiter)
            elif kind in {".xlsx", ".xlsm"}:
                columns = _workbook(connection, path, Path(folder), sheet)
            elif kind in {".parquet", ".pq"}:
                relation = f"read_parquet({sql_literal(str(path))})"
                columns, lists = _typed(connection, path, relation)
            elif kind in ARROW:
                connection.register("arrow_file", _arrow(path))
                columns, lists = _typed(connection, path, "arrow_file")
            else:
                raise InputError.at(
                    Message("methods.disclosure.tables:kind-unknown"), file=path.name
                )
            digest = digest_of_utf8(path) if checked else _digest(path)
            never = never_leaving(read_marks(path))
            counted = tuple(
                name
                for name in columns
                if name.casefold() not in never and not is_mark_column(name)
            )
            yield RecordFile(path, connection, counted, digest, lists, never)
        finally:
            connection.close()


def _connect(folder: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "threads": "2",
            "temp_directory": folder,
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    connection.execute("SET enable_progress_bar = false")
    return connection


def _text(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    folder: Path,
    encoding: str,
    delimiter: str | None,
) -> list[str]:
    plain = path
    if not is_utf8(encoding):
        plain = folder / "records.csv"
        transcode_file(path, encoding, plain)
    mark = "\t" if delimiter is None and path.suffix.lower() == ".tsv" else delimiter
    columns, mark = read_header(plain, mark)
    if has_mixed_line_ends(plain):
        one_end = folder / "one-end.csv"
        rewrite_line_ends(plain, mark, one_end)
        plain = one_end
    types = ", ".join(f"{sql_literal(name)}: 'VARCHAR'" for name in columns)
    options = f"delim={sql_literal(mark)}, quote='\"', escape='\"', header=true, auto_detect=false"
    connection.execute(
        f"CREATE VIEW records AS SELECT * FROM read_csv({sql_literal(str(plain))}, {options}, "  # noqa: S608
        f"columns={{{types}}}, max_line_size={LONGEST_LINE}, buffer_size={2 * LONGEST_LINE})"
    )
    return columns


def _workbook(
    connection: duckdb.DuckDBPyConnection, path: Path, folder: Path, sheet: str | None
) -> list[str]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, OSError, KeyError, ValueError) as error:
        raise InputError.at(
            Message("methods.disclosure.tables:unreadable", {"reason": str(error)[:200]}),
            file=path.name,
        ) from error
    plain = folder / "records.csv"
    try:
        _copy_sheet(book, path, sheet, plain)
    finally:
        book.close()
    return _text(connection, plain, folder, "utf-8", ",")


def _copy_sheet(book: Workbook, path: Path, sheet: str | None, plain: Path) -> None:
    if sheet is not None and sheet not in book.sheetnames:
        names = ", ".join(book.sheetnames)
        raise InputError.at(
            Message("methods.disclosure.tables:sheet-unknown", {"sheet": sheet, "known": names}),
            file=path.name,
        )
    rows = (book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True)
    header = [("" if name is None else str(name).strip()) for name in next(rows, ())]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise InputError.at(Message("methods.disclosure.tables:file-empty"), file=path.name)
    with plain.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(check_names(header, path))
        for row in rows:
            values = [_cell(value) for value in row[: len(header)]]
            if any(values):
                writer.writerow(values + [""] * (len(header) - len(values)))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value)


def _typed(
    connection: duckdb.DuckDBPyConnection, path: Path, relation: str
) -> tuple[list[str], frozenset[str]]:
    """The names of the columns, and of those that hold lists."""
    try:
        shape = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()  # noqa: S608
    except duckdb.Error as error:
        raise _explain(path, error) from error
    texts = [
        f"{_as_text(str(name), str(kind))} AS {sql_identifier(str(name))}"
        for name, kind, *_ in shape
    ]
    connection.execute(f"CREATE VIEW records AS SELECT {', '.join(texts)} FROM {relation}")  # noqa: S608
    lists = frozenset(str(name) for name, kind, *_ in shape if str(kind).endswith("]"))
    return [str(name) for name, *_ in shape], lists


def _as_text(name: str, kind: str) -> str:
    column = sql_identifier(name)
    if kind in {"DOUBLE", "FLOAT"}:
        # Whole numbers often become fractions where a column has gaps: 2012.0 is 2012.
        return (
            f"CASE WHEN isnan({column}) THEN NULL WHEN {column} = trunc({column}) "
            f"AND abs({column}) < 1e15 THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) "
            f"ELSE CAST({column} AS VARCHAR) END"
        )
    if kind.endswith("]"):
        # An empty list is an empty field.
        return f"array_to_string(CAST({column} AS VARCHAR[]), {sql_literal(LIST_MARK)})"
    return f"CAST({column} AS VARCHAR)"


def _arrow(path: Path) -> object:
    try:
        import pyarrow
        from pyarrow import dataset, ipc
    except ImportError as error:
        raise InputError.at(
            Message("methods.disclosure.tables:needs-extra", {"package": "pyarrow"}),
            file=path.name,
        ) from error
    try:
        if path.suffix.lower() == ".arrows":
            with path.open("rb") as stream:
                return ipc.open_stream(stream).read_all()
        return dataset.dataset(str(path), format="ipc")
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise InputError.at(
            Message("methods.disclosure.tables:unreadable", {"reason": str(error)[:200]}),
            file=path.name,
        ) from error


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _explain(path: Path, error: Exception) -> InputError:
    text = str(error)
    reason = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return InputError.at(
        Message("methods.disclosure.tables:unreadable", {"reason": reason[:300]}), file=path.name
    )

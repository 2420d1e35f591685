"""Capture tables from CSV files: counts by history, or one row a person.

A list is a column of 0 and 1, or of ``un`` and ``obs`` as the R package conting writes them; its
count is then ``y``, and the rows of people on no list, with ``NA``, are what is to be estimated.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from marfa.domain.handling import check_columns, never_leaving, read_marks, without_mark
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.estimation.table import MAX_LISTS, CaptureTable

MOST_PROBLEMS = 20
"""A file wrong throughout is told about in its first places."""

COUNT_COLUMN = "count"
R_COUNT_COLUMN = "y"
MARKS = {"un": False, "obs": True}
UNKNOWN = ("", "NA")


@dataclass(frozen=True)
class CaptureData:
    """What a file holds.

    table: everybody. strata: (values of the strata columns, table) in the order of the file.
    referred: people whose presence on a further list came from a referral, by history;
    strata_referred: the same for each stratum. places: those of the columns that say where;
    covariates: those whose groups share a model.
    """

    table: CaptureTable
    columns: tuple[str, ...] = ()
    strata: tuple[tuple[tuple[str, ...], CaptureTable], ...] = ()
    referred: CaptureTable | None = None
    strata_referred: tuple[CaptureTable, ...] = ()
    places: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()


@dataclass
class _Columns:
    lists: list[int]
    count: int | None
    strata: list[int]
    referred: int | None


@dataclass
class _Tally:
    counts: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    referred: dict[int, float] = field(default_factory=lambda: defaultdict(float))


def read_captures(
    path: Path,
    *,
    count: str | None = None,
    strata: Sequence[str] = (),
    places: Sequence[str] = (),
    covariates: Sequence[str] = (),
    referred: str | None = None,
) -> CaptureData:
    """Read a capture table.

    count: the column with the number of people; None takes ``count`` where there is one, and
        one row a person otherwise. All other columns, but for strata and referred, are lists
        of 0 and 1, or of ``un`` and ``obs``. A group that is empty or ``NA`` is one of its own.
    places: columns of groups too, which say where; the lists are taken to work alike inside.
    covariates: columns of groups that share a model (``shared``).
    Raises InputError, with every problem's row and column, for anything else.
    """
    strata = tuple(dict.fromkeys([*strata, *places, *covariates]))
    rows = _without_row_names(_rows(path))
    header = rows[0][1]
    columns = _columns(path.name, header, count or _usual_count(rows), strata, referred)
    problems = _not_lists(path.name, rows, columns)
    if problems:
        raise InputError(*problems)
    whole = _Tally()
    parts: dict[tuple[str, ...], _Tally] = defaultdict(_Tally)
    for line, row in rows[1:]:
        wrong = _take(row, columns, header, whole, parts)
        problems += [Problem(m, Place(path.name, line, column)) for m, column in wrong]
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise InputError(*problems[:MOST_PROBLEMS])
    names = [header[i] for i in columns.lists]
    return CaptureData(
        CaptureTable.of(names, whole.counts),
        tuple(strata),
        tuple((key, CaptureTable.of(names, tally.counts)) for key, tally in parts.items())
        if strata
        else (),
        CaptureTable.of(names, whole.referred) if referred else None,
        tuple(CaptureTable.of(names, tally.referred) for tally in parts.values())
        if referred and strata
        else (),
        tuple(places),
        tuple(covariates),
    )


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Rows that are not empty with their line numbers, header first. Raises InputError for a
    column of which the file says that it never leaves."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.at(
            Message("methods.estimation:file-unreadable"), file=path.name
        ) from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise InputError.at(
            Message("methods.estimation:file-unreadable"), file=path.name
        ) from error
    rows = [(line, row) for line, row in rows if any(row)]
    if len(rows) < 2:
        raise InputError.at(Message("methods.estimation:file-empty"), file=path.name)
    header = rows[0][1]
    rows = [(line, without_mark(row, header)) for line, row in rows]
    check_columns(rows[0][1], never_leaving(read_marks(path)), file=path.name)
    return rows


def _without_row_names(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Without the first column that R writes before the others: no name, and rows numbered."""
    body = rows[1:]
    numbered = all(row and row[0] == str(i) for i, (_, row) in enumerate(body, 1))
    return [(line, row[1:]) for line, row in rows] if not rows[0][1][0] and numbered else rows


def _usual_count(rows: list[tuple[int, list[str]]]) -> str | None:
    """The column of counts that a file has by custom."""
    header = rows[0][1]
    if COUNT_COLUMN in header:
        return COUNT_COLUMN
    long = any(cell.lower() in MARKS for cell in rows[1][1])
    return R_COUNT_COLUMN if long and R_COUNT_COLUMN in header else None


def _not_lists(name: str, rows: list[tuple[int, list[str]]], columns: _Columns) -> list[Problem]:
    """Columns of which no cell is the mark of a list: what divides people has to be named."""
    header = rows[0][1]
    whole = [row for _, row in rows[1:] if len(row) == len(header)]
    return [
        Problem(Message("methods.estimation:column-not-a-list"), Place(name, column=header[i]))
        for i in columns.lists
        if whole and all(_mark(row[i]) is None and not _is_number(row[i]) for row in whole)
    ]


def _is_number(text: str) -> bool:
    return _whole(text)[1] != Message("methods.estimation:count-not-number")


def _columns(
    name: str, header: list[str], count: str | None, strata: Sequence[str], referred: str | None
) -> _Columns:
    problems = [
        Problem(Message("methods.estimation:column-twice"), Place(name, column=column or "?"))
        for i, column in enumerate(header)
        if column in header[:i] or not column
    ]
    wanted = [*strata, *([count] if count else []), *([referred] if referred else [])]
    problems += [
        Problem(Message("methods.estimation:column-missing"), Place(name, column=column))
        for column in wanted
        if column not in header
    ]
    if problems:
        raise InputError(*problems)
    special = {*strata, *([count] if count else []), *([referred] if referred else [])}
    lists = [i for i, column in enumerate(header) if column not in special]
    if len(lists) > MAX_LISTS:
        params = {"lists": len(lists), "most": MAX_LISTS}
        raise InputError.at(Message("methods.estimation:refused-many-lists", params), file=name)
    if not lists:
        raise InputError.at(Message("methods.estimation:refused-one-list"), file=name)
    return _Columns(
        lists,
        header.index(count) if count else None,
        [header.index(column) for column in strata],
        header.index(referred) if referred else None,
    )


def _take(
    row: list[str],
    columns: _Columns,
    header: list[str],
    whole: _Tally,
    parts: dict[tuple[str, ...], _Tally],
) -> list[tuple[Message, str | None]]:
    """Add a row to the tallies, or say what is wrong with it."""
    if len(row) != len(header):
        params = {"found": len(row), "wanted": len(header)}
        return [(Message("methods.estimation:row-length", params), None)]
    wrong: list[tuple[Message, str | None]] = []
    history = 0
    for bit, i in enumerate(columns.lists):
        mark = _mark(row[i])
        if mark is None:
            wrong.append((Message("methods.estimation:not-zero-one"), header[i]))
        elif mark:
            history |= 1 << bit
    if not wrong and not history:
        if columns.count is not None and row[columns.count] in UNKNOWN:
            return []
        return [(Message("methods.estimation:all-zero-row"), None)]
    number, problem = (1, None) if columns.count is None else _whole(row[columns.count])
    if problem is not None and columns.count is not None:
        wrong.append((problem, header[columns.count]))
    sent = 0
    if columns.referred is not None:
        sent, problem = _whole(row[columns.referred] or "0")
        if problem is None and sent > (number if history.bit_count() > 1 else 0):
            problem = Message("methods.estimation:referred-too-many")
        if problem is not None:
            wrong.append((problem, header[columns.referred]))
    if wrong:
        return wrong
    group = tuple("" if row[i] in UNKNOWN else row[i] for i in columns.strata)
    for tally in (whole, parts[group]):
        tally.counts[history] += number
        tally.referred[history] += sent
    return []


def _mark(text: str) -> bool | None:
    if text.lower() in MARKS:
        return MARKS[text.lower()]
    number, problem = _whole(text)
    return None if problem is not None or number > 1 else bool(number)


def _whole(text: str) -> tuple[int, Message | None]:
    """A count: a whole number of people, none of them negative."""
    try:
        value = float(text)
    except ValueError:
        return 0, Message("methods.estimation:count-not-number")
    if not abs(value) < 1e9:
        return 0, Message("methods.estimation:count-not-number")
    if value < 0:
        return 0, Message("methods.estimation:count-negative")
    if value != int(value):
        return 0, Message("methods.estimation:count-fractional")
    return int(value), None

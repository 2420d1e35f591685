"""Case records as a release reads them: for each column its values, for each record those it has.

What a column may hold is public: either it is declared (``domains``), or the values of the file
themselves are taken as public. That not one of them is free text, a name or a number of a person
is for whoever releases to know; columns that look like it are refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.disclosure.private.noise import MOST_RECORDS
from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.source import LIST_MARK, RecordFile, sql_literal

MOST_COLUMNS = 400
MOST_VALUES = 1_000
"""Values of one column, where they are not declared."""
MOST_DECLARED = 5_000
"""Values of all columns together."""
FEW = 50
"""A column with so few values may have another one in each record."""


@dataclass(frozen=True)
class Column:
    """One column. values: what it may hold, sorted. cells: by code of a cell, which values it has;
    the empty cell is 0. separator: what stands between several values in a cell, or None."""

    name: str
    values: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]
    separator: str | None = None
    declared: bool = False


@dataclass(frozen=True)
class Records:
    """Distinct records and how often each occurs.

    cells: (rows, columns) codes of cells. times: (rows,) how many records are so.
    """

    columns: tuple[Column, ...]
    cells: Ints
    times: Ints

    @property
    def offsets(self) -> Ints:
        """(columns + 1,) where the values of each column begin among all values."""
        sizes = [len(column.values) for column in self.columns]
        return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)

    @property
    def parts(self) -> Ints:
        """(parts + 1,) where the values begin of which a record has one at most: those of a column,
        and each by itself of a column with several values in a cell."""
        sizes = [
            size
            for column in self.columns
            for size in ([1] * len(column.values) if column.separator else [len(column.values)])
            if size
        ]
        return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)

    @property
    def number(self) -> int:
        """How many records there are; it leaves only with noise."""
        return int(self.times.sum())


def read_records(
    source: RecordFile,
    columns: Sequence[str] = (),
    *,
    missing: tuple[str, ...] = (),
    several: Mapping[str, str] | None = None,
    domains: Mapping[str, Sequence[str]] | None = None,
) -> Records:
    """The records of a file.

    columns: which; all that may leave by default. several: by column, what divides several values
    in one of its cells. domains: by column, all that it may hold.
    Raises InputError for a column that is absent, that never leaves or looks like names, and for
    values that are not declared.
    """
    names = tuple(columns) or source.columns
    separators = {name: LIST_MARK for name in source.lists if name in names} | dict(several or {})
    declared = dict(domains or {})
    source.need(*names, *separators, *declared)
    if len(names) > MOST_COLUMNS:
        raise _error("columns-many", source, limit=MOST_COLUMNS)
    texts = ", ".join(f"{source.value(name, missing)} AS t{n}" for n, name in enumerate(names))
    source.rows(f"CREATE OR REPLACE TEMP TABLE release_cells AS SELECT {texts} FROM records")  # noqa: S608
    made: list[Column] = []
    problems: list[Problem] = []
    for place, name in enumerate(names):
        try:
            made.append(_column(source, place, name, missing, separators, declared))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    if sum(len(column.values) for column in made) > MOST_DECLARED:
        raise _error("values-many", source, limit=MOST_DECLARED)
    return _rows(source, tuple(made))


def _rows(source: RecordFile, columns: tuple[Column, ...]) -> Records:
    codes = [
        f"coalesce(enum_code(CAST(t{n} AS release_{n})) + 1, 0) AS c{n}"
        for n in range(len(columns))
    ]
    inner = f"SELECT {', '.join(codes)} FROM release_cells"  # noqa: S608
    order = ", ".join(f"c{n}" for n in range(len(columns)))
    found = source.numbers(
        f"SELECT {order}, count(*) AS times FROM ({inner}) GROUP BY {order} ORDER BY {order}"  # noqa: S608
    )
    times = found[-1]
    if times.sum() > MOST_RECORDS:
        raise _error("records-many", source, limit=MOST_RECORDS)
    return Records(columns, np.stack(found[:-1], axis=1), times)


def _column(
    source: RecordFile,
    place: int,
    name: str,
    missing: tuple[str, ...],
    separators: Mapping[str, str],
    declared: Mapping[str, Sequence[str]],
) -> Column:
    found = source.rows(
        f"SELECT t{place}, count(*) FROM release_cells WHERE t{place} IS NOT NULL "  # noqa: S608
        f"GROUP BY ALL ORDER BY ALL LIMIT {MOST_DECLARED + 1}"
    )
    texts = [str(each) for each, _number in found]
    if len(texts) > MOST_DECLARED:
        raise _error("column-names", source, name, count=len(texts))
    separator = separators.get(name)
    parts = [_parts(each, separator, missing) for each in texts]
    seen = {part for each in parts for part in each}
    reported = sum(int(str(number)) for _text, number in found)
    if name in declared:
        values = tuple(dict.fromkeys(str(value).strip() for value in declared[name]))
        if strange := sorted(seen - set(values)):
            raise _error("not-declared", source, name, count=len(strange), value=strange[0])
    else:
        values = tuple(sorted(seen))
        if len(values) > MOST_VALUES or (len(values) > FEW and 2 * len(values) > reported):
            raise _error("column-names", source, name, count=len(values))
    at = {value: number for number, value in enumerate(values)}
    cells = ((), *(tuple(sorted(at[part] for part in each)) for each in parts))
    listed = ", ".join(map(sql_literal, texts)) or "''"
    source.rows(f"CREATE OR REPLACE TEMP TYPE release_{place} AS ENUM ({listed})")
    return Column(name, values, cells, separator, name in declared)


def _parts(text: str, separator: str | None, missing: tuple[str, ...]) -> tuple[str, ...]:
    if separator is None:
        return (text,)
    parts = (part.strip() for part in text.split(separator))
    return tuple(dict.fromkeys(part for part in parts if part and part not in missing))


def _error(
    code: str, source: RecordFile, column: str | None = None, **params: object
) -> InputError:
    message = Message(f"methods.disclosure.private:{code}", params)
    return InputError(Problem(message, Place(source.path.name, column=column)))

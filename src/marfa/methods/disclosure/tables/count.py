"""Count the records of a source by the dimensions of a query, in DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.cells import Cells, build_cells
from marfa.methods.disclosure.tables.dimension import Dimension, build_dimension
from marfa.methods.disclosure.tables.query import TableQuery
from marfa.methods.disclosure.tables.source import (
    LIST_MARK,
    MAX_COMBINATIONS,
    RecordFile,
    sql_literal,
)

SEVERAL = "_several"


@dataclass(frozen=True)
class Counted:
    """The true table. file_records: records in the file, counted or not.
    lag_days: median days from the event to its record, where both dates are given.
    rows: the counted combinations, values as they stand in the file and the count last.
    households: the same by household or incident, which stands before the count. amounts: by
    combination, the sum and the largest contributions (see ``amounts``)."""

    cells: Cells
    file_records: int
    lag_days: float | None
    undated: int
    rows: tuple[tuple[object, ...], ...] = ()
    households: tuple[tuple[object, ...], ...] = ()
    amounts: tuple[tuple[object, ...], ...] = ()


def count(source: RecordFile, query: TableQuery) -> Counted:
    """The true table; never to leave this process unprotected.

    Raises InputError for unknown columns, an empty population, too many combinations, and a
    person (``unit``) who falls into two cells.
    """
    query.check()
    source.need(*query.dimensions, *(column for column, _value in query.where), *query.several)
    texts = [_dimension(source, query, name) for name in query.dimensions]
    where = _where(source, query)
    names = ", ".join(f"d{axis}" for axis in range(len(texts)))
    columns = ", ".join(f"{text} AS d{axis}" for axis, text in enumerate(texts))
    plain = columns
    measure, person = "count(*)", ""
    if query.unit is not None:
        person = f", {source.value(query.unit, query.missing)} AS person"
        measure = "count(DISTINCT person)"
        _persons_apart(source, query, columns + person, names, where)
    sql = (
        f"SELECT {names}, {measure} FROM (SELECT {columns}{person} FROM records{where}) "  # noqa: S608
        f"GROUP BY {names}"
    )
    rows = _limited(source, sql)
    if not rows:
        raise InputError.at(Message("methods.disclosure.tables:nobody"), file=source.path.name)
    total = source.rows("SELECT count(*) FROM records")[0][0]
    lag, undated = _timeliness(source, query, where)
    households: list[tuple[object, ...]] = []
    if query.household is not None:
        columns += f", {source.value(query.household, query.missing)} AS household"
        households = _limited(
            source,
            f"SELECT {names}, household, {measure} FROM "  # noqa: S608
            f"(SELECT {columns}{person} FROM records{where}) GROUP BY {names}, household",
        )
    amounts: list[tuple[object, ...]] = []
    if query.amount is not None:
        from marfa.methods.disclosure.tables.amounts import read_amounts

        amounts = read_amounts(source, query, plain, names, where)
    cells = cells_of_rows(query, rows)
    return Counted(
        cells, int(str(total)), lag, undated, tuple(rows), tuple(households), tuple(amounts)
    )


def _limited(source: RecordFile, sql: str) -> list[tuple[object, ...]]:
    """Groups of records. Raises InputError for more than can be handled."""
    rows = source.rows(f"{sql} LIMIT {MAX_COMBINATIONS + 1}")
    if len(rows) > MAX_COMBINATIONS:
        raise InputError.at(
            Message("methods.disclosure.tables:too-many", {"limit": MAX_COMBINATIONS}),
            file=source.path.name,
        )
    return rows


def _dimension(source: RecordFile, query: TableQuery, name: str) -> str:
    text = source.value(name, query.missing)
    if name in source.lists or name in query.several:
        mark = LIST_MARK if name in source.lists else query.separator
        test = f"contains({text}, {sql_literal(mark)})"
        return f"CASE WHEN {test} THEN '{SEVERAL}' ELSE {text} END"
    return text


def _where(source: RecordFile, query: TableQuery) -> str:
    tests = [f"{source.value(column)} = {sql_literal(value)}" for column, value in query.where]
    return f" WHERE {' AND '.join(tests)}" if tests else ""


def _persons_apart(
    source: RecordFile, query: TableQuery, columns: str, names: str, where: str
) -> None:
    inner = f"SELECT DISTINCT {names}, person FROM (SELECT {columns} FROM records{where})"  # noqa: S608
    found = source.rows(
        f"SELECT count(*) FILTER (n > 1), count(*) FILTER (person IS NULL) FROM "  # noqa: S608
        f"(SELECT person, count(*) AS n FROM ({inner}) GROUP BY person)"
    )[0]
    for key, number in (("person-twice", found[0]), ("person-missing", found[1])):
        if number:
            raise InputError.at(
                Message(f"methods.disclosure.tables:{key}", count=int(str(number))),
                file=source.path.name,
                column=query.unit,
            )


def cells_of_rows(query: TableQuery, rows: Sequence[tuple[object, ...]]) -> Cells:
    """The table of counted combinations, values merged and grouped as the query says."""
    width = len(query.dimensions)
    totals: dict[tuple[str | None, ...], int] = {}
    for key, row in zip(_merged_values(query, rows), rows, strict=True):
        totals[key] = totals.get(key, 0) + int(str(row[width]))
    columns = [[key[axis] for key in totals] for axis in range(width)]
    dimensions = tuple(
        _dimension_of(query, name, set(column))
        for name, column in zip(query.dimensions, columns, strict=True)
    )
    nodes = _nodes(dimensions, list(totals))
    return build_cells(dimensions, nodes, np.array(list(totals.values()), dtype=np.int64))


def leaf_nodes(
    query: TableQuery, dimensions: tuple[Dimension, ...], rows: Sequence[tuple[object, ...]]
) -> Ints:
    """(rows, dimensions) the leaf of each counted combination in the dimensions of its table."""
    return _nodes(dimensions, list(_merged_values(query, rows)))


def _merged_values(
    query: TableQuery, rows: Sequence[tuple[object, ...]]
) -> Iterator[tuple[str | None, ...]]:
    merged = [_merged_into(query, name) for name in query.dimensions]
    for row in rows:
        plain = (None if value is None else str(value) for value in row[: len(merged)])
        yield tuple(into.get(value, value) for into, value in zip(merged, plain, strict=True))


def _nodes(dimensions: tuple[Dimension, ...], keys: Sequence[tuple[str | None, ...]]) -> Ints:
    columns: list[Ints] = []
    for axis, dimension in enumerate(dimensions):
        leaf = {value: dimension.leaf_for(value) for value in {key[axis] for key in keys}}
        columns.append(np.array([leaf[key[axis]] for key in keys], dtype=np.int64))
    return np.column_stack(columns)


def _merged_into(query: TableQuery, name: str) -> dict[str | None, str | None]:
    return {
        value: label for label, values in query.merged.get(name, {}).items() for value in values
    }


def _dimension_of(query: TableQuery, name: str, values: set[str | None]) -> Dimension:
    """Nodes of a column; a merged value stands in the group in which all its parts stand."""
    merged = query.merged.get(name, {})
    groups = dict(query.groups.get(name, {}))
    for label, parts in merged.items():
        above = {groups.get(part) if part is not None else None for part in parts}
        if len(above) == 1 and (group := above.pop()) is not None:
            groups[label] = group
    dimension = build_dimension(name, values, groups)
    of = {label: tuple(parts) for label, parts in merged.items() if label in values}
    return replace(dimension, of=of)


def _timeliness(source: RecordFile, query: TableQuery, where: str) -> tuple[float | None, int]:
    if query.occurred is None or query.recorded is None:
        return None, 0
    event, record = (
        f"try_cast({source.value(column)} AS DATE)" for column in (query.occurred, query.recorded)
    )
    lag, undated = source.rows(
        f"SELECT median(date_diff('day', {event}, {record})), "  # noqa: S608
        f"count(*) FILTER ({event} IS NULL OR {record} IS NULL) FROM records{where}"
    )[0]
    return None if lag is None else float(str(lag)), int(str(undated))

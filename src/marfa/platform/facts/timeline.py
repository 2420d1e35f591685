"""Statements about a subject become rows in two times: when it was so, and when we knew it.

Pure. A later statement covers earlier ones for the days it speaks of, as in the bitemporal
tables of SQL:2011 (application-time and system-time periods).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True)
class Statement:
    """From a day on (until another), this is so; values None: nothing is.

    at: the moment of the transaction that wrote it.
    """

    valid_from: date
    at: datetime
    values: Mapping[str, object] | None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError("a statement speaks of at least one day")


@dataclass(frozen=True)
class FactRow:
    """One row of a kind, without its key and subject."""

    valid_from: date
    valid_until: date | None
    recorded_at: datetime
    replaced_at: datetime | None
    values: Mapping[str, object]


def rows_of(statements: Iterable[Statement]) -> list[FactRow]:
    """All rows that a subject's statements, in the order in which they were made, come to."""
    rows: list[FactRow] = []
    for statement in statements:
        rows = apply_statement(rows, statement)
    return rows


def apply_statement(rows: Iterable[FactRow], statement: Statement) -> list[FactRow]:
    """The rows of a subject after one more statement.

    A clock that was set back does not make knowledge older than what was known before. A row
    that was replaced in the moment in which it was recorded was never known, and goes.
    """
    rows = list(rows)
    at = max([statement.at, *(row.replaced_at or row.recorded_at for row in rows)])
    found = [row for row in rows if row.replaced_at is not None]
    present = [row for row in rows if row.replaced_at is None]
    new: list[FactRow] = []
    for row in present:
        rest = _outside(row, statement, at)
        if rest == [row]:
            found.append(row)
            continue
        if row.recorded_at < at:
            found.append(replace(row, replaced_at=at))
        new += rest
    if statement.values is not None:
        end = statement.valid_until
        new.append(FactRow(statement.valid_from, end, at, None, dict(statement.values)))
    return found + new


def _outside(row: FactRow, statement: Statement, at: datetime) -> list[FactRow]:
    """What of a present row a statement leaves standing; the row itself if it is not touched."""
    start, end = statement.valid_from, statement.valid_until
    if _ends_by(row.valid_until, start) or (end is not None and row.valid_from >= end):
        return [row]
    left = []
    if row.valid_from < start:
        left.append(replace(row, valid_until=start, recorded_at=at))
    if end is not None and not _ends_by(row.valid_until, end):
        left.append(replace(row, valid_from=end, recorded_at=at))
    return left


def _ends_by(end: date | None, day: date) -> bool:
    return end is not None and end <= day

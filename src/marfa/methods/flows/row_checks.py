"""Rows of a ledger's file that are wrong, told by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from marfa.domain.message import InputError, Message, Place, Problem

LARGEST = 10**15
"""Thousandths."""
MOST_PROBLEMS = 20


def refuse_rows(connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str]) -> None:
    """InputError with every row that is wrong, up to a number; none of them repeats a cell."""
    problems: list[tuple[int, str, str]] = []
    for key, column, wrong in _found_wrong(connection, _checks("currency" in columns)):
        found = connection.execute(
            f"SELECT row FROM read QUALIFY {wrong} ORDER BY row LIMIT {MOST_PROBLEMS}"  # noqa: S608
            if " OVER " in wrong
            else f"SELECT row FROM read WHERE {wrong} ORDER BY row LIMIT {MOST_PROBLEMS}"  # noqa: S608
        ).fetchall()
        problems += [(int(row[0]), key, column) for row in found]
    if problems:
        shown = sorted(problems)[:MOST_PROBLEMS]
        raise InputError(
            *(
                Problem(Message(f"methods.flows:{key}"), Place(path.name, row, column))
                for row, key, column in shown
            )
        )
    count, total = connection.execute("SELECT count(*), sum(thousandths) FROM read").fetchall()[0]
    if not count:
        raise InputError.at(Message("methods.flows:file-empty"), file=path.name)
    if total > 4 * 10**18:
        raise InputError.at(Message("methods.flows:sums-too-large"), file=path.name)


@dataclass(frozen=True)
class _Check:
    """What is wrong with a row, and whether any row of the whole may be.

    wrong: a condition. any: the same of all rows, told in one pass with the others; where it is
    false no row is looked for.
    """

    key: str
    column: str
    wrong: str
    any: str


def _checks(with_currency: bool) -> list[_Check]:
    far = 10**12
    by_row = [
        ("id-empty", "id", "id = ''"),
        ("account-empty", "src", "src = ''"),
        ("account-empty", "dst", "dst = ''"),
        ("not-a-time", "ts", f"seconds IS NULL OR abs(seconds) > {far}"),
        ("not-an-amount", "amount", f"coalesce(thousandths, 0) NOT BETWEEN 1 AND {LARGEST}"),
    ]
    checks = [_Check(*each, any=f"bool_or({each[2]})") for each in by_row]
    # Ids whose hashes differ are different.
    twice = "id <> '' AND row > min(row) OVER (PARTITION BY id)"
    checks.append(_Check("id-twice", "id", twice, "count(DISTINCT hash(id)) < count(*)"))
    other = "counted <> first(counted) OVER (ORDER BY row) AND seconds IS NOT NULL"
    checks.append(_Check("two-clocks", "ts", other, "bool_or(counted) <> bool_and(counted)"))
    if with_currency:
        other = "upper(currency) <> first(upper(currency)) OVER (ORDER BY row)"
        several = "min(upper(currency)) <> max(upper(currency))"
        checks.append(_Check("currency-other", "currency", other, several))
    return checks


def _found_wrong(
    connection: duckdb.DuckDBPyConnection, checks: Sequence[_Check]
) -> list[tuple[str, str, str]]:
    """Key, column and condition of what some row has."""
    asked = ", ".join(f"coalesce({check.any}, false)" for check in checks)
    found = connection.execute(f"SELECT {asked} FROM read").fetchall()[0]  # noqa: S608
    return [(c.key, c.column, c.wrong) for c, some in zip(checks, found, strict=True) if some]

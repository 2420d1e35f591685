"""Answers as a table, with the columns of the published reference answers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

from marfa.domain.spreadsheets import TableWriter

COLUMNS = (
    "unit", "config", "t", "observed", "expected", "upperbound", "alarm", "pvalue", "phi", "trend",
)  # fmt: skip


def answers_csv(rows: Iterable[Mapping[str, object]]) -> str:
    """A CSV document; ``NA`` where there is no value, and every digit of those there are."""
    out = io.StringIO()
    writer = TableWriter(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return "NA"
    return value if isinstance(value, str) else repr(value)

"""Answers as a table, with the columns of the published reference answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

COLUMNS = (
    "unit", "config", "t", "observed", "expected", "upperbound", "alarm", "pvalue", "phi", "trend",
)  # fmt: skip


def answers_csv(rows: Iterable[Mapping[str, object]]) -> str:
    """A CSV document; ``NA`` where there is no value, and every digit of those there are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    """A name that a spreadsheet would compute is made plain text."""
    if value is None:
        return "NA"
    if isinstance(value, str):
        return f"'{value}" if value[:1] in ("=", "+", "-", "@") else value
    return repr(value)

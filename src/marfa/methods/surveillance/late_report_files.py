"""Reports with two dates: when it was so, and when it became known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.methods.surveillance.delay import Reports, collect_reports
from marfa.methods.surveillance.panel import Step
from marfa.methods.surveillance.profiling import refuse_profiling
from marfa.methods.surveillance.series_files import number, read_dates, read_numbers, start_of
from marfa.methods.surveillance.table_file import read_table


def read_reports(
    path: Path,
    *,
    places: Sequence[str],
    when: str,
    known: str,
    count: str | None = None,
    step: Step = Step.WEEK,
    longest: int = 4,
) -> Reports:
    """A row a report. Rows without one of the two dates are left out.

    Raises InputError for a file that is wrong, and where no row has both dates.
    """
    table = read_table(path)
    refuse_profiling(table.header, file=table.name)
    columns = [table.column(name) for name in places]
    values = read_numbers(table, [count])[:, 0] if count else [1.0] * len(table.rows)
    rows = [
        (" / ".join(row[i] for i in columns), so, told, float(value))
        for (_line, row), so, told, value in zip(
            table.rows, read_dates(table, when), read_dates(table, known), values, strict=True
        )
        if so is not None and told is not None and value == value
    ]
    if not rows:
        raise InputError.at(Message("methods.surveillance:no-date"), file=table.name)
    first = start_of(min(so for _unit, so, _told, _value in rows), step)

    def at(day: date) -> int:
        return number(day, first, step)

    numbered = [(unit, at(so), at(told), value) for unit, so, told, value in rows]
    return collect_reports(numbered, longest, step, first)

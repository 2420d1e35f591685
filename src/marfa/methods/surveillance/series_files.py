"""Panels from CSV files: a column a series, or a row a report or event."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.surveillance.panel import Floats, Panel, Step
from marfa.methods.surveillance.profiling import refuse_profiling
from marfa.methods.surveillance.table_file import MOST_PROBLEMS, TableFile, read_table

TIME = "t"
DATES = ("date", "week_start", "week", "month", "day", "period", "date_start", "reportingDate")
CALENDAR = frozenset({TIME, "year", "in_year", *DATES})
"""Columns that tell of time, and so are no counts."""
MISSING = frozenset({"", "na", "nan", "n/a", ".", "-", "null"})
LARGEST = 1e12
MOST_STEPS = 200_000
"""More steps than that between the first date and the last are a slip of the pen."""


def read_panel(
    path: Path,
    *,
    counts: Sequence[str] = (),
    places: Sequence[str] = (),
    when: str | None = None,
    step: Step | None = None,
    at_risk: str | None = None,
) -> Panel:
    """Read a panel.

    counts: columns with counts; () takes every column that does not tell of time. With places it
        is at most one column, whose values are added; none counts the rows.
    places: columns that say where a row belongs; () reads one series a column.
    when: the column with the date; None takes the first of ``DATES``.
    step: None finds it from the dates, and takes weeks where there are none.
    at_risk: column with the people among whom the counts arise, for all series.
    Raises InputError, with the row and column of every problem.
    """
    table = read_table(path)
    return panel_of(table, counts=counts, places=places, when=when, step=step, at_risk=at_risk)


def panel_of(
    table: TableFile,
    *,
    counts: Sequence[str] = (),
    places: Sequence[str] = (),
    when: str | None = None,
    step: Step | None = None,
    at_risk: str | None = None,
) -> Panel:
    """The panel of a table that is already read; see ``read_panel``."""
    refuse_profiling(table.header, file=table.name)
    when = when or next((name for name in DATES if name in table.header), None)
    if places:
        return _by_place(table, counts, places, when, step)
    special = CALENDAR | {when, at_risk}
    units = tuple(counts) or tuple(name for name in table.header if name not in special)
    if not units:
        raise InputError.at(Message("methods.surveillance:no-counts"), file=table.name)
    values = read_numbers(table, [*units, *([at_risk] if at_risk else [])])
    days = [] if when is None else read_dates(table, when)
    if not any(days):
        return _undated(table, units, values, step or Step.WEEK)
    return _dated(table, units, values, days, step)


def _undated(table: TableFile, units: tuple[str, ...], values: Floats, step: Step) -> Panel:
    """Steps by number: those that the file leaves out are missing, not zero."""
    times = list(range(1, len(values) + 1))
    if TIME in table.header:
        times = [int(v) for v in read_numbers(table, [TIME], whole=True)[:, 0]]
    return _filled(table, units, values, times, step, None)


def _dated(
    table: TableFile,
    units: tuple[str, ...],
    values: Floats,
    days: Sequence[date | None],
    step: Step | None,
) -> Panel:
    problems = [
        Problem(Message("methods.surveillance:date-missing"), Place(table.name, line))
        for (line, _row), day in zip(table.rows, days, strict=True)
        if day is None
    ]
    if problems:
        raise InputError(*problems[:MOST_PROBLEMS])
    known = [day for day in days if day is not None]
    step = step or step_between(known)
    first = min(known)
    return _filled(table, units, values, [number(day, first, step) for day in known], step, first)


def _filled(
    table: TableFile,
    units: tuple[str, ...],
    values: Floats,
    times: Sequence[int],
    step: Step,
    first_day: date | None,
) -> Panel:
    """Rows in the order of time, with rows of missing values between where the file has none."""
    lines = [line for line, _row in table.rows]
    seen: dict[int, int] = {}
    problems = []
    for line, time in zip(lines, times, strict=True):
        if time in seen:
            params = {"row": seen[time]}
            message = Message("methods.surveillance:time-twice", params)
            problems.append(Problem(message, Place(table.name, line)))
        seen.setdefault(time, line)
    if problems:
        raise InputError(*problems[:MOST_PROBLEMS])
    low, high = min(times), max(times)
    if high - low >= MOST_STEPS:
        raise InputError.at(
            Message("methods.surveillance:too-many-steps", {"most": MOST_STEPS}), file=table.name
        )
    filled = np.full((high - low + 1, values.shape[1]), np.nan)
    filled[np.array(times) - low] = values
    width = len(units)
    at_risk = filled[:, width:].repeat(width, axis=1) if values.shape[1] > width else None
    dates: tuple[date, ...] = ()
    names = tuple(range(low, high + 1))
    if first_day is not None:
        dates = tuple(day_of(i, first_day, step) for i in range(high - low + 1))
        named = TIME in table.header
        starts = int(read_numbers(table, [TIME], whole=True)[times.index(low), 0]) if named else 1
        names = tuple(range(starts, starts + len(filled)))
    return Panel(units, filled[:, :width], step, dates, names, at_risk)


def _by_place(
    table: TableFile,
    counts: Sequence[str],
    places: Sequence[str],
    when: str | None,
    step: Step | None,
) -> Panel:
    if when is None or len(counts) > 1:
        key = "no-date" if when is None else "one-count"
        raise InputError.at(Message(f"methods.surveillance:{key}"), file=table.name)
    days = read_dates(table, when)
    columns = [table.column(name) for name in places]
    values = read_numbers(table, counts)[:, 0] if counts else np.ones(len(table.rows))
    rows = [
        (" / ".join(row[i] for i in columns), day, value)
        for (_line, row), day, value in zip(table.rows, days, values.tolist(), strict=True)
        if day is not None
    ]
    if not rows:
        raise InputError.at(Message("methods.surveillance:no-date"), file=table.name)
    return collect(rows, step or Step.WEEK, absent=np.nan if counts else 0.0)


def collect(
    rows: Iterable[tuple[str, date, float]], step: Step, *, absent: float, latest: bool = False
) -> Panel:
    """A panel from (place, day, value) rows, which are added up by step.

    absent: what a step without a row is: 0 for a list of events, NaN for reports.
    latest: keep the last value of a step, for counts of people present, in place of the sum.
    """
    table = list(rows)
    first = start_of(min(day for _place, day, _value in table), step)
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for place, day, value in sorted(table, key=lambda row: row[1]):
        at = number(day, first, step)
        old = found[place].get(at)
        found[place][at] = value if latest or old is None else old + value
    length = max(max(times) for times in found.values()) + 1
    units = tuple(sorted(found))
    counts = np.full((length, len(units)), absent)
    for column, unit in enumerate(units):
        for at, value in found[unit].items():
            counts[at, column] = value
    return Panel(units, counts, step, tuple(day_of(i, first, step) for i in range(length)))


def start_of(day: date, step: Step) -> date:
    """First day of the step that a day is in; weeks begin on Monday (ISO 8601)."""
    if step is Step.WEEK:
        return day - timedelta(days=day.weekday())
    if step is Step.MONTH:
        return day.replace(day=1)
    return day.replace(month=1, day=1) if step is Step.YEAR else day


def number(day: date, first: date, step: Step) -> int:
    """Steps from the first day to another."""
    if step is Step.MONTH:
        return (day.year - first.year) * 12 + day.month - first.month
    if step is Step.YEAR:
        return day.year - first.year
    return (day - first).days // (7 if step is Step.WEEK else 1)


def day_of(steps: int, first: date, step: Step) -> date:
    """The day that many steps after the first."""
    if step is Step.MONTH:
        months = first.year * 12 + first.month - 1 + steps
        return date(months // 12, months % 12 + 1, min(first.day, 28))
    if step is Step.YEAR:
        return date(first.year + steps, first.month, min(first.day, 28))
    return first + timedelta(days=steps * (7 if step is Step.WEEK else 1))


def step_between(days: Sequence[date]) -> Step:
    """Years, months, weeks or days: the first that the distances between dates fit."""
    ordered = sorted(set(days))
    distances = [(b - a).days for a, b in pairwise(ordered)]
    least = min(distances, default=7)
    if least >= 300:
        return Step.YEAR
    whole_weeks = all(distance % 7 == 0 for distance in distances)
    if least >= 28 and (len({day.day for day in ordered}) == 1 or not whole_weeks):
        return Step.MONTH
    return Step.WEEK if whole_weeks else Step.DAY


def read_numbers(table: TableFile, columns: Sequence[str], *, whole: bool = False) -> Floats:
    """(rows, columns) counts, NaN where nothing is written. Raises InputError for what is none."""
    at = [table.column(name) for name in columns]
    values = np.full((len(table.rows), len(columns)), np.nan)
    problems: list[Problem] = []
    for i, (line, row) in enumerate(table.rows):
        for j, column in enumerate(at):
            value, key = _count(row[column])
            if key is None and whole and math.isnan(value):
                key = "not-number"
            if key is not None:
                place = Place(table.name, line, columns[j])
                problems.append(Problem(Message(f"methods.surveillance:{key}"), place))
            values[i, j] = value
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise InputError(*problems[:MOST_PROBLEMS])
    return values


def _count(text: str) -> tuple[float, str | None]:
    """A count, or what is wrong with it; nothing written is missing, which is not zero."""
    if text.casefold() in MISSING:
        return math.nan, None
    try:
        value = float(text)
    except ValueError:
        return math.nan, "not-number"
    if not abs(value) < LARGEST:
        return math.nan, "not-number"
    if value < 0:
        return math.nan, "negative"
    return (value, None) if value == int(value) else (math.nan, "fraction")


def read_dates(table: TableFile, column: str) -> list[date | None]:
    """The dates of a column, None where it is empty. Raises InputError for what is none."""
    at = table.column(column)
    found: list[date | None] = []
    problems = []
    for line, row in table.rows:
        try:
            found.append(parse_day(row[at]))
        except ValueError:
            message = Message("methods.surveillance:not-a-date")
            problems.append(Problem(message, Place(table.name, line, column)))
    if problems:
        raise InputError(*problems[:MOST_PROBLEMS])
    return found


def parse_day(text: str) -> date | None:
    """A day: 2020-12-28, 2020-12-28T00:00:00, 2020-W53, 2020-12 or 2020; None where it is empty.

    Raises ValueError for anything else.
    """
    text = text.strip()
    if text.casefold() in MISSING:
        return None
    if "W" in text:
        year, _mark, week = text.replace("-", "").partition("W")
        return date.fromisocalendar(int(year), int(week[:2]), int(week[2:] or 1))
    if len(text) <= 7:
        year, _mark, month = text.partition("-")
        return date(int(year), int(month or 1), 1)
    return date.fromisoformat(text[:10])

"""Where the series are: a table with latitude and longitude."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.surveillance.profiling import refuse_profiling
from marfa.methods.surveillance.table_file import MOST_PROBLEMS, read_table


def read_sites(path: Path, units: Sequence[str]) -> tuple[list[float], list[float]]:
    """Latitude and longitude of each unit. Raises InputError where one has no place on Earth."""
    table = read_table(path)
    refuse_profiling(table.header, file=table.name)
    unit, north, east = (table.column(c) for c in ("unit", "latitude", "longitude"))
    found: dict[str, tuple[float, float]] = {}
    problems = []
    for line, row in table.rows:
        try:
            latitude, longitude = float(row[north]), float(row[east])
        except ValueError:
            latitude = longitude = 999.0
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            message = Message("methods.surveillance:not-a-place")
            problems.append(Problem(message, Place(table.name, line)))
        found[row[unit]] = (latitude, longitude)
    for name in units:
        if name not in found:
            message = Message("methods.surveillance:no-place", {"unit": name})
            problems.append(Problem(message, Place(table.name)))
    if problems:
        raise InputError(*problems[:MOST_PROBLEMS])
    return [found[name][0] for name in units], [found[name][1] for name in units]

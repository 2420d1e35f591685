"""Files whose layout is known: UCDP GED, the displacement tracking matrix, UNHCR's statistics.

Columns on who people are or where they come from are not read. Where people are is what counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.surveillance.panel import Panel, Step
from marfa.methods.surveillance.series_files import collect, panel_of, parse_day
from marfa.methods.surveillance.table_file import TableFile, read_table

MOST_VAGUE_DATE = 2
"""UCDP's ``date_prec``: 1 is the day, 2 two to six days; beyond that the week is not known."""


@dataclass(frozen=True)
class Layout:
    """columns: by which a file is recognised. read: makes the panel."""

    name: str
    columns: frozenset[str]
    read: Callable[[TableFile, Sequence[str], Step | None], Panel]


def _ucdp(table: TableFile, counts: Sequence[str], step: Step | None) -> Panel:
    """Events by first-order area and week of their beginning; or another column, added up."""
    place, day, vague = (table.column(c) for c in ("adm_1", "date_start", "date_prec"))
    value = table.column(counts[0]) if counts else None
    rows = [
        (
            row[place] or row[table.column("country")],
            when,
            1.0 if value is None else float(row[value] or 0),
        )
        for _line, row in table.rows
        if (when := _day(table, row[day])) is not None
        and (row[vague] or "1") <= str(MOST_VAGUE_DATE)
    ]
    panel = collect(_some(table, rows), step or Step.WEEK, absent=0.0)
    first = min(when for _place, when, _value in rows)
    # A week that the file enters in its middle is not whole.
    cut = 0 if panel.dates[0] == first else 1
    return (
        Panel(panel.units, panel.counts[cut:], panel.step, panel.dates[cut:])
        if len(panel) > cut
        else panel
    )


def _dtm(table: TableFile, counts: Sequence[str], step: Step | None) -> Panel:
    """Displaced people present, by the smallest area that the file has, newest round of a month."""
    area = [c for c in ("admin1Name", "admin2Name", "admin3Name") if c in table.header]
    columns = [table.column(c) for c in area]
    day = table.column("reportingDate")
    value = table.column(counts[0] if counts else "numPresentIdpInd")
    level = table.column("adminLevel") if "adminLevel" in table.header else None
    deepest = max((row[level] for _l, row in table.rows), default="") if level is not None else ""
    rows = [
        (" / ".join(row[c] for c in columns if row[c]), when, float(row[value] or "nan"))
        for _line, row in table.rows
        if (when := _day(table, row[day])) is not None and (level is None or row[level] == deepest)
    ]
    return collect(_some(table, rows), step or Step.MONTH, absent=np.nan, latest=True)


def _unhcr(table: TableFile, counts: Sequence[str], step: Step | None) -> Panel:
    """People by the country where they are, over all origins; no origin is read."""
    place, year = table.column("coa_name"), table.column("year")
    chosen = (
        counts[0]
        if counts
        else next((c for c in ("refugees", "applied", "total") if c in table.header), "refugees")
    )
    value = table.column(chosen)
    rows = [
        (row[place], date(int(row[year]), 1, 1), float(row[value]))
        for _line, row in table.rows
        if row[value] and row[year].isdecimal()
    ]
    return collect(_some(table, rows), step or Step.YEAR, absent=np.nan)


LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout("ucdp", frozenset({"adm_1", "date_start", "date_prec", "priogrid_gid"}), _ucdp),
        Layout("dtm", frozenset({"reportingDate", "numPresentIdpInd", "admin1Name"}), _dtm),
        Layout("unhcr", frozenset({"year", "coa_name", "coa_iso"}), _unhcr),
    )
}


def read_file(
    path: Path,
    *,
    layout: str | None = None,
    counts: Sequence[str] = (),
    places: Sequence[str] = (),
    when: str | None = None,
    step: Step | None = None,
    at_risk: str | None = None,
) -> Panel:
    """Read a file of a known layout, or any CSV (``csv``); None finds out which."""
    table = read_table(path)
    if layout is None and not places and when is None and at_risk is None:
        known = (name for name, each in LAYOUTS.items() if each.columns <= set(table.header))
        layout = next(known, None)
    if layout is None or layout == "csv":
        return panel_of(table, counts=counts, places=places, when=when, step=step, at_risk=at_risk)
    try:
        return LAYOUTS[layout].read(table, counts, step)
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError.at(
            Message("methods.surveillance:layout-other", {"layout": layout}), file=path.name
        ) from None


def _day(table: TableFile, text: str) -> date | None:
    return parse_day(text.split(" ")[0])


def _some(table: TableFile, rows: list[tuple[str, date, float]]) -> list[tuple[str, date, float]]:
    if not rows:
        raise InputError.at(Message("methods.surveillance:file-empty"), file=table.name)
    return rows

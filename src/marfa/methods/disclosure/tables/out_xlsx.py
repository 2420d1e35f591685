"""A workbook: all figures, and one questionnaire-like table a dimension and a pair of them.

UNODC's questionnaire asks for victims by sex and age, by form of exploitation and by citizenship,
each as a table with its source beside it; these sheets have that shape.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

from marfa.domain.catalogue import RIGHT_TO_LEFT, render_message
from marfa.domain.message import Message
from marfa.domain.spreadsheets import is_run
from marfa.methods.disclosure.tables.dimension import ROOT
from marfa.methods.disclosure.tables.out_notes import node_label, table_notes
from marfa.methods.disclosure.tables.out_rows import public_rows, replace_file
from marfa.methods.disclosure.tables.protected_table import WITHHELD, ProtectedTable

MAX_SHEETS = 30
MAX_ROWS = 1_000_000
MAX_COLUMNS = 200
WITHHELD_MARK = "c"
"""Mark of a confidential cell, explained on the first sheet."""


def write_xlsx(table: ProtectedTable, path: Path, language: str = "en") -> None:
    """Write the workbook; texts in the language, figures as numbers, withheld cells as a mark."""
    from openpyxl import Workbook

    book = Workbook()
    about = book.active
    assert about is not None  # noqa: S101  # a new workbook has a sheet
    about.title = render_message(Message("methods.disclosure.tables:sheet-about"), language)
    for note in table_notes(table, language):
        _append(about, [note])
    _append(
        about,
        [WITHHELD_MARK, render_message(Message("methods.disclosure.tables:withheld"), language)],
    )
    whole = book.create_sheet(
        render_message(Message("methods.disclosure.tables:sheet-all"), language)
    )
    _append(whole, [*(d.name for d in table.dimensions), "count", "status"])
    for place, (values, count, status) in enumerate(public_rows(table)):
        if place >= MAX_ROWS:
            break
        _append(whole, [*values, WITHHELD_MARK if count is None else count, status])
    axes = range(len(table.dimensions))
    shapes = [(axis, None) for axis in axes] + list(combinations(axes, 2))
    figures = {
        tuple(n): c for n, c in zip(table.nodes.tolist(), table.counts.tolist(), strict=True)
    }
    for number, (rows, columns) in enumerate(shapes[:MAX_SHEETS], start=1):
        if columns is None or len(table.dimensions[columns].labels) <= MAX_COLUMNS:
            _cross(book.create_sheet(str(number)), table, figures, rows, columns, language)
    for sheet in book.worksheets:
        sheet.sheet_view.rightToLeft = language in RIGHT_TO_LEFT
    with replace_file(path) as temporary:
        book.save(temporary)


def _cross(
    sheet: Any,
    table: ProtectedTable,
    figures: dict[tuple[int, ...], int],
    rows: int,
    columns: int | None,
    language: str,
) -> None:
    down = table.dimensions[rows]
    across = None if columns is None else table.dimensions[columns]
    title = down.name if across is None else f"{down.name} / {across.name}"
    _append(sheet, [title])
    nodes = [ROOT] if across is None else [*range(1, len(across.labels)), ROOT]
    heads = [node_label(across, node, language) if across else "count" for node in nodes]
    _append(sheet, ["", *heads])
    for node in [*range(1, len(down.labels)), ROOT]:
        line: list[str | int] = [node_label(down, node, language)]
        for other in nodes:
            place = [ROOT] * len(table.dimensions)
            place[rows] = node
            if columns is not None:
                place[columns] = other
            count = figures.get(tuple(place), 0)
            line.append(WITHHELD_MARK if count == WITHHELD else count)
        _append(sheet, line)


def _append(sheet: Any, values: list[str] | list[str | int] | list[Any]) -> None:
    sheet.append(values)
    for cell in sheet[sheet.max_row]:
        # A value that begins with "=" is a value, not a formula; it stays one when it is edited.
        if isinstance(cell.value, str):
            cell.data_type = "s"
            if is_run(cell.value):
                cell.quotePrefix = True

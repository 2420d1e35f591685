"""Services as rows of a sheet, and back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from marfa.apps.directory.actions import service_faults, tidied_service
from marfa.apps.directory.exchange.columns import BY_NAME, CALLED, COLUMNS, Column, fault, written
from marfa.apps.directory.exchange.faults import FileProblem
from marfa.apps.directory.models import Service
from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import TableWriter
from marfa.domain.workbooks import write_sheet
from marfa.platform.files.memory_file import MemoryFile
from marfa.platform.importing.rows import OpenSheet, SheetRow, letter_of
from marfa.platform.importing.sheet_file import open_sheet

HEADING = (*(each.name for each in COLUMNS), CALLED)
TAGS = (*(each.tag for each in COLUMNS), "#date+called")


def csv_file(services: Iterable[Service], *, tags: bool = False) -> bytes:
    """Services as CSV in UTF-8 with its mark. tags: with the row of HXL."""
    text = io.StringIO()
    writer = TableWriter(text)
    writer.writerow(HEADING)
    if tags:
        # A hash begins no formula, and a guard would hide the tag from programs.
        writer.writerow(TAGS)
    writer.writerows(_rows(services))
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(services: Iterable[Service]) -> bytes:
    """Services as a workbook."""
    stream = io.BytesIO()
    write_sheet(stream, HEADING, _rows(services))
    return stream.getvalue()


def _rows(services: Iterable[Service]) -> Iterator[list[str]]:
    for each in services:
        cells = [written(getattr(each, column.name)) for column in COLUMNS]
        yield [*cells, each.called_at.date().isoformat() if each.called_at else ""]


def read_sheet(content: bytes) -> tuple[list[dict[str, Any]], list[FileProblem], list[str]]:
    """What rows tell of services, what is wrong with them by row and column, and the headings of
    columns that are left out. Raises InputError for what is no sheet."""
    with MemoryFile(content) as source:
        sheet = open_sheet(source)
        rows = iter(sheet.rows)
        first = next(rows, None)
        heading: Sequence[str] = sheet.heading
        if first is not None and _is_tags(first):
            heading, first = [cell.strip() for cell in first.cells], None
        columns = [_column_of(each) for each in heading]
        names = [each.name for each in columns if each is not None]
        if "name" not in names or "need" not in names:
            raise fault("columns-missing")
        _no_field_twice(names)
        left = [
            shown
            for column, shown in zip(columns, sheet.heading, strict=False)
            if column is None and shown and shown != CALLED
        ]
        told: list[dict[str, Any]] = []
        problems: list[FileProblem] = []
        for row in [first] if first is not None else []:
            _take(row, columns, sheet, told, problems)
        for row in rows:
            _take(row, columns, sheet, told, problems)
    return told, problems, left


def _take(
    row: SheetRow,
    columns: Sequence[Column | None],
    sheet: OpenSheet,
    told: list[dict[str, Any]],
    problems: list[FileProblem],
) -> None:
    if row.broken is not None:
        problems.append(FileProblem(row.number, "", "", row.broken))
        return
    values: dict[str, Any] = {}
    found: list[FileProblem] = []
    places = {each.name: place for place, each in enumerate(columns) if each is not None}

    def add(place: int | None, name: str, message: Message) -> None:
        letter = "" if place is None else letter_of(place)
        shown = name if place is None else sheet.heading[place]
        found.append(FileProblem(row.number, letter, shown or name, message))

    for name, place in places.items():
        text = row.cells[place] if place < len(row.cells) else ""
        if place in row.faults:
            add(place, name, row.faults[place])
        elif text.strip():
            try:
                values[name] = BY_NAME[name].read(text)
            except InputError as error:
                add(place, name, error.problems[0].message)
    if not found:
        for name, message in service_faults(tidied_service(values)):
            add(places.get(name), name, message)
    problems += found
    told.append(values)


def _is_tags(row: SheetRow) -> bool:
    said = [cell.strip() for cell in row.cells if cell.strip()]
    return bool(said) and all(cell.startswith("#") for cell in said)


def _column_of(heading: str) -> Column | None:
    told = " ".join(heading.replace("_", " ").casefold().split())
    for each in COLUMNS:
        if heading.strip().casefold().replace(" ", "") == each.tag:
            return each
        if told in (each.name.replace("_", " "), *each.words):
            return each
    return None


def _no_field_twice(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise fault("column-twice", name=name)

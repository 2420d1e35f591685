"""``marfa sheets``: look at a sheet of people before anything of it is brought in."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import (
    Exit,
    Group,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.inputs import InputFile
from marfa.cli.language import _, terminal_language
from marfa.cli.server.installation import data_option
from marfa.cli.server.no_installation import opened_or_none
from marfa.domain.catalogue import render_message, render_problem
from marfa.domain.message import InputError, Message, Place, Problem

if TYPE_CHECKING:
    from marfa.platform.importing.checking import RowProblem
    from marfa.platform.importing.mapping import Column

PRESETS = ("plain", "primero", "progres", "kobo")
ORDERS = ("day_first", "month_first")
MOST = 1_000
"""Problems that are told; all are counted."""


@dataclass
class _Found:
    """What was found in a sheet. Of the problems the first ones are kept."""

    columns: tuple[Column, ...] = ()
    notes: tuple[Message, ...] = ()
    rows: int = 0
    good: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    counted: int = 0


@click.group("sheets", cls=Group, help=_("Sheets of people that others kept: CSV and XLSX."))
def sheets() -> None:
    """Group of the commands about sheets."""


@sheets.command(
    "check",
    help=_(
        "Look at a sheet of people: which column would be read as what, and what cannot be read, by"
        " row and column. Nothing is stored, and nothing that stands in a cell is printed."
    ),
    examples=(
        "marfa sheets check people.xlsx",
        "marfa sheets check people.csv --preset primero --dates day_first --json",
        "marfa sheets check people.csv --map 'Who=name' --map 'F=born' --map 'Notes='",
    ),
)
@click.argument("file", type=InputFile("help"))
@click.option(
    "--map",
    "said",
    multiple=True,
    metavar="COLUMN=FIELD",
    help=_("Read a column, by its heading or letter, as this field; without a field leave it out."),
)
@click.option("--preset", type=click.Choice(PRESETS), help=_("From which program the sheet comes."))
@click.option(
    "--purpose",
    type=click.Choice(["assistance"]),
    help=_("For what nationality and other sensitive columns are read; otherwise they are not."),
)
@click.option(
    "--dates",
    type=click.Choice(ORDERS),
    help=_("Which stands first in dates such as 03/04/1990; otherwise these are problems."),
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help=_("The day on which the ages in the sheet were true, otherwise today."),
)
@click.option("--encoding", help=_("Encoding of a CSV file, where it is not found out."))
@click.option("--delimiter", help=_("What parts the cells of a CSV file, where it is not found."))
@click.option("--sheet", help=_("Which sheet of a workbook, where it has several."))
@data_option
@json_option
def check(file: Path, data: Path | None, as_json: bool, **given: Any) -> None:
    """What would be read, and what is wrong; ends with 1 where anything is."""
    if given["delimiter"] == "TAB":
        given["delimiter"] = "\t"
    if given["delimiter"] is not None and len(given["delimiter"]) != 1:
        raise click.UsageError(_("--delimiter is one sign, or TAB."))
    said = dict(_pair(text) for text in given.pop("said"))
    found = _Found()
    try:
        with opened_or_none(data, "registry"):
            _look(file, said, given, found)
            _print(file, found, as_json)
    except InputError as error:
        if not as_json:
            raise
        print_json({"problems": [problem.as_json() for problem in error.problems]})
        sys.exit(Exit.PROBLEMS)
    if found.counted:
        sys.exit(Exit.PROBLEMS)


def _pair(text: str) -> tuple[str, str]:
    column, mark, name = text.rpartition("=")
    if not mark or not column.strip():
        raise click.UsageError(_("{text} is not of the form COLUMN=FIELD.").format(text=text))
    return column.strip(), name.strip()


def _look(file: Path, said: dict[str, str], given: dict[str, Any], found: _Found) -> None:
    from django.utils import translation

    from marfa.apps.registry.person_sheet import SheetTerms, person_sheet
    from marfa.domain.dates import DayMonthOrder
    from marfa.platform.files.plain_file import PlainFile
    from marfa.platform.importing.checking import read_rows
    from marfa.platform.importing.mapping import map_columns
    from marfa.platform.importing.sheet_file import open_sheet

    order = DayMonthOrder(given["dates"]) if given["dates"] else None
    subject = person_sheet(SheetTerms(_day(given["as_of"]), order))
    options = {name: given[name] for name in ("encoding", "delimiter", "sheet")}
    with _opened(PlainFile, file) as source, translation.override(terminal_language()):
        sheet = open_sheet(source, **options)
        found.notes = tuple(sheet.notes)
        found.columns = map_columns(
            sheet.heading,
            subject,
            said=said,
            preset=given["preset"],
            purpose=given["purpose"] is not None,
        )
        if not any(column.field for column in found.columns):
            raise InputError.at(Message("platform.importing:nothing-mapped"), file=file.name)
        for row in read_rows(sheet, subject, found.columns):
            found.rows += 1
            found.good += not row.problems
            found.filled.update(row.values.keys())
            found.counted += len(row.problems)
            found.problems += row.problems[: MOST - len(found.problems)]


def _opened(kind: Any, file: Path) -> Any:
    try:
        return kind(file)
    except OSError:
        raise InputError.at(Message("platform.importing:no-file"), file=file.name) from None


def _day(given: Any) -> date:
    from marfa.platform import clock

    return given.date() if given is not None else clock.now().date()


def _print(file: Path, found: _Found, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(found))
        return
    for note in found.notes:
        print_message(note)
    for column in found.columns:
        print_message(_column_message(column, found.filled))
    for problem in found.problems:
        click.echo(
            _("Error: ") + render_problem(_placed(file, problem), terminal_language()), err=True
        )
    if found.counted > len(found.problems):
        told = {"told": len(found.problems)}
        print_warning(Message("platform.importing:problems-more", told, count=found.counted))
    counts = {"rows": found.rows, "good": found.good, "problems": found.counted}
    print_message(Message("platform.importing:summary", counts))


def _column_message(column: Column, filled: Counter[str]) -> Message:
    about: dict[str, object] = {"letter": column.letter, "heading": column.heading or "-"}
    if column.field is not None:
        about |= {"field": _label(column), "name": column.field.name}
        return Message(
            f"platform.importing:column-{column.chosen}",
            about | {"number": filled[column.field.name]},
        )
    if column.reason:
        about["reason"] = Message(f"apps.registry:sheet-withheld-{column.reason}")
    key = {"said": "left", "twice": "taken"}.get(column.chosen, column.chosen)
    return Message(f"platform.importing:column-{key}", about)


def _label(column: Column) -> str:
    from django.utils import translation

    assert column.field is not None  # noqa: S101 - asked before
    with translation.override(terminal_language()):
        return str(column.field.label)


def _placed(file: Path, problem: RowProblem) -> Problem:
    """A problem as every command tells one: file, row, column."""
    column = problem.column
    name = None if column is None else f"{column.letter} ({column.heading or '-'})"
    return Problem(problem.message, Place(file.name, problem.row, name))


def _as_json(found: _Found) -> dict[str, object]:
    return {
        "notes": [note.as_json() for note in found.notes],
        "columns": [_column_json(column, found.filled) for column in found.columns],
        "rows": found.rows,
        "good": found.good,
        "problems_counted": found.counted,
        "problems": [_problem_json(problem) for problem in found.problems],
    }


def _column_json(column: Column, filled: Counter[str]) -> dict[str, object]:
    name = column.field.name if column.field else None
    return {
        "column": column.letter,
        "heading": column.heading,
        "field": name,
        "chosen": column.chosen.value,
        "reason": column.reason or None,
        "filled": filled[name] if name else None,
    }


def _problem_json(problem: RowProblem) -> dict[str, object]:
    column = problem.column
    return {
        "row": problem.row,
        "column": column.letter if column else None,
        "heading": column.heading if column else None,
        "field": column.field.name if column and column.field else None,
        "message": problem.message.as_json(),
        "text": render_message(problem.message, terminal_language()),
    }

"""``marfa table``, ``marfa audit``, ``marfa anonymity``: counts that endanger nobody."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import Command, Exit, error_console, json_option, print_json, print_warning
from marfa.cli.inputs import InputFile, OutputFile
from marfa.cli.language import _, terminal_language
from marfa.domain.catalogue import render_message
from marfa.domain.message import InputError, Message

if TYPE_CHECKING:
    from marfa.methods.disclosure.tables import Audit, ProtectedTable, RecordFile, TableQuery

PATH = InputFile("statistics", dir_okay=True)
TARGET = OutputFile(dir_okay=True)


@click.command(
    cls=Command,
    help=_("Count records by columns, and withhold what could single out a person."),
    examples=(
        "marfa table cases.csv --by sex,age_band --min-cell 5",
        "marfa table cases.xlsx --by district,form --hierarchy places.csv --out table.xlsx",
        "marfa table cases.parquet --by sex,form --round 5 --json",
    ),
)
@click.argument("file", type=PATH)
@click.option("--by", multiple=True, help=_("Columns to count by, separated by commas."))
@click.option(
    "--min-cell",
    default=5,
    show_default=True,
    type=click.IntRange(2),
    help=_("Smallest count that may be shown."),
)
@click.option("--suppress", is_flag=True, help=_("Withhold small counts (this is the default)."))
@click.option(
    "--round",
    "base",
    type=click.IntRange(2),
    help=_("Round all figures to multiples of this number instead."),
)
@click.option(
    "--hierarchy",
    multiple=True,
    type=PATH,
    help=_("File with groups of values, such as age bands or provinces."),
)
@click.option(
    "--where", multiple=True, metavar="COLUMN=VALUE", help=_("Count only records with this value.")
)
@click.option("--unit", help=_("Column that names the person, if one may have several records."))
@click.option("--missing", multiple=True, help=_("Code that means not reported."))
@click.option("--several", multiple=True, help=_("Column whose fields may hold several values."))
@click.option(
    "--separator", default=";", show_default=True, help=_("What divides several values in a field.")
)
@click.option("--population", default="", help=_("Who is counted, in words."))
@click.option("--period", default="", help=_("Time that the figures are about, such as 2024."))
@click.option(
    "--subject",
    default="victims",
    show_default=True,
    type=click.Choice(["victims", "grave-violations", "sexual-violence"]),
    help=_("What is counted; violations are never rounded."),
)
@click.option("--occurred", help=_("Column with the date of the event."))
@click.option("--recorded", help=_("Column with the date of the record."))
@click.option("--quality", is_flag=True, help=_("Add a scorecard of every field."))
@click.option("--quality-by", help=_("Column that names the source, for the scorecard."))
@click.option(
    "--against",
    multiple=True,
    type=PATH,
    help=_("Table published earlier; refuse if both together give a person away."),
)
@click.option(
    "--recompute", type=PATH, help=_("Count again the query recorded in this table and compare.")
)
@click.option(
    "--out",
    multiple=True,
    type=TARGET,
    help=_("Write .json, .csv, .xlsx, .html, .ctdc.csv or .sdmx.xml, .json, .csv."),
)
@click.option("--area", default="", help=_("For SDMX: M49 number of the reporting country."))
@click.option(
    "--fit",
    multiple=True,
    metavar="PART=COLUMN",
    help=_("For SDMX: the column of sex, age, form or year."),
)
@click.option("--encoding", default="utf-8", show_default=True, help=_("Encoding of a text file."))
@click.option("--delimiter", help=_("What divides the columns of a text file."))
@click.option("--sheet", help=_("Sheet of a workbook; the first by default."))
@click.option(
    "--seconds",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0),
    help=_("Processor time to spend on withholding fewer cells."),
)
@json_option
def table(file: Path, as_json: bool, out: tuple[Path, ...], **options: Any) -> None:
    """Count, protect, check against earlier tables, and write every output from one table."""
    from marfa.methods.disclosure.tables import make_table, open_source, scorecard

    if options["suppress"] and options["base"] is not None:
        raise click.UsageError(_("Choose one of --suppress and --round."))
    if not options["by"] and options["recompute"] is None:
        raise click.UsageError(_("Say with --by which columns to count by."))
    writers = [(path, _writer(path, options)) for path in out]
    with _working(_("Counting and protecting...")), _open(open_source, file, options) as source:
        query = _query(source, options)
        result = make_table(source, query, seconds=options["seconds"])
        if options["quality"] or options["quality_by"]:
            result = _scored(
                result,
                scorecard(
                    source,
                    (),
                    minimum=query.min_cell,
                    by=options["quality_by"],
                    missing=query.missing,
                ),
            )
    _refuse_if_unsafe_together(result, options["against"])
    if options["recompute"] is not None:
        result = _recorded(result, options["recompute"])
    _write_all(result, writers)
    if as_json:
        print_json(result.as_json())
    elif out:
        click.echo(_("Written: {files}").format(files=", ".join(map(str, out))))
    else:
        _print(result)


@click.command(
    cls=Command,
    help=_("Attack a table as an outsider would, and say what each withheld cell gives away."),
    examples=(
        "marfa audit table.json",
        "marfa audit table.json --against published-2023.json --json",
    ),
)
@click.argument("table", type=PATH)
@click.option(
    "--against",
    multiple=True,
    type=PATH,
    help=_("Table published earlier, to be attacked together with this one."),
)
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0),
    help=_("Processor time for the attack."),
)
@json_option
def audit(table: Path, against: tuple[Path, ...], seconds: float, as_json: bool) -> None:
    """Exit code 1 where a cell is narrower than allowed, a sum is wrong, or time ran out."""
    from marfa.methods.disclosure.tables import attack_rounded, compare
    from marfa.methods.disclosure.tables import audit as attack

    subject = _read(table)
    with _working(_("Attacking the table...")):
        if subject.base is not None:
            problems = attack_rounded(subject)
            report: dict[str, Any] = {"method": "round"}
        else:
            found = attack(subject, seconds=seconds)
            problems = _problems(found)
            report = _report(subject, found)
        together = compare(subject, [_read(path) for path in against], seconds=seconds)
    problems += list(together.problems)
    report = {
        "safe": not problems,
        **report,
        "compared": together.compared,
        "problems": [render_message(message, terminal_language()) for message in problems],
    }
    if as_json:
        print_json(report)
    for message in problems:
        print_warning(message)
    if not problems and not as_json:
        click.echo(_("No withheld cell is narrower than allowed."))
    sys.exit(Exit.PROBLEMS if problems else Exit.DONE)


@click.command(
    cls=Command,
    help=_("Measure how well records hide among one another (k-anonymity, l-diversity)."),
    examples=("marfa anonymity cases.csv --by sex,age_band,district --sensitive form",),
)
@click.argument("file", type=PATH)
@click.option(
    "--by",
    multiple=True,
    required=True,
    help=_("Columns an outsider may know, separated by commas."),
)
@click.option(
    "--min",
    "minimum",
    default=5,
    show_default=True,
    type=click.IntRange(2),
    help=_("Smallest group in which a record may stand."),
)
@click.option("--sensitive", help=_("Column that nobody should learn about a person."))
@click.option("--missing", multiple=True, help=_("Code that means not reported."))
@click.option("--encoding", default="utf-8", show_default=True, help=_("Encoding of a text file."))
@click.option("--delimiter", help=_("What divides the columns of a text file."))
@click.option("--sheet", help=_("Sheet of a workbook; the first by default."))
@json_option
def anonymity(file: Path, by: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Exit code 1 where a group is smaller than the minimum."""
    from dataclasses import asdict

    from marfa.methods.disclosure.tables import anonymity as measure
    from marfa.methods.disclosure.tables import open_source

    with _working(_("Counting...")), _open(open_source, file, options) as source:
        found = measure(
            source,
            _columns(by, source),
            minimum=options["minimum"],
            sensitive=options["sensitive"],
            missing=options["missing"],
        )
    if as_json:
        print_json({"holds": found.holds, **asdict(found)})
    else:
        click.echo(
            _("Smallest group: {k} of {records} records.").format(k=found.k, records=found.records)
        )
        click.echo(
            _("Records in groups that are too small: {below}.").format(below=found.records_below)
        )
        if found.l_distinct is not None:
            click.echo(
                _("Fewest different sensitive values in a group: {l}.").format(l=found.l_distinct)
            )
    sys.exit(Exit.DONE if found.holds else Exit.PROBLEMS)


@contextmanager
def _working(text: str) -> Iterator[None]:
    with error_console().status(text):
        yield


def _open(opener: Any, file: Path, options: dict[str, Any]) -> Any:
    return opener(
        file, encoding=options["encoding"], delimiter=options["delimiter"], sheet=options["sheet"]
    )


def _columns(by: tuple[str, ...], source: RecordFile) -> tuple[str, ...]:
    """Names as given; one that itself has a comma is taken whole or may stand in quotes."""
    names: list[str] = []
    for text in by:
        parts = [text] if text in source.columns else next(csv.reader([text]), [])
        names += [part.strip() for part in parts if part.strip()]
    return tuple(names)


def _query(source: RecordFile, options: dict[str, Any]) -> TableQuery:
    from marfa.methods.disclosure.tables import TableQuery, query_from_json, read_hierarchy

    if options["recompute"] is not None:
        recorded = query_from_json(_json(options["recompute"]).get("query", {}))
        if recorded.source != source.digest:
            raise InputError.at(
                Message("methods.disclosure.tables:recomputed-differs"),
                file=options["recompute"].name,
            )
        return recorded
    by = _columns(options["by"], source)
    source.need(*by)
    groups: dict[str, dict[str, str]] = {}
    for path in options["hierarchy"]:
        for name, pairs in read_hierarchy(path, by).items():
            groups.setdefault(name, {}).update(pairs)
    base = options["base"]
    return TableQuery(
        dimensions=by,
        source=source.digest,
        population=options["population"],
        period=options["period"],
        where=tuple(_pair(text) for text in options["where"]),
        unit=options["unit"],
        missing=options["missing"],
        several=tuple(dict.fromkeys([*options["several"], *(c for c in by if c in source.lists)])),
        separator=options["separator"],
        groups=groups,
        min_cell=options["min_cell"],
        method="suppress" if base is None else "round",
        base=base,
        subject=options["subject"],
        occurred=options["occurred"],
        recorded=options["recorded"],
    )


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or not name:
        raise click.UsageError(_("{text} is not of the form NAME=VALUE.").format(text=text))
    return name, value


def _write_all(result: ProtectedTable, writers: list[tuple[Path, Any]]) -> None:
    """All files or none: each is made beside its place, then all are put there."""
    made: list[tuple[Path, Path]] = []
    try:
        for path, write in writers:
            part = path.with_name(f".part-{path.name}")
            made.append((part, path))
            write(result, part)
        for part, path in made:
            part.replace(path)
    finally:
        for part, _path in made:
            part.unlink(missing_ok=True)


def _scored(result: ProtectedTable, scores: list[Any]) -> ProtectedTable:
    from dataclasses import asdict, replace

    return replace(result, about={**result.about, "quality": [asdict(s) for s in scores]})


def _refuse_if_unsafe_together(result: ProtectedTable, earlier: tuple[Path, ...]) -> None:
    from marfa.methods.disclosure.tables import compare

    if not earlier:
        return
    with _working(_("Comparing with earlier tables...")):
        found = compare(result, [_read(path) for path in earlier])
    if not found.safe:
        for message in found.problems:
            print_warning(message)
        raise InputError.at(Message("methods.disclosure.tables:refused"))


def _recorded(result: ProtectedTable, path: Path) -> ProtectedTable:
    """The recorded table, once its figures are found again.

    Another run may withhold other cells; two such versions together would protect less.
    """
    if not _same_figures(_json(path), result.as_json()):
        raise InputError.at(Message("methods.disclosure.tables:recomputed-differs"), file=path.name)
    print_warning(
        Message("methods.disclosure.tables:recomputed", {"id": str(result.about["query_id"])})
    )
    return _read(path)


def _same_figures(before: dict[str, Any], now: dict[str, Any]) -> bool:
    def figures(data: dict[str, Any]) -> dict[str, object]:
        rows = [*data.get("cells", []), *data.get("margins", [])]
        shown = ("count", "status")
        return {
            json.dumps({k: v for k, v in row.items() if k not in shown}, sort_keys=True): row[
                "count"
            ]
            for row in rows
        }

    one, two = figures(before), figures(now)
    both = [(one[key], two[key]) for key in one.keys() & two.keys()]
    return one.keys() == two.keys() and all(a is None or b is None or a == b for a, b in both)


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError.at(Message("methods.disclosure.tables:no-file"), file=str(path)) from error
    except ValueError as error:
        raise InputError.at(
            Message("methods.disclosure.tables:not-a-table"), file=path.name
        ) from error
    if not isinstance(data, dict):
        raise InputError.at(Message("methods.disclosure.tables:not-a-table"), file=path.name)
    return data


def _read(path: Path) -> ProtectedTable:
    from marfa.methods.disclosure.tables import from_json

    return from_json(_json(path))


def _writer(path: Path, options: dict[str, Any]) -> Any:
    """The function that writes a file of this ending, found before any work is done."""
    from marfa.methods.disclosure.tables import outputs

    fit = dict(_pair(text) for text in options["fit"])
    if set(fit) - {"sex", "age", "form", "year"}:
        raise click.UsageError(_("--fit names sex, age, form or year."))
    return outputs.writer(
        path, language=terminal_language(), area=options["area"], period=options["period"], fit=fit
    )


def _problems(found: Audit) -> list[Message]:
    numbers = (
        ("audit-narrow", len(found.narrow)),
        ("audit-unsettled", len(found.unsettled)),
        ("sums-wrong-here", len(found.wrong_sums)),
    )
    return [
        Message(f"methods.disclosure.tables:{key}", count=number)
        for key, number in numbers
        if number
    ]


def _report(subject: ProtectedTable, found: Audit) -> dict[str, Any]:
    rows = list(subject.rows())
    narrow, unsettled = set(found.narrow.tolist()), set(found.unsettled.tolist())

    def plain(value: float) -> float | None:
        return round(value, 6) if abs(value) < float("inf") else None

    cells = [
        {
            **rows[cell][0],
            "status": rows[cell][2],
            "low": plain(low),
            "high": plain(high),
            "narrow": cell in narrow,
            "settled": cell not in unsettled,
        }
        for cell, low, high in zip(
            found.cells.tolist(), found.low.tolist(), found.high.tolist(), strict=True
        )
    ]
    return {
        "method": "suppress",
        "min_cell": subject.min_cell,
        "protected": len(cells),
        "narrow": len(narrow),
        "unsettled": len(unsettled),
        "wrong_sums": len(found.wrong_sums),
        "cells": cells,
    }


def _print(result: ProtectedTable) -> None:
    from rich.console import Console
    from rich.table import Table

    from marfa.methods.disclosure.tables.out_notes import node_label, table_notes

    language = terminal_language()
    grid = Table()
    for dimension in result.dimensions:
        grid.add_column(dimension.name)
    grid.add_column(_("count"), justify="right")
    withheld = result.withheld.tolist()
    for nodes, count, hidden in zip(
        result.nodes.tolist(), result.counts.tolist(), withheld, strict=True
    ):
        if hidden or count:
            names = [
                node_label(d, node, language)
                for d, node in zip(result.dimensions, nodes, strict=True)
            ]
            grid.add_row(*names, "··" if hidden else str(count))
    Console(highlight=False, markup=False).print(grid)
    click.echo(_("·· withheld; combinations that nobody falls into are left out."))
    for note in table_notes(result, language):
        click.echo(note)

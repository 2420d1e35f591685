"""``marfa table``, ``marfa audit``, ``marfa anonymity``: counts that endanger nobody."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import Command, Exit, json_option, print_json, print_warning
from marfa.cli.inputs import InputFile, OutputFile
from marfa.cli.language import _, terminal_language
from marfa.cli.table_files import columns_of, open_file, read_table, working
from marfa.domain.catalogue import render_message
from marfa.domain.message import Message

if TYPE_CHECKING:
    from marfa.methods.disclosure.tables import Audit, ProtectedTable

PATH = InputFile("statistics", dir_okay=True)
TARGET = OutputFile(dir_okay=True)


@click.command(
    cls=Command,
    help=_("Count records by columns, and withhold what could single out a person."),
    examples=(
        "marfa table cases.csv --by sex,age_band --min-cell 5",
        "marfa table cases.xlsx --by district,form --hierarchy places.csv --out table.xlsx",
        "marfa table cases.parquet --by sex,form --round 5 --json",
        "marfa table cases.csv --by sex,form --register r.json --population victims",
        "marfa table cases.csv --set set.toml --out tables --register r.json --population victims",
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
@click.option(
    "--population", default="", help=_("Who is counted: the key that a register knows them by.")
)
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
@click.option(
    "--sensitive",
    multiple=True,
    help=_(
        "Column that nobody should learn of a whole group; columns known as sensitive are guarded "
        "by themselves."
    ),
)
@click.option(
    "--whole-groups",
    is_flag=True,
    help=_(
        "Confirm that it may be shown where a whole group has one value of a column that is known "
        "as sensitive."
    ),
)
@click.option(
    "--zeros",
    is_flag=True,
    help=_("Protect zeros as small counts are, of --sensitive columns where there are any."),
)
@click.option(
    "--household",
    help=_(
        "Column that names the household or the incident: counts in which few are of another one "
        "are withheld."
    ),
)
@click.option(
    "--sum",
    "amount",
    help=_("Column of which sums and means stand beside the counts, where nobody stands out."),
)
@click.option(
    "--p-percent",
    default=10,
    show_default=True,
    type=click.IntRange(1, 100),
    help=_("For --sum: within how many percent nobody's contribution may be known."),
)
@click.option(
    "--dominance",
    nargs=2,
    default=(2, 85),
    show_default=True,
    type=click.IntRange(1, 100),
    metavar="N K",
    help=_("For --sum: the N largest contributions may be K percent of a sum."),
)
@click.option(
    "--rates",
    type=PATH,
    help=_("CSV with inhabitants by columns of the table: rates per 100,000 with intervals."),
)
@click.option("--quality", is_flag=True, help=_("Add a scorecard of every field."))
@click.option("--quality-by", help=_("Column that names the source, for the scorecard."))
@click.option(
    "--against",
    multiple=True,
    type=PATH,
    help=_("Table published earlier; what is new is protected beside it."),
)
@click.option(
    "--register",
    type=PATH,
    help=_("File that knows every table published; made if it is not there."),
)
@click.option(
    "--new-population",
    is_flag=True,
    help=_("Confirm that these are other people than those of the tables that are left apart."),
)
@click.option(
    "--mixed",
    is_flag=True,
    help=_("Confirm that private releases of these people are out, which cover no exact table."),
)
@click.option(
    "--new-values",
    is_flag=True,
    help=_(
        "Confirm that values which no table before had are no old ones under another name or in "
        "another spelling."
    ),
)
@click.option(
    "--set",
    "set_file",
    type=PATH,
    help=_("File that names several tables to be protected together; --out names their folder."),
)
@click.option(
    "--coarser",
    is_flag=True,
    help=_("Join values where a table cannot stand beside the others; a set does so by itself."),
)
@click.option(
    "--series",
    is_flag=True,
    help=_("One of dated tables: who came or went in small numbers is counted in a later one."),
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
@click.option("--producer", default="", help=_("Who publishes, for readers of the table."))
@click.option(
    "--records-from", default="", help=_("Where the records are from, for readers of the table.")
)
@click.option(
    "--published",
    type=click.DateTime(["%Y-%m-%d"]),
    help=_("Day of publication; today by default."),
)
@click.option(
    "--ctdc-map",
    type=PATH,
    help=_("For .ctdc.csv: file that gives columns and values of your own their CTDC variables."),
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
@json_option
def table(file: Path, as_json: bool, out: tuple[Path, ...], **options: Any) -> None:
    """Count, protect beside all that is out, and write every output from one table."""
    from marfa.cli.table_recount import recompute_table
    from marfa.cli.table_release import check_options, print_apart, publish_file

    check_options(options, out)
    if options["recompute"] is not None:
        recompute_table(file, as_json, out, options)
        return
    with working(_("Counting and protecting...")):
        made = publish_file(file, options, out)
    print_apart(made, options)
    if as_json:
        print_json(made.as_json())
    elif out:
        click.echo(_("Written: {files}").format(files=", ".join(map(str, made.files))))
    else:
        for result in made.tables.values():
            _print(result)


@click.command(
    cls=Command,
    help=_("Attack a table as an outsider would, and say what each withheld cell gives away."),
    examples=(
        "marfa audit table.json",
        "marfa audit table.json --against published-2023.json --json",
        "marfa audit table.json --register register.json",
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
    "--new-population",
    is_flag=True,
    help=_("Confirm that these are other people than those of the tables that are left apart."),
)
@click.option(
    "--register",
    type=PATH,
    help=_("Register that knows this table: all of its population is attacked together."),
)
@click.option(
    "--work",
    default=20_000,
    show_default=True,
    type=click.IntRange(0),
    help=_("Work of the solver for the attack, the same on every machine."),
)
@json_option
def audit(
    table: Path,
    against: tuple[Path, ...],
    new_population: bool,
    register: Path | None,
    work: int,
    as_json: bool,
) -> None:
    """Exit code 1 where a cell is narrower than allowed, a sum is wrong, or work ran out."""
    from marfa.cli.table_audit import audit_guards
    from marfa.methods.disclosure.releases import compare
    from marfa.methods.disclosure.tables import attack_rounded
    from marfa.methods.disclosure.tables import audit as attack

    subject = read_table(table)
    with working(_("Attacking the table...")):
        if subject.base is not None:
            problems = attack_rounded(subject)
            report: dict[str, Any] = {"method": "round"}
        else:
            found = attack(subject, work=work)
            problems = _problems(found)
            report = _report(subject, found)
        earlier = [read_table(path) for path in against]
        together = compare(subject, earlier, apart_confirmed=new_population)
        problems += [*together.problems, *audit_guards(subject, earlier, register)]
    report = {
        "safe": not problems,
        **report,
        "compared": together.compared,
        "apart": list(together.apart),
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

    with working(_("Counting...")), open_file(open_source, file, options) as source:
        found = measure(
            source,
            columns_of(by, source),
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
    from marfa.methods.disclosure.tables.out_rows import columns_beside

    language = terminal_language()
    grid = Table()
    for dimension in result.dimensions:
        grid.add_column(dimension.name)
    grid.add_column(_("count"), justify="right")
    more, beside = columns_beside(result)
    for name in more:
        grid.add_column(name, justify="right")
    withheld = result.withheld.tolist()
    for nodes, count, hidden in zip(
        result.nodes.tolist(), result.counts.tolist(), withheld, strict=True
    ):
        if hidden or count:
            names = [
                node_label(d, node, language)
                for d, node in zip(result.dimensions, nodes, strict=True)
            ]
            others = map(str, beside.get(tuple(nodes), [""] * len(more)))
            grid.add_row(*names, "··" if hidden else str(count), *others)
    Console(highlight=False, markup=False).print(grid)
    click.echo(_("·· withheld; combinations that nobody falls into are left out."))
    for note in table_notes(result, language):
        click.echo(note)

"""``marfa release``: open data from case records, with a promise to each person and error bars."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import Command, json_option, print_json, print_warning
from marfa.cli.inputs import InputFile, OutputFile
from marfa.cli.language import _
from marfa.cli.table_files import columns_of, open_file, pair_of, working
from marfa.domain.message import Message
from marfa.platform import clock

if TYPE_CHECKING:
    from marfa.methods.disclosure.private import Promise, Release
    from marfa.methods.disclosure.tables import RecordFile

SMALLEST_SHARE = 1.0
"""A delta times the number of records above which somebody could be shown whole."""


@click.command(
    cls=Command,
    help=_(
        "Publish counts with error bars and synthetic records, with a promise to each person that "
        "holds whatever else anybody knows."
    ),
    examples=(
        "marfa release cases.csv --epsilon 1 --out open --ledger r.json --population victims",
        "marfa release cases.csv --epsilon 4 --delta 1e-6 --out open --domains values.json",
        "marfa release cases.csv --epsilon 1 --out open --columns sex,age --several 'form=;'",
    ),
)
@click.argument("file", type=InputFile("statistics"))
@click.option(
    "--epsilon",
    required=True,
    type=float,
    help=_("How much may be learnt of one person: 1 is little, 4 much, above 12 too much."),
)
@click.option(
    "--delta",
    default=1e-6,
    show_default=True,
    type=float,
    help=_("Chance that the promise does not hold; clearly below one in the number of records."),
)
@click.option(
    "--length",
    default=3,
    show_default=True,
    type=click.IntRange(1, 3),
    help=_("Columns of the longest combinations that are counted."),
)
@click.option(
    "--out",
    required=True,
    type=OutputFile(dir_okay=True, file_okay=False),
    help=_("Folder for aggregates.csv, synthetic.csv and report.json."),
)
@click.option(
    "--ledger",
    type=InputFile("statistics"),
    help=_("Register of releases, which keeps what was spent; made if it is not there."),
)
@click.option(
    "--population",
    default="records",
    show_default=True,
    help=_("Who is counted: the key that a register knows them by."),
)
@click.option("--period", default="", help=_("Time that the figures are about, such as 2024."))
@click.option(
    "--budget",
    type=float,
    help=_("Epsilon that may be spent on these people and this time in all; 12 by default."),
)
@click.option(
    "--new-population",
    is_flag=True,
    help=_("Confirm that these are other people than those of the tables that are left apart."),
)
@click.option(
    "--mixed",
    is_flag=True,
    help=_("Confirm that exact tables of these people may be out too, which no epsilon covers."),
)
@click.option(
    "--columns", multiple=True, help=_("Columns to release, separated by commas; all by default.")
)
@click.option(
    "--domains",
    type=InputFile("statistics"),
    help=_("JSON with all values that each column may hold; otherwise they count as public."),
)
@click.option("--missing", multiple=True, help=_("Code that means not reported."))
@click.option(
    "--several",
    multiple=True,
    metavar="COLUMN=SEPARATOR",
    help=_("Column whose fields may hold several values, and what divides them."),
)
@click.option("--encoding", default="utf-8", show_default=True, help=_("Encoding of a text file."))
@click.option("--delimiter", help=_("What divides the columns of a text file."))
@click.option("--sheet", help=_("Sheet of a workbook; the first by default."))
@json_option
def release(file: Path, epsilon: float, delta: float, as_json: bool, **options: Any) -> None:
    """Everything that can be refused is refused before anything is spent."""
    from marfa.methods.disclosure.private import (
        SecureNoise,
        check_promise,
        make_release,
        open_folder,
        write_release,
    )
    from marfa.methods.disclosure.tables import open_source

    promise = check_promise(epsilon, delta)
    if options["ledger"] is None and (options["budget"] or options["mixed"]):
        raise click.UsageError(_("--budget and --mixed need --ledger."))
    if options["budget"] is not None and not 0 < options["budget"] < math.inf:
        raise click.UsageError(_("--budget is a number above 0."))
    said: list[Message] = []
    with (
        working(_("Measuring and drawing records...")),
        open_folder(options["out"]) as folder,
        open_file(open_source, file, options) as source,
    ):
        noise = SecureNoise()
        records = _read(source, options, said)
        spend = _spender(source.digest, promise, options, said)
        made = make_release(records, promise, noise, length=options["length"], spend=spend)
        made.report["notes"] = [each.code for each in said]
        files = write_release(made, folder)
    _tell(made, promise, said)
    if as_json:
        print_json({**made.report, "files": [str(path) for path in files]})
    else:
        click.echo(_("Written: {files}").format(files=", ".join(map(str, files))))


def _read(source: RecordFile, options: dict[str, Any], said: list[Message]) -> Any:
    from marfa.methods.disclosure.private import read_domains, read_records

    domains = {} if options["domains"] is None else read_domains(options["domains"])
    columns = tuple(dict.fromkeys(columns_of(options["columns"], source)))
    if options["columns"] and not columns:
        raise click.UsageError(_("--columns names no column."))
    records = read_records(
        source,
        columns,
        missing=options["missing"],
        several=dict(_separated(text) for text in options["several"]),
        domains=domains,
    )
    undeclared = [column.name for column in records.columns if not column.declared]
    if undeclared:
        names = {"columns": ", ".join(undeclared[:40]), "count": len(undeclared)}
        said.append(Message("methods.disclosure.private:values-public", names))
    if source.staying:
        names = {"columns": ", ".join(sorted(source.staying))}
        said.append(Message("methods.disclosure.private:left-out", names))
    return records


def _separated(text: str) -> tuple[str, str]:
    name, separator = pair_of(text)
    if not separator:
        raise click.UsageError(_("{text} is not of the form NAME=VALUE.").format(text=text))
    return name, separator


def _spender(
    digest: str, promise: Promise, options: dict[str, Any], said: list[Message]
) -> Callable[[], None]:
    """Notes in the ledger what is spent, and says what a reader must know of it."""
    from marfa.methods.disclosure.private import Account, says_mixed
    from marfa.methods.disclosure.private import spend as note
    from marfa.methods.disclosure.releases import find_population, open_register
    from marfa.methods.disclosure.releases.budget import Spending

    def spend() -> None:
        if options["ledger"] is None:
            said.append(Message("methods.disclosure.private:no-ledger"))
            return
        with open_register(options["ledger"]) as register:
            key = find_population(register, options["population"], new=options["new_population"])
            account = Account(key, options["period"], options["budget"], options["mixed"])
            at = clock.now().isoformat(timespec="seconds")
            spending = Spending(
                at, digest, promise.size, promise.slack, promise.epsilon, promise.delta
            )
            note(register, account, spending)
            said.extend(says_mixed(register, key))

    return spend


def _tell(made: Release, promise: Promise, said: list[Message]) -> None:
    number = int(made.report["records"]["count"])
    if promise.delta * number > SMALLEST_SHARE:
        said.append(Message("methods.disclosure.private:delta-high", {"records": number}))
    for message in said:
        print_warning(message)

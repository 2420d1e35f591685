"""``marfa flows``: patterns of trafficking money, exact, explained, and safe for victims."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marfa.cli.base import (
    Group,
    error_console,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.inputs import InputFile, OutputFile
from marfa.cli.language import _, terminal_language
from marfa.domain.message import Message

if TYPE_CHECKING:
    from marfa.methods.flows import Case, Found

FILE = InputFile("finance", exists=True)
TARGET = OutputFile()
FOLDER = OutputFile(dir_okay=True, file_okay=False)
UNITS = ("s", "min", "day")
WINDOW = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|h|d)")
WINDOW_UNITS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}
MASTER = re.compile(r"local(\[(\d+|\*)\])?|spark://.+|yarn|k8s://.+")
SHOWN = 20
"""Cases that are told in the terminal; the files have all."""

unit_option = click.option(
    "--unit",
    type=click.Choice(UNITS),
    default="s",
    show_default=True,
    help=_("What one is where times are numbers."),
)


class Window(click.ParamType[int]):
    """A length of time such as ``2d``, ``36h``, ``90min``, ``3600s``, in seconds."""

    name = "TIME"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        if isinstance(value, int):
            return value
        found = WINDOW.fullmatch(str(value).strip())
        seconds = float(found[1]) * WINDOW_UNITS[found[2]] if found else 0
        if not 1 <= seconds <= 3_660 * 86_400:
            self.fail(_("A time is written as 2d, 36h, 90min or 3600s."), param, ctx)
        return int(seconds)


class Kinds(click.ParamType[Sequence[str]]):
    """Names of patterns with commas between them."""

    name = "KIND,..."

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Sequence[str]:
        from marfa.methods.flows.findings import KINDS

        asked = [part.strip() for part in str(value).split(",") if part.strip()]
        if not asked or set(asked) - set(KINDS):
            text = _("The patterns are: {names}.")
            self.fail(text.format(names=", ".join(KINDS)), param, ctx)
        return asked


class Rate(click.ParamType[float]):
    """A rate of exchange."""

    name = "RATE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            rate = float(str(value))
        except ValueError:
            rate = 0.0
        if not 1e-6 <= rate <= 1e9:
            self.fail(_("A rate is a number above 0, such as 34 or 0.92."), param, ctx)
        return rate


@click.group(
    cls=Group,
    help=_(
        "Patterns of trafficking money, exact and explained."
        "\n\nA finding is a question for an investigation. An account in it is not a suspect's: "
        "victims are reported by no command."
    ),
)
def flows() -> None:
    """Patterns, typologies, features, tracing, indicators."""


@flows.command(
    help=_(
        "Find shapes of money that moves: fans, cycles, funnels and seven others."
        "\n\nThe file is CSV or Parquet with id, src, dst, ts and amount."
    ),
    examples=(
        "marfa flows patterns payments.csv --out found.csv",
        "marfa flows patterns payments.parquet --kind cycle,funnel --window 5d --json",
    ),
)
@click.argument("file", type=FILE)
@click.option("--kind", "kinds", type=Kinds(), help=_("Patterns to look for; without it, all."))
@click.option("--window", type=Window(), help=_("One window for all patterns; else each its own."))
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    help=_("The sum from which a payment is reported, for structuring."),
)
@unit_option
@click.option(
    "--engine",
    type=click.Choice(("duckdb", "spark")),
    default="duckdb",
    show_default=True,
    help=_("What narrows the transactions down; the findings are the same."),
)
@click.option("--master", help=_("Where Spark runs; without it, on this machine alone."))
@click.option("--out", type=TARGET, metavar="FILE", help=_("Write the findings as CSV."))
@json_option
def patterns(
    file: Path,
    kinds: Sequence[str] | None,
    window: int | None,
    limit: int,
    unit: str,
    engine: str,
    master: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """One row a transaction of a finding."""
    from dataclasses import replace

    from marfa.methods.flows import KINDS, Parameters, find_patterns, open_ledger
    from marfa.methods.flows.result_files import patterns_table, write_files

    if master is not None and engine != "spark":
        raise click.UsageError(_("--master goes with --engine spark."))
    if master is not None and not MASTER.fullmatch(master):
        raise click.UsageError(_("A master is written as local[2] or spark://host:port."))
    chosen = replace(Parameters(), structuring_limit=limit)
    chosen = chosen if window is None else chosen.with_window(window)
    asked = tuple(kinds or KINDS)
    opened = open_ledger(file, unit=unit)
    if engine == "spark":
        from marfa.methods.flows.spark import open_narrowed

        opened = open_narrowed(file, unit=unit, chosen=chosen, kinds=asked, master=master)
    with error_console().status(_("Looking...")), opened as ledger:
        found = find_patterns(ledger, kinds=asked, parameters=chosen)
        if out is not None:
            write_files({out: patterns_table(found)})
        if as_json:
            print_json(found.as_json())
        else:
            _tell_patterns(found)


@flows.command(
    help=_(
        "Write numbers of each transaction that know only what came before it, as Parquet: the "
        "same whatever comes later and however many are worked through at once."
    ),
    examples=("marfa flows features payments.csv --out features.parquet",),
)
@click.argument("file", type=FILE)
@unit_option
@click.option(
    "--batch",
    type=click.IntRange(1),
    help=_("Transactions that are worked through at once; without it, all."),
)
@click.option(
    "--out", type=TARGET, metavar="FILE", required=True, help=_("The Parquet file to write.")
)
@json_option
def features(file: Path, unit: str, batch: int | None, out: Path, as_json: bool) -> None:
    """One row an id."""
    from marfa.methods.flows import COLUMNS, compute_features, open_ledger, write_features

    with error_console().status(_("Counting...")), open_ledger(file, unit=unit) as ledger:
        columns = compute_features(ledger, batch=batch)
        write_features(ledger, columns, out)
        number = len(ledger)
    if as_json:
        print_json({"written": str(out), "rows": number, "columns": ["id", *COLUMNS]})
    else:
        click.echo(_("Written: {files}").format(files=out))


@flows.command(
    help=_(
        "Find cases of eight typologies of trafficking, with the role of each account and what "
        "may be done about it."
        "\n\nOnly a controller or facilitator is ever reported; a victim, a family that pays a "
        "ransom, and anybody of whom too little is known never is. Texts of payments, names, "
        "nationalities and regions are not read."
    ),
    examples=(
        "marfa flows typologies payments.csv --accounts accounts.csv --out cases",
        "marfa flows typologies payments.parquet --accounts accounts.csv --out cases --json",
    ),
)
@click.argument("file", type=FILE)
@click.option(
    "--accounts",
    type=FILE,
    metavar="FILE",
    required=True,
    help=_("CSV or Parquet with account and kind; standing, open_day or opened if there."),
)
@click.option(
    "--dollar",
    type=Rate(),
    default=1,
    show_default=True,
    help=_(
        "How many units of the currency of the file make one US dollar; small sums are told in "
        "dollars."
    ),
)
@unit_option
@click.option(
    "--out", type=FOLDER, metavar="FOLDER", required=True, help=_("Folder for the three tables.")
)
@json_option
def typologies(
    file: Path, accounts: Path, dollar: float, unit: str, out: Path, as_json: bool
) -> None:
    """Cases, their transactions, and the accounts in them."""
    from marfa.domain.catalogue import render_message
    from marfa.methods.flows import find_typologies, open_ledger, read_accounts
    from marfa.methods.flows.result_files import (
        NOTICE,
        case_tables,
        cases_as_json,
        write_folder,
    )

    language = terminal_language()
    known = read_accounts(accounts, unit=unit)
    with error_console().status(_("Looking...")), open_ledger(file, unit=unit) as ledger:
        cases = find_typologies(ledger, known, dollar=dollar)
        write_folder(out, case_tables(cases, ledger, language))
        if as_json:
            told = cases_as_json(cases, ledger, language)
            print_json({"cases": told, "notice": render_message(NOTICE, language)})
        else:
            _tell_cases(cases)


@flows.command(
    "trace",
    help=_(
        "Follow the money of one transaction, forward or back, by a named method."
        "\n\nfifo: what came in first leaves first. prorata: what leaves is made up as the account "
        "is. Which one a court takes differs; the two are never mixed."
    ),
    examples=(
        "marfa flows trace payments.csv --from 4711",
        "marfa flows trace payments.csv --from 4711 --back --method prorata --json",
    ),
)
@click.argument("file", type=FILE)
@click.option("--from", "start", metavar="ID", required=True, help=_("Where to begin."))
@click.option("--back", is_flag=True, help=_("Where the money came from, not where it went."))
@click.option(
    "--method",
    type=click.Choice(("fifo", "prorata")),
    default="fifo",
    show_default=True,
    help=_("The rule for money that is mixed."),
)
@unit_option
@json_option
def trace_command(
    file: Path, start: str, back: bool, method: str, unit: str, as_json: bool
) -> None:
    """How much of each transaction belongs to it, and where it rests or began."""
    from marfa.methods.flows import open_ledger, trace
    from marfa.methods.flows.result_files import in_units, trace_as_json, trace_table

    with open_ledger(file, unit=unit) as ledger:
        found = trace(ledger, start, back=back, method=method)
        if as_json:
            print_json(trace_as_json(ledger, found))
            return
        click.echo(trace_table(ledger, found), nl=False)
        code = "began" if back else "rests"
        for account, amount in sorted(found.ends.items()):
            params = {"account": ledger.names[account], "amount": in_units(amount)}
            print_warning(Message(f"methods.flows:{code}", params))
        print_warning(Message(f"methods.flows:method-{method}"))


@flows.command(
    help=_("List the indicators: what each says, what else explains it, and whom it protects."),
    examples=("marfa flows indicators", "marfa flows indicators --json"),
)
@json_option
def indicators(as_json: bool) -> None:
    """All 77, with their sources in JSON."""
    from marfa.domain.catalogue import render_message
    from marfa.methods.flows.indicators import (
        benign_message,
        indicator_message,
    )
    from marfa.methods.flows.indicators import (
        indicators as known,
    )

    language = terminal_language()
    if as_json:
        print_json({"indicators": [each.as_json() for each in known().values()]})
        return
    for each in known().values():
        mark = "*" if each.computed else " "
        click.echo(f"{mark} {each.id}  {render_message(indicator_message(each.id), language)}")
        if each.is_explained:
            click.echo(f"         ≈ {render_message(benign_message(each.id), language)}")
    print_warning(Message("methods.flows:indicators-legend"))


def _tell_patterns(found: Found) -> None:
    for pattern, findings in found.findings.items():
        rows = {row for finding in findings for row in finding.rows}
        click.echo(f"{pattern:<16} {len(findings):>8} {len(rows):>10}")
    print_warning(Message("methods.flows:patterns-legend"))
    if found.damped:
        print_warning(Message("methods.flows:damped", count=found.damped))
    click.echo(found.digest)
    _caution()


def _tell_cases(cases: Sequence[Case]) -> None:
    print_message(Message("methods.flows:cases-found", count=len(cases)))
    told: set[str] = set()
    for case in cases[:SHOWN]:
        click.echo(f"  {case.name:<18} {'; '.join(case.draft.met)}")
        if case.draft.typology in told:
            continue
        told.add(case.draft.typology)
        if case.is_urgent:
            print_warning(Message("methods.flows:why-child"))
        print_message(case.confirms)
        print_message(case.refutes)
    for handling in ("report", "two_people", "protect", "remedy"):
        number = sum(entry.handling == handling for case in cases for entry in case.entries)
        click.echo(f"  {handling:<18} {number}")
    _caution()


def _caution() -> None:
    from marfa.methods.flows.result_files import NOTICE

    print_warning(NOTICE)

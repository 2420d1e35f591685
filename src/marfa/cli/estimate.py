"""``marfa estimate``: how many people were not seen."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from marfa.cli.base import (
    Command,
    Exit,
    json_option,
    print_json,
    print_warning,
    report_input_error,
)
from marfa.cli.estimate_answer import answer_file, refused_document
from marfa.cli.inputs import InputFile, OutputFile
from marfa.cli.language import _
from marfa.domain.message import InputError, Message

METHOD_CHOICES = ("independence", "stepwise", "bic", "bma", "dga", "lcmcr", "all")
FILE = InputFile("statistics", exists=True)


SPREAD = ("--strata", "--place", "--covariates")


class EstimateCommand(Command):
    """Options of columns take several: ``--strata sex age``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, spread_strata(args))


def spread_strata(args: list[str]) -> list[str]:
    """``--strata a b`` as ``--strata a --strata b``, and so for all of SPREAD.

    Where no file comes before, the last of the names is the file.
    """
    found: list[str] = []
    rest = list(args)
    file_given = bool(rest) and not rest[0].startswith("-")
    while rest:
        word = rest.pop(0)
        if word not in SPREAD:
            found.append(word)
            continue
        names = []
        while rest and not rest[0].startswith("-"):
            names.append(rest.pop(0))
        file = names.pop() if not rest and not file_given and len(names) > 1 else None
        found.extend(part for name in names for part in (word, name))
        found.extend([] if file is None else [file])
        if not names:
            found.append(word)
    return found


class LinkShare(click.ParamType[tuple[float, int | None]]):
    """A share as ``0.85``, or as the numbers of a clerical sample: ``85/100``."""

    name = "share"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, int | None]:
        if isinstance(value, tuple | list):
            share, checked = value
            return float(share), checked
        found, slash, checked = str(value).partition("/")
        try:
            if slash:
                hits, tries = int(found), int(checked)
                if 0 <= hits <= tries and tries > 0:
                    return hits / tries, tries
            elif 0 <= float(found) <= 1:
                return float(found), None
        except ValueError:
            pass
        return self.fail(_("'{value}' is neither a share nor found/checked.").format(value=value))


@click.command(
    cls=EstimateCommand,
    help=_(
        "Estimate how many people there are, seen or not, from several incomplete lists."
        "\n\nFILE is a CSV table with one column of 0 and 1 for each list, and either a column "
        "with the number of people of that combination, or one row for each person. An estimate "
        "is never a quota for planning."
    ),
    examples=(
        "marfa estimate lists.csv --seed 7 --report report.html",
        "marfa estimate lists.csv --method stepwise --interval bca --replicates 10000 --json",
        "marfa estimate people.csv --strata sex age_band --workers 2",
        "marfa estimate people.csv --place province --unreachable 0.1",
    ),
)
@click.argument("file", type=FILE)
@click.option(
    "--count",
    metavar="COLUMN",
    help=_(
        "Column with the number of people; without it, the column 'count' if there is one, "
        "else one row is one person."
    ),
)
@click.option(
    "--method",
    type=click.Choice(METHOD_CHOICES),
    default="all",
    show_default=True,
    help=_("How to estimate."),
)
@click.option(
    "--lcmcr",
    is_flag=True,
    help=_("Add latent classes (lcmcr) to the methods of all; this can last a minute."),
)
@click.option(
    "--order",
    type=click.IntRange(1, 11),
    default=2,
    show_default=True,
    help=_("Most lists in one interaction, for the methods bic and bma."),
)
@click.option(
    "--p-threshold",
    type=click.FloatRange(0, 1),
    default=0.02,
    show_default=True,
    help=_("The stepwise method adds pairs of lists with a p-value up to this."),
)
@click.option(
    "--strata",
    multiple=True,
    metavar="COL ...",
    help=_(
        "Columns that divide the people; each group is estimated alone and the groups are added up."
    ),
)
@click.option(
    "--place",
    multiple=True,
    metavar="COL ...",
    help=_(
        "Columns that say where. Groups as with --strata, and inside each place every list is "
        "taken to work alike."
    ),
)
@click.option(
    "--covariates",
    multiple=True,
    metavar="COL ...",
    help=_(
        "Columns whose values move the chances of being listed, in one model of all groups; "
        "numbers such as years give a trend."
    ),
)
@click.option(
    "--lists-everywhere",
    is_flag=True,
    help=_("Assume that each list works alike in all places; the answer names the assumption."),
)
@click.option(
    "--unreachable",
    type=click.FloatRange(0, 0.9),
    metavar="SHARE",
    help=_(
        "Assume that this share of all people can be reached by no list; the answer names the "
        "assumption."
    ),
)
@click.option(
    "--interval",
    type=click.Choice(("bca", "percentile", "profile", "none")),
    help=_("Kind of interval; without it, percentile and bca from the same replicates."),
)
@click.option(
    "--replicates",
    type=click.IntRange(0, 1_000_000),
    default=1000,
    show_default=True,
    help=_("Bootstrap replicates; 0 gives the estimates alone."),
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help=_("Start of the random numbers: the same seed gives the same answer."),
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help=_("Processes to compute with; the answer does not depend on it."),
)
@click.option(
    "--referred",
    metavar="COLUMN",
    help=_(
        "Column with the number of people who are on a further list only because another list "
        "sent them there."
    ),
)
@click.option(
    "--link-recall",
    type=LinkShare(),
    metavar="SHARE",
    help=_(
        "Share of the true links between the lists that were found, from a clerical sample: "
        "0.85, or 85/100, whose chance error then enters the interval."
    ),
)
@click.option(
    "--link-precision",
    type=LinkShare(),
    metavar="SHARE",
    help=_("Share of the links found that are true, from a clerical sample, likewise."),
)
@click.option(
    "--population",
    type=InputFile("statistics"),
    metavar="FILE",
    help=_(
        "CSV table with the column population, by some of the groups' columns: gives indicator "
        "16.2.2, victims per 100,000, detected and in all."
    ),
)
@click.option(
    "--report",
    type=OutputFile(writable=True),
    metavar="FILE",
    help=_("Write a report as one HTML page."),
)
@click.option(
    "--run",
    "run_id",
    metavar="ID",
    help=_("Compute a run again whose id an answer named, with its settings; other options stay."),
)
@json_option
@click.pass_context
def estimate(
    ctx: click.Context, /, as_json: bool, report: Path | None, file: Path, **options: Any
) -> None:
    """Read, analyse, write the report, answer."""
    one_thread()
    try:
        total = answer_file(file, _asked(ctx, options), report, as_json)
    except InputError as error:
        if as_json:
            print_json(refused_document(error))
        report_input_error(error)
        sys.exit(Exit.PROBLEMS)
    if not total.answered:
        for refusal in total.refusals:
            print_warning(refusal.message)
        sys.exit(Exit.PROBLEMS)


def one_thread() -> None:
    """Keep linear algebra to one thread a process: ``--workers`` says how many there are."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _asked(ctx: click.Context, options: dict[str, Any]) -> dict[str, Any]:
    """The options, with ``settings`` those that are not the usual ones and change the figures.

    Raises InputError where the run named has no such options.
    """
    free = {"run_id", "workers", "population"}
    usual = {p.name: p.get_default(ctx) for p in ctx.command.params if p.name in options}
    given = {
        name: value
        for name, value in options.items()
        if name not in free and value != usual[name] and value != () and value is not None
    }
    if options["run_id"] is None:
        return {**options, "settings": given, "recorded": None}
    if given:
        raise click.UsageError(_("--run brings its own settings: leave out the others."))
    from marfa.methods.estimation.runs import read_run

    recorded = read_run(options["run_id"])
    known = {name: value for name, value in options.items() if name not in free}
    if not set(recorded.settings) <= set(known):
        raise InputError.at(Message("methods.estimation:run-unreadable"), field="run")
    parameters = {p.name: p for p in ctx.command.params}
    brought = {
        name: parameters[name].type_cast_value(ctx, value)
        for name, value in recorded.settings.items()
    }
    return {**options, **brought, "settings": dict(recorded.settings), "recorded": recorded}

"""``marfa estimate``: how many people were not seen."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import (
    Command,
    Exit,
    error_console,
    json_option,
    print_json,
    print_message,
    print_warning,
    report_input_error,
)
from marfa.cli.inputs import InputFile, OutputFile
from marfa.cli.language import _, terminal_language
from marfa.domain.message import InputError, Message, Problem

if TYPE_CHECKING:
    from marfa.methods.estimation import Analysis, CaptureData, Settings, Stratified

METHOD_CHOICES = ("independence", "stepwise", "bic", "bma", "dga", "all")
FILE = InputFile("statistics", exists=True)


class EstimateCommand(Command):
    """``--strata`` takes several columns: ``--strata sex age``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, spread_strata(args))


def spread_strata(args: list[str]) -> list[str]:
    """``--strata a b`` as ``--strata a --strata b``.

    Where no file comes before, the last of the names is the file.
    """
    found: list[str] = []
    rest = list(args)
    file_given = bool(rest) and not rest[0].startswith("-")
    while rest:
        word = rest.pop(0)
        if word != "--strata":
            found.append(word)
            continue
        names = []
        while rest and not rest[0].startswith("-"):
            names.append(rest.pop(0))
        file = names.pop() if not rest and not file_given and len(names) > 1 else None
        found.extend(part for name in names for part in ("--strata", name))
        found.extend([] if file is None else [file])
        if not names:
            found.append(word)
    return found


@click.command(
    cls=EstimateCommand,
    help=_(
        "Estimate how many people there are, seen or not, from several incomplete lists."
        "\n\nFILE is a CSV table with one column of 0 and 1 for each list, and either a column "
        "with the number of people of that combination, or one row for each person."
    ),
    examples=(
        "marfa estimate lists.csv --seed 7 --report report.html",
        "marfa estimate lists.csv --method stepwise --interval bca --replicates 10000 --json",
        "marfa estimate people.csv --strata sex age_band --workers 2",
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
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help=_("Share of the true links between the lists that were found, from a clerical sample."),
)
@click.option(
    "--link-precision",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help=_("Share of the links found that are true, from a clerical sample."),
)
@click.option(
    "--report",
    type=OutputFile(writable=True),
    metavar="FILE",
    help=_("Write a report as one HTML page."),
)
@json_option
def estimate(as_json: bool, report: Path | None, file: Path, **options: Any) -> None:
    """Read, analyse, write the report, answer."""
    one_thread()
    try:
        data, answer = _answer(file, options)
        if report is not None:
            _write_report(report, file.name, data, answer, _settings(options))
    except InputError as error:
        if as_json:
            print_json(_refused(error))
        report_input_error(error)
        sys.exit(Exit.PROBLEMS)
    total = _total(answer)
    if as_json:
        print_json(answer.as_json(terminal_language()))
    else:
        _tell(answer)
    if not total.answered:
        for refusal in total.refusals:
            print_warning(refusal.message)
        sys.exit(Exit.PROBLEMS)


def one_thread() -> None:
    """Keep linear algebra to one thread a process: ``--workers`` says how many there are."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _settings(options: dict[str, Any]) -> Settings:
    from marfa.methods.estimation import METHODS, Settings

    recall, precision = options["link_recall"], options["link_precision"]
    linkage = None
    if recall is not None or precision is not None:
        linkage = (1.0 if recall is None else recall, 1.0 if precision is None else precision)
    return Settings(
        methods=METHODS if options["method"] == "all" else (options["method"],),
        order=options["order"],
        p_threshold=options["p_threshold"],
        interval=options["interval"],
        replicates=options["replicates"],
        seed=options["seed"],
        workers=options["workers"],
        linkage=linkage,
    )


def _answer(file: Path, options: dict[str, Any]) -> tuple[CaptureData, Analysis | Stratified]:
    from marfa.methods.estimation import analyse, analyse_strata, read_captures

    data = read_captures(
        file, count=options["count"], strata=options["strata"], referred=options["referred"]
    )
    settings = _settings(options)
    with _progress() as progress:
        if data.strata:
            return data, analyse_strata(data, settings, progress)
        return data, analyse(data.table, settings, referred=data.referred, progress=progress)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    from rich.progress import Progress

    with Progress(console=error_console(), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(_("Replicates"), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _write_report(
    target: Path, source: str, data: CaptureData, answer: Analysis | Stratified, settings: Settings
) -> None:
    """Whole or not at all: a report cut short could be read as complete."""
    from marfa.methods.estimation.report import report_page

    page = report_page(source, data, answer, settings, terminal_language())
    part = target.with_name(target.name + ".part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        raise InputError.at(
            Message("methods.estimation:report-unwritable"), file=str(target)
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _total(answer: Analysis | Stratified) -> Analysis:
    from marfa.methods.estimation import Stratified

    return answer.total if isinstance(answer, Stratified) else answer


def _tell(answer: Analysis | Stratified) -> None:
    """The answer in words, the headline first."""
    from marfa.methods.estimation import Stratified
    from marfa.methods.estimation.words import answer_lines, stratum_title

    for message in answer_lines(_total(answer)):
        print_message(message)
    if isinstance(answer, Stratified):
        for part in answer.strata:
            print_message(stratum_title(part.name))
            for message in answer_lines(part.analysis):
                print_message(message)


def _refused(error: InputError) -> dict[str, object]:
    from marfa.domain.catalogue import render_problem
    from marfa.methods.estimation import Headline, headline_json

    language = terminal_language()

    def shown(problem: Problem) -> dict[str, object]:
        return {
            "method": None,
            "code": problem.message.key,
            "text": render_problem(problem, language),
            "place": problem.place.as_json(),
        }

    return {
        "observed": None,
        "lists": [],
        "results": [],
        "headline": headline_json(
            Headline("refused", reasons=tuple(p.message for p in error.problems)), language
        ),
        "refusals": [shown(problem) for problem in error.problems],
    }

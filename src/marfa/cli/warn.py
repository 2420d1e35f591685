"""``marfa warn``: counts that are too high, by place and week."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import (
    Command,
    Exit,
    Group,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.inputs import InputFile, OutputFile
from marfa.cli.language import _, terminal_language
from marfa.domain.message import InputError, Message

if TYPE_CHECKING:
    from marfa.methods.surveillance import Answers, Held, Panel, Settings

FILE = InputFile("statistics", exists=True)
TARGET = OutputFile(writable=True)
SEVERAL = ("--count", "--place")
METHODS = (
    "seasonal", "farrington_1996", "flexible_delta", "flexible_nbPlugin", "flexible_muan",
    "ears_C1", "ears_C2", "ears_C3", "ears_C1_b28_min1", "cusum_rossi", "bayes_b1", "bayes_b3",
    "rki3", "glrnb",
)  # fmt: skip
STEPS = ("day", "week", "month", "year")
SHOWN = 20
"""Alarms that are told in the terminal; the file has all."""


class SeveralCommand(Command):
    """``--count A B C`` takes several columns, ``--place A B`` too."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, spread_names(args))


def spread_names(args: list[str]) -> list[str]:
    """``--count a b`` as ``--count a --count b``.

    Where no file comes before, the last of the names is the file.
    """
    found: list[str] = []
    rest = list(args)
    file_given = bool(rest) and not rest[0].startswith("-")
    while rest:
        word = rest.pop(0)
        found.append(word)
        if word not in SEVERAL:
            continue
        names = []
        while rest and not rest[0].startswith("-"):
            names.append(rest.pop(0))
        file = names.pop() if not rest and not file_given and len(names) > 1 else None
        if names:
            found.pop()
        found += [part for name in names for part in (word, name)]
        found += [] if file is None else [file]
    return found


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """How a file is read, the same for every command."""
    options = (
        click.option(
            "--count",
            multiple=True,
            metavar="COL ...",
            help=_(
                "Columns with counts, each a series; without it, every column that does not tell "
                "of time. With --place, the column that is added up."
            ),
        ),
        click.option(
            "--place",
            multiple=True,
            metavar="COL ...",
            help=_("Columns that say where a row belongs, for files with a row a report or event."),
        ),
        click.option("--date", "when", metavar="COL", help=_("Column with the date.")),
        click.option(
            "--step",
            type=click.Choice(STEPS),
            help=_("How far apart the counts are; without it, as the dates are."),
        ),
        click.option(
            "--layout",
            type=click.Choice(("ucdp", "dtm", "unhcr", "csv")),
            help=_("Layout of the file; without it, it is found from the columns."),
        ),
        click.option(
            "--at-risk",
            metavar="COL",
            help=_("Column with the people among whom the counts arise."),
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.group(
    cls=Group,
    help=_(
        "Say in time where a count is too high, and not too often. An alarm is about a place and "
        "a week, never about a person."
    ),
)
def warn_group() -> None:
    """The group of commands for early warning."""


@warn_group.command(
    "detect",
    cls=SeveralCommand,
    help=_(
        "Look for counts that are too high.\n\nFILE is a CSV table with a column for each series "
        "and a row for each week, month or day; or one of the layouts of UCDP, DTM and UNHCR. An "
        "empty cell and NA are no answer, and no zero."
    ),
    examples=(
        "marfa warn detect weekly.csv --out alarms.csv --page alarms.html",
        "marfa warn detect weekly.csv --method flexible_nbPlugin --years 3 --r-compatible --json",
        "marfa warn detect weekly.csv --count site_a site_b --from 160 --gap 13",
        "marfa warn detect reports.csv --place site --date happened --known reported",
    ),
)
@click.argument("file", type=FILE)
@click.option(
    "--method",
    type=click.Choice(METHODS),
    default="seasonal",
    show_default=True,
    help=_("The detector; marfa warn methods tells what each does."),
)
@reading_options
@click.option(
    "--years",
    type=click.IntRange(1, 50),
    help=_("Earlier years that are compared with; without it, 5, and all of them for seasonal."),
)
@click.option(
    "--alpha",
    type=click.FloatRange(0, 0.5, min_open=True),
    help=_("Probability of an alarm where nothing happens; without it, the detector's own."),
)
@click.option(
    "--gap",
    type=click.IntRange(0, 10_000),
    metavar="W",
    help=_("Newest steps that no baseline is drawn from; without it, half a year."),
)
@click.option(
    "--from",
    "start",
    type=int,
    metavar="T",
    help=_("First step that is asked about; without it, the first that has an answer."),
)
@click.option(
    "--per-step",
    type=click.FloatRange(0, min_open=True),
    metavar="N",
    help=_("False alarms in a step that can be looked into, over all series; it sets the bound."),
)
@click.option(
    "--false-share",
    type=click.FloatRange(0, 1, min_open=True),
    help=_("With --per-step: at most this share of the alarms may be expected to be false."),
)
@click.option(
    "--known",
    metavar="COL",
    help=_("Column with the date on which a report became known: late reports are allowed for."),
)
@click.option(
    "--longest-delay",
    type=click.IntRange(1, 52),
    default=4,
    show_default=True,
    help=_("With --known: reports that come later than so many steps are left out."),
)
@click.option(
    "--r-compatible",
    is_flag=True,
    help=_("The figures of the R package surveillance, its peculiarities included."),
)
@click.option("--out", type=TARGET, metavar="FILE", help=_("Write the answers as a CSV table."))
@click.option("--page", type=TARGET, metavar="FILE", help=_("Write plots as one HTML page."))
@click.option(
    "--least-cell",
    type=click.IntRange(1, 1000),
    default=5,
    show_default=True,
    help=_("With --page: counts from 1 to one less than this are not told apart."),
)
@json_option
def detect(file: Path, as_json: bool, **options: Any) -> None:
    """Read, detect, write, answer."""
    if options["known"]:
        _detect_late(file, options, as_json)
        return
    from marfa.methods.surveillance import Budget, hold
    from marfa.methods.surveillance import detect as find

    if options["at_risk"] and not options["method"].startswith(("seasonal", "farr", "flex")):
        raise click.UsageError(_("--at-risk goes with seasonal, the Farrington family, and scan."))
    panel = _panel(file, options)
    settings = _settings(options, panel)
    answers = find(panel, options["method"], settings)
    held: list[Held] = []
    if options["per_step"]:
        _need_probabilities(options["method"])
        budget = Budget(options["per_step"], options["false_share"])
        answers, held = hold(answers, budget, settings)
    elif options["false_share"]:
        raise click.UsageError(_("--false-share belongs to --per-step."))
    rows = list(answers.rows())
    _write_all(options, file, rows, answers)
    _tell_answers(answers, rows, held, as_json, options["out"] is not None)


def _panel(file: Path, options: dict[str, Any]) -> Panel:
    from marfa.methods.surveillance import Step, read_file

    return read_file(
        file,
        layout=options["layout"],
        counts=options["count"],
        places=options["place"],
        when=options["when"],
        step=Step(options["step"]) if options["step"] else None,
        at_risk=options["at_risk"],
    )


def _settings(options: dict[str, Any], panel: Panel | None) -> Settings:
    from marfa.methods.surveillance import Settings

    start = options["start"]
    if start is not None and panel is not None:
        if start not in panel.times:
            params = {"first": panel.times[0], "last": panel.times[-1]}
            raise InputError.at(Message("methods.surveillance:no-such-step", params))
        start = panel.times.index(start)
    return Settings(
        years=options["years"],
        alpha=options["alpha"],
        gap=options["gap"],
        start=start,
        r_compatible=options["r_compatible"],
    )


def _need_probabilities(method: str) -> None:
    if method != "seasonal" and not method.startswith(("flexible_nb", "bayes")):
        raise click.UsageError(
            _("--per-step needs a probability: seasonal, flexible_nbPlugin or a Bayes detector.")
        )


def _write_all(
    options: dict[str, Any], file: Path, rows: list[dict[str, object]], answers: Answers | None
) -> None:
    from marfa.methods.surveillance.result_files import answers_csv

    if options["out"] is not None:
        _write(options["out"], answers_csv(rows))
    if options["page"] is not None and answers is not None:
        from marfa.methods.surveillance.page import answers_page

        language = terminal_language()
        page = answers_page(answers, file.name, language, least_cell=options["least_cell"])
        _write(options["page"], page)


def _write(target: Path, text: str) -> None:
    """Whole or not at all."""
    part = target.with_name(f".part-{target.name}")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError:
        raise InputError.at(Message("methods.surveillance:unwritable"), file=str(target)) from None
    finally:
        part.unlink(missing_ok=True)


def _tell_answers(
    answers: Answers,
    rows: list[dict[str, object]],
    held: list[Held],
    as_json: bool,
    written: bool,
) -> None:
    from marfa.domain.catalogue import render_message

    found = [row for row in rows if row["alarm"] == 1]
    note = Message("methods.surveillance:what-an-alarm-is")
    if as_json:
        document: dict[str, object] = {
            "config": answers.config,
            "alarms": len(found),
            "note": render_message(note, terminal_language()),
            "rows": rows,
        }
        if held:
            document["budget"] = [_held_json(answers, i, each) for i, each in enumerate(held)]
        print_json(document)
    else:
        _tell_alarms(answers, found, written)
        if held:
            _tell_held(held[-1])
        print_warning(note)
    if rows and all(row["why"] == "too-short" for row in rows):
        print_warning(Message("methods.surveillance:all-too-short"))
    elif all(row["alarm"] is None for row in rows):
        print_warning(Message("methods.surveillance:no-answer"))


def _tell_alarms(answers: Answers, found: list[dict[str, object]], written: bool) -> None:
    steps = {answers.panel.times[s]: answers.panel.label(s) for s in answers.steps.tolist()}
    print_message(
        Message(
            "methods.surveillance:alarms",
            {"series": len(answers.panel.units), "steps": len(answers.steps)},
            count=len(found),
        )
    )
    newest = sorted(found, key=lambda row: (-int(str(row["t"])), str(row["unit"])))
    for row in newest[:SHOWN]:
        params = {
            "unit": str(row["unit"]),
            "step": steps[int(str(row["t"]))],
            "count": row["observed"],
            "bound": _shown(row["upperbound"]),
        }
        print_message(Message("methods.surveillance:alarm-line", params))
    if len(found) > SHOWN:
        key = "more-in-file" if written else "more-with-out"
        print_message(Message(f"methods.surveillance:{key}", {"more": len(found) - SHOWN}))


def _shown(value: object) -> object:
    return round(value, 1) if isinstance(value, float) else value


def _tell_held(held: Held) -> None:
    params = {
        "expected": round(held.expected_false, 1),
        "found": held.found,
        "share": round(100 * held.false_share),
    }
    print_message(Message("methods.surveillance:held", params))


def _held_json(answers: Answers, place: int, held: Held) -> dict[str, object]:
    return {
        "t": answers.panel.times[int(answers.steps[place])],
        "threshold": held.threshold,
        "expected_false": held.expected_false,
        "found": held.found,
        "series": held.series,
        "able": held.able,
        "false_share": held.false_share,
    }


def _detect_late(file: Path, options: dict[str, Any], as_json: bool) -> None:
    """Replay of what was known at the end of each step; only what was known then is used."""
    from marfa.methods.surveillance import Step
    from marfa.methods.surveillance.late_report_files import read_reports
    from marfa.methods.surveillance.words import late_rows

    if not options["place"] or not options["when"]:
        raise click.UsageError(_("--known needs --place and --date."))
    if options["method"] != "seasonal" or options["r_compatible"] or options["per_step"]:
        raise click.UsageError(_("--known goes with the detector seasonal alone."))
    if options["page"] is not None:
        raise click.UsageError(_("--page does not go with --known."))
    reports = read_reports(
        file,
        places=options["place"],
        when=options["when"],
        known=options["known"],
        count=options["count"][0] if options["count"] else None,
        step=Step(options["step"] or "week"),
        longest=options["longest_delay"],
    )
    last = int(reports.known.max())
    start = options["start"]
    if start is not None and not 1 <= start <= last + 1:
        raise InputError.at(
            Message("methods.surveillance:no-such-step", {"first": 1, "last": last + 1})
        )
    first = last if start is None else start - 1
    rows = late_rows(reports, range(first, last + 1), _settings(options, None))
    _write_all(options, file, rows, None)
    found = [row for row in rows if row["alarm"] == 1]
    if as_json:
        print_json({"config": "seasonal_late", "alarms": len(found), "rows": rows})
        return
    for row in found[-SHOWN:]:
        params = {key: _shown(row[key]) for key in ("unit", "t", "observed", "moment")}
        print_message(Message("methods.surveillance:late-line", params))
    params = {"series": len(reports.units), "steps": last + 1 - first}
    print_message(Message("methods.surveillance:alarms", params, count=len(found)))
    print_warning(Message("methods.surveillance:what-an-alarm-is"))
    if all(row["alarm"] is None for row in rows):
        print_warning(Message("methods.surveillance:no-answer"))


@warn_group.command(
    "methods",
    cls=Command,
    help=_("List the detectors: what each looks at, and when to use it."),
    examples=("marfa warn methods", "marfa warn methods --json"),
)
@json_option
def methods(as_json: bool) -> None:
    """The detectors in words."""
    from marfa.domain.catalogue import render_message
    from marfa.methods.surveillance.words import method_lines

    lines = method_lines()
    if as_json:
        language = terminal_language()
        print_json([{"method": name, "text": render_message(m, language)} for name, m in lines])
        return
    for name, message in lines:
        print_message(
            Message("methods.surveillance:method-line", {"method": name, "text": message})
        )


@warn_group.command(
    "budget",
    cls=SeveralCommand,
    help=_(
        "Before a detector is switched on: how many alarms there will be, and the bound that "
        "holds them to what can be looked into. The newest steps are played through."
    ),
    examples=("marfa warn budget weekly.csv --per-step 5 --replay 8",),
)
@click.argument("file", type=FILE)
@click.option(
    "--per-step",
    type=click.FloatRange(0, min_open=True),
    metavar="N",
    required=True,
    help=_("False alarms in a step that can be looked into, over all series."),
)
@click.option(
    "--false-share",
    type=click.FloatRange(0, 1, min_open=True),
    help=_("At most this share of the alarms of a step may be expected to be false."),
)
@click.option(
    "--replay",
    type=click.IntRange(1, 520),
    default=4,
    show_default=True,
    help=_("Newest steps that are played through."),
)
@reading_options
@json_option
def budget(
    file: Path,
    as_json: bool,
    per_step: float,
    false_share: float | None,
    replay: int,
    **options: Any,
) -> None:
    """Alarms to be expected, then alarms counted."""
    import numpy as np

    from marfa.methods.surveillance import Budget, hold
    from marfa.methods.surveillance import detect as find

    panel = _panel(file, options)
    steps = np.arange(max(0, len(panel) - replay), len(panel))
    plain = find(panel, "seasonal", None, steps)
    answers, held = hold(plain, Budget(per_step, false_share))
    usual = [int(number) for number in plain.alarms.sum(axis=1)]
    if as_json:
        rows = [_held_json(answers, i, each) for i, each in enumerate(held)]
        print_json({"series": len(panel.units), "usual_alarms": usual, "steps": rows})
    else:
        params = {
            "series": len(panel.units),
            "usual": round(0.01 * len(panel.units), 1),
            "able": held[-1].able,
            "expected": round(held[-1].expected_false, 1),
        }
        print_message(Message("methods.surveillance:budget", params))
        for place, each in enumerate(held):
            line = {
                "step": panel.label(int(steps[place])),
                "usual": usual[place],
                "found": each.found,
                "share": round(100 * each.false_share),
            }
            print_message(Message("methods.surveillance:budget-line", line))
    if not any(each.series for each in held):
        print_warning(Message("methods.surveillance:no-answer"))
        sys.exit(Exit.PROBLEMS)


@warn_group.command(
    "scan",
    cls=SeveralCommand,
    help=_(
        "Look for neighbouring places that together have too many cases in the newest steps.\n\n"
        "SITES is a CSV table with the columns unit, latitude and longitude."
    ),
    examples=("marfa warn scan weekly.csv --sites sites.csv --longest 4",),
)
@click.argument("file", type=FILE)
@click.option("--sites", type=FILE, required=True, help=_("Table with the places of the series."))
@click.option(
    "--model",
    type=click.Choice(("permutation", "poisson")),
    default="permutation",
    show_default=True,
    help=_("What is expected: from the counts themselves, or from people at risk."),
)
@click.option(
    "--longest",
    type=click.IntRange(1, 520),
    default=4,
    show_default=True,
    help=_("Most newest steps in a cluster."),
)
@click.option("--study", type=click.IntRange(2, 5200), help=_("Newest steps that are looked at."))
@click.option(
    "--replicates",
    type=click.IntRange(19, 99_999),
    default=999,
    show_default=True,
    help=_("Tables without clusters that are drawn to compare with."),
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help=_("Start of the random numbers: the same seed gives the same answer."),
)
@reading_options
@json_option
def scan(file: Path, as_json: bool, sites: Path, **options: Any) -> None:
    """Clusters of places."""
    from dataclasses import asdict

    from marfa.methods.surveillance import scan as find
    from marfa.methods.surveillance.sites import read_sites

    panel = _panel(file, options)
    latitude, longitude = read_sites(sites, panel.units)
    names = ("model", "longest", "study", "replicates", "seed")
    clusters = find(panel, latitude, longitude, **{name: options[name] for name in names})
    if as_json:
        print_json([asdict(c) | {"relative": c.relative} for c in clusters])
        return
    for cluster in clusters:
        params = {
            "first": cluster.units[0],
            "others": len(cluster.units) - 1,
            "radius": round(cluster.radius, 1),
            "steps": cluster.steps,
            "observed": round(cluster.observed),
            "expected": round(cluster.expected, 1),
            "p": round(cluster.probability, 4),
        }
        print_message(Message("methods.surveillance:cluster", params))
    if not clusters:
        print_message(Message("methods.surveillance:no-cluster"))
    print_warning(Message("methods.surveillance:what-an-alarm-is"))


@warn_group.command(
    "score",
    cls=Command,
    help=_(
        "From alarms and what came of them: each detector's share of real alarms and how much "
        "earlier they came, with intervals.\n\nFILE is a CSV table with the columns detector and "
        "verdict (real, false or unclear), and if known the dates raised and known."
    ),
    examples=("marfa warn score verdicts.csv", "marfa warn score verdicts.csv --json"),
)
@click.argument("file", type=FILE)
@json_option
def score(file: Path, as_json: bool) -> None:
    """Verdicts counted."""
    from dataclasses import asdict

    from marfa.methods.surveillance import score_verdicts
    from marfa.methods.surveillance.verdicts import read_verdicts
    from marfa.methods.surveillance.words import score_lines

    scores = score_verdicts(read_verdicts(file))
    if as_json:
        print_json([asdict(each) for each in scores])
        return
    for message in score_lines(scores):
        print_message(message)


@warn_group.command(
    "forecast",
    cls=SeveralCommand,
    help=_(
        "Two plain baselines for the next steps, and how they would have done. No forecast of "
        "conflict is made."
    ),
    examples=("marfa warn forecast monthly.csv --ahead 3",),
)
@click.argument("file", type=FILE)
@click.option(
    "--ahead",
    type=click.IntRange(1, 26),
    default=3,
    show_default=True,
    help=_("Steps ahead."),
)
@click.option(
    "--origins",
    type=click.IntRange(1, 520),
    default=12,
    show_default=True,
    help=_("Moments of the past from which the baselines are tried."),
)
@reading_options
@json_option
def forecast(file: Path, as_json: bool, ahead: int, origins: int, **options: Any) -> None:
    """The baselines and their scores."""
    from dataclasses import asdict

    from marfa.methods.surveillance import score_forecasts
    from marfa.methods.surveillance.words import forecast_rows

    if options["at_risk"]:
        raise click.UsageError(_("--at-risk goes with seasonal, the Farrington family, and scan."))
    panel = _panel(file, options)
    scored = score_forecasts(panel, ahead, origins)
    if not scored:
        raise InputError.at(Message("methods.surveillance:no-answer"), file=file.name)
    rows = forecast_rows(panel, ahead)
    if as_json:
        print_json({"forecasts": rows, "scores": [asdict(each) for each in scored]})
        return
    for row in rows:
        print_message(Message("methods.surveillance:forecast-line", row))
    for each in scored:
        params = {
            "baseline": each.baseline,
            "ahead": each.ahead,
            "crps": round(each.crps, 3),
            "inside": round(100 * each.inside_80),
            "inside_wide": round(100 * each.inside_95),
        }
        print_message(Message("methods.surveillance:forecast-score", params))

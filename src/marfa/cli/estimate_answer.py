"""What ``marfa estimate`` answers: the analysis, its document, its report, its sentences."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marfa.cli.base import error_console, print_json, print_message
from marfa.cli.language import _, terminal_language
from marfa.domain.message import InputError, Message, Problem

if TYPE_CHECKING:
    from marfa.methods.estimation import Analysis, CaptureData, Settings, Stratified
    from marfa.methods.estimation.rates import Rate
    from marfa.methods.estimation.runs import Run


def answer_file(file: Path, asked: dict[str, Any], report: Path | None, as_json: bool) -> Analysis:
    """Analyse a file, write the report, print the answer; the analysis of everybody.

    asked: the options, ``settings`` (those that change the figures) and ``recorded`` (the run
    that is computed again, or None). Raises InputError where the file cannot be used.
    """
    from marfa.methods.estimation.runs import Run, check_file, figures_digest, file_digest

    digest = file_digest(file)
    if asked["recorded"] is not None:
        check_file(asked["recorded"], digest, file.name)
    settings = settings_of(asked)
    data, answer = _answer(file, asked, settings)
    document = answer.as_json(terminal_language())
    rates = _rates(answer, data, asked["population"])
    run = Run(digest, asked["settings"], figures_digest(document))
    if report is not None:
        _write_report(report, file.name, data, answer, settings, run, rates or [])
    if as_json:
        told = {} if rates is None else {"rates": [rate.as_json() for rate in rates]}
        print_json({**document, **told, "run": _run_json(run, settings, asked)})
    else:
        _tell(answer, rates or [], run, asked["recorded"])
    return _total(answer)


def settings_of(asked: dict[str, Any]) -> Settings:
    """The settings of the analysis."""
    from marfa.methods.estimation import METHODS, Settings
    from marfa.methods.estimation.settings import Linkage

    recall, precision = asked["link_recall"], asked["link_precision"]
    linkage = None
    if recall is not None or precision is not None:
        (found, of_found), (true, of_true) = recall or (1.0, None), precision or (1.0, None)
        linkage = Linkage(found, true, of_found, of_true)
    methods = METHODS if asked["method"] == "all" else (asked["method"],)
    if asked["lcmcr"] and "lcmcr" not in methods:
        methods = (*methods, "lcmcr")
    return Settings(
        methods=methods,
        order=asked["order"],
        p_threshold=asked["p_threshold"],
        interval=asked["interval"],
        replicates=asked["replicates"],
        seed=asked["seed"],
        workers=asked["workers"],
        linkage=linkage,
        unreachable=asked["unreachable"],
        everywhere=asked["lists_everywhere"],
    )


def _answer(
    file: Path, asked: dict[str, Any], settings: Settings
) -> tuple[CaptureData, Analysis | Stratified]:
    from marfa.methods.estimation import analyse, analyse_strata, read_captures

    data = read_captures(
        file,
        count=asked["count"],
        strata=asked["strata"],
        places=asked["place"],
        covariates=asked["covariates"],
        referred=asked["referred"],
    )
    with _progress() as progress:
        if data.strata:
            return data, analyse_strata(data, settings, progress)
        return data, analyse(data.table, settings, referred=data.referred, progress=progress)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar where somebody looks; nothing is loaded for it where nobody does."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress

    with Progress(console=error_console(), transient=True) as bar:
        task = bar.add_task(_("Replicates"), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _write_report(
    target: Path,
    source: str,
    data: CaptureData,
    answer: Analysis | Stratified,
    settings: Settings,
    run: Run,
    rates: Sequence[Rate],
) -> None:
    """Whole or not at all: a report cut short could be read as complete."""
    from marfa.methods.estimation.report import report_page

    page = report_page(source, data, answer, settings, terminal_language(), run, rates)
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


def _run_json(run: Run, settings: Settings, asked: dict[str, Any]) -> dict[str, object]:
    """What is needed to get the same figures again, and how a recorded run compares."""
    from marfa.methods.estimation.results import message_json
    from marfa.methods.estimation.runs import differences

    found: dict[str, object] = {
        "id": run.id,
        "file_sha256": run.digest,
        "version": run.version,
        "seed": settings.seed,
        "settings": dict(run.settings),
        "figures": run.figures,
    }
    recorded = asked["recorded"]
    if recorded is not None:
        language = terminal_language()
        found["recorded"] = {
            "version": recorded.version,
            "same_figures": recorded.figures == run.figures,
            "messages": [message_json(m, language) for m in differences(recorded, run)],
        }
    return found


def _total(answer: Analysis | Stratified) -> Analysis:
    from marfa.methods.estimation import Stratified

    return answer.total if isinstance(answer, Stratified) else answer


def _rates(
    answer: Analysis | Stratified, data: CaptureData, population: Path | None
) -> list[Rate] | None:
    from marfa.methods.estimation.rates import rates_of, read_population

    if population is None:
        return None
    return rates_of(answer, read_population(population, data.columns))


def _tell(
    answer: Analysis | Stratified, rates: Sequence[Rate], run: Run, recorded: Run | None
) -> None:
    """The answer in words, the headline first and the run last."""
    from marfa.methods.estimation import Stratified
    from marfa.methods.estimation.runs import differences
    from marfa.methods.estimation.words import answer_lines, level_lines, rate_lines, stratum_title

    for message in answer_lines(_total(answer)):
        print_message(message)
    if isinstance(answer, Stratified):
        for part in answer.strata if answer.alone else ():
            print_message(stratum_title(part.name))
            for message in answer_lines(part.analysis):
                print_message(message)
        for message in level_lines(answer):
            print_message(message)
    for message in rate_lines(rates):
        print_message(message)
    print_message(Message("methods.estimation:run-line", {"id": run.id}))
    for message in differences(recorded, run) if recorded is not None else ():
        print_message(message)


def refused_document(error: InputError) -> dict[str, object]:
    """The document where the file cannot be used."""
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
        "run": None,
    }

"""A report as one HTML page: for a ministry to read, for a statistician to check.

The page fetches nothing and runs nothing; a policy in its head forbids both.
"""

from __future__ import annotations

from collections.abc import Sequence

from marfa import __version__
from marfa.domain.catalogue import RIGHT_TO_LEFT
from marfa.methods.estimation.capture_files import CaptureData
from marfa.methods.estimation.rates import Rate
from marfa.methods.estimation.report.answers import (
    assumptions_part,
    data_part,
    estimates_part,
    headline_part,
)
from marfa.methods.estimation.report.checks import (
    consistency_part,
    models_part,
    sensitivity_part,
)
from marfa.methods.estimation.report.groups import groups_part, rates_part
from marfa.methods.estimation.report.html import Markup, Words, join, table, tag
from marfa.methods.estimation.report.style import STYLE
from marfa.methods.estimation.results import Analysis
from marfa.methods.estimation.runs import Run
from marfa.methods.estimation.settings import Settings
from marfa.methods.estimation.strata import Stratified

POLICY = "default-src 'none'; style-src 'unsafe-inline'"

SOURCES = (
    "Aleshin-Guendel, Sadinle, Wakefield (2024)",
    "Bales, Hesketh, Silverman (2015), Significance 12(3)",
    "Binette, Steorts (2022), J. R. Statist. Soc. A 185",
    "Chan, Silverman, Vincent (2021), J. Am. Statist. Assoc. 116",
    "Efron (1987), J. Am. Statist. Assoc. 82",
    "Fienberg, Rinaldo (2012), Ann. Statist. 40(2)",
    "Madigan, York (1997), Biometrika 84(1)",
    "Silverman (2020), J. R. Statist. Soc. A 183(3)",
    "Silverman, Chan, Vincent (2024), Statistics and Computing 34:44",
    "Whitehead, Jackson, Balch, Francis (2021), J. Human Trafficking 7(1)",
)


def report_page(
    source: str,
    data: CaptureData,
    answer: Analysis | Stratified,
    settings: Settings,
    language: str,
    run: Run | None = None,
    rates: Sequence[Rate] = (),
) -> str:
    """The page, complete. source: the name of the file that was read; run: how to repeat it;
    rates: indicator 16.2.2, where a population was given.
    """
    words = Words(language)
    right = language in RIGHT_TO_LEFT
    total = answer.total if isinstance(answer, Stratified) else answer
    parts = [
        tag("h1", words.text("title")),
        headline_part(total, words),
        _strata(answer, words) if isinstance(answer, Stratified) and answer.alone else Markup(""),
        groups_part(answer, words) if isinstance(answer, Stratified) else Markup(""),
        rates_part(rates, words),
        estimates_part(total, words, right),
        assumptions_part(words),
        data_part(data.table, words),
    ]
    if isinstance(answer, Analysis) and answer.fitted is not None:
        parts += [
            models_part(answer.fitted, words),
            sensitivity_part(data.table, data.referred, settings, words, right),
            consistency_part(data.table, settings, words),
        ]
    parts.append(_made(source, settings, words, run))
    head = join(
        [
            Markup('<meta charset="utf-8">'),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            tag("title", words.text("title")),
            Markup(f"<style>{STYLE}</style>"),
        ]
    )
    page = tag(
        "html",
        tag("head", head),
        tag("body", tag("main", *parts)),
        lang=language,
        dir="rtl" if right else "ltr",
    )
    return f"<!doctype html>\n{page}\n"


def _strata(answer: Stratified, words: Words) -> Markup:
    rows = [
        [part.name, words.number(part.analysis.observed), words.say(part.analysis.headline.message)]
        for part in answer.strata
    ]
    head = [", ".join(answer.columns), words.text("observed"), words.text("answer")]
    return join(
        [
            tag("h2", words.text("strata")),
            tag("p", words.text("strata-lead")),
            table(head, rows, words.text("strata-caption")),
        ]
    )


def _made(source: str, settings: Settings, words: Words, run: Run | None) -> Markup:
    """What is needed to get the same numbers again."""
    asked = {
        "file": source,
        "version": __version__,
        "methods": ", ".join(settings.methods),
        "order": str(settings.order),
        "p-threshold": str(settings.p_threshold),
        "replicates": str(settings.replicates),
        "seed": str(settings.seed),
    }
    if settings.linkage is not None:
        asked["linkage"] = f"{settings.linkage.recall} / {settings.linkage.precision}"
    if settings.unreachable is not None:
        asked["unreachable"] = str(settings.unreachable)
    if run is not None:
        asked |= {"digest": run.digest, "run": run.id}
    rows = [[words.text(f"made-{key}"), tag("code", value)] for key, value in asked.items()]
    return join(
        [
            tag("h2", words.text("made")),
            table([words.text("setting"), words.text("value")], rows, words.text("made-caption")),
            tag("h3", words.text("sources")),
            tag("ul", *(tag("li", tag("bdi", text, dir="ltr")) for text in SOURCES)),
        ]
    )

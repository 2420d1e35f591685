"""From a capture table to answers with intervals, a headline and refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.estimation import linkage
from marfa.methods.estimation.bootstrap import (
    Influence,
    Progress,
    Recipe,
    bootstrap,
    influence,
    top_models,
)
from marfa.methods.estimation.checks import refusals
from marfa.methods.estimation.conclusion import conclude_headline
from marfa.methods.estimation.fits import Fitted
from marfa.methods.estimation.headline import Headline
from marfa.methods.estimation.heterogeneity import FAMILIES, candidates
from marfa.methods.estimation.intervals import (
    LEVELS,
    Interval,
    bca,
    interval_warnings,
    percentile,
)
from marfa.methods.estimation.newton import Floats
from marfa.methods.estimation.points import Answers, point_estimates
from marfa.methods.estimation.profile import profile_interval
from marfa.methods.estimation.results import Analysis, Refusal, Result
from marfa.methods.estimation.settings import FARTHEST, Settings
from marfa.methods.estimation.table import CaptureTable

POSTERIORS = ("dga", "lcmcr")

DRAWS = 10_000
"""Draws from the posterior of a stratum."""


def analyse(
    table: CaptureTable,
    settings: Settings,
    *,
    referred: CaptureTable | None = None,
    progress: Progress | None = None,
    stream: Sequence[int] = (),
) -> Analysis:
    """Answer by every method asked for, or say why not.

    table: whole counts. referred: the people of it whose overlap came from a referral.
    stream: tells apart the random streams of strata.
    Raises InputError where a share of the settings is out of range.
    """
    check_settings(settings)
    against = refusals(table)
    if against:
        line = Headline("refused", reasons=tuple(against))
        return Analysis(table.lists, table.observed, (), line, tuple(Refusal(m) for m in against))
    fitted = Fitted(
        table,
        settings.order,
        settings.p_threshold,
        settings.seed if "lcmcr" in settings.methods else None,
    )
    answers = point_estimates(fitted, settings.methods)
    replicates, influences = _replicated(fitted, answers, settings, progress, stream)
    results = tuple(
        with_intervals(
            result, replicates.get(result.method), influences.get(result.method), settings, fitted
        )
        for result in answers.results
    )
    line = conclude_headline(fitted, results, replicates, settings, referred)
    return Analysis(
        table.lists,
        table.observed,
        results,
        line,
        tuple(answers.refusals),
        replicates,
        influences,
        fitted,
    )


def check_settings(settings: Settings) -> None:
    """Raise InputError where the shares of the links or of people out of reach are out of range."""
    if settings.linkage is not None:
        linkage.check_shares(settings.linkage.recall, settings.linkage.precision)
    if settings.unreachable is not None and not 0 <= settings.unreachable <= FARTHEST:
        message = Message("methods.estimation:unreachable-share", {"most": FARTHEST})
        raise InputError.at(message, field="unreachable")


def _replicated(
    fitted: Fitted,
    answers: Answers,
    settings: Settings,
    progress: Progress | None,
    stream: Sequence[int],
) -> tuple[Mapping[str, Floats], Mapping[str, Influence]]:
    """Bootstrap replicates and the jackknife for the methods that have answered."""
    methods = tuple(r.method for r in answers.results if r.method not in POSTERIORS)
    drawn = _drawn(fitted, settings, stream)
    if not answers.results or not {"percentile", "bca"} & set(settings.kinds):
        return drawn, {}
    among = fitted.models if {"bic", "bma"} & set(methods) else None
    recipe = Recipe(fitted.table.k, methods, settings.p_threshold, among).trimmed()
    wide = recipe
    if fitted.heterogeneous is not None:
        wide = replace(recipe, methods=(*methods, *FAMILIES), structures=candidates(fitted.models))
    if not wide.methods:
        return drawn, {}
    replicates = bootstrap(
        fitted.table.n,
        wide,
        settings.replicates,
        [settings.seed, *stream],
        settings.workers,
        progress,
    )
    moved = influence(fitted.table.n, recipe) if "bca" in settings.kinds else {}
    return {**replicates, **drawn}, moved


def _drawn(fitted: Fitted, settings: Settings, stream: Sequence[int]) -> dict[str, Floats]:
    """Draws from the posterior of a stratum, so that strata can be added up."""
    if not stream or not settings.kinds:
        return {}
    rng = np.random.default_rng([settings.seed, *stream])
    drawn: dict[str, Floats] = {}
    if "dga" in settings.methods and fitted.posterior is not None:
        mass = fitted.posterior.mass / fitted.posterior.mass.sum()
        drawn["dga"] = rng.choice(fitted.posterior.totals, size=DRAWS, p=mass)
    if fitted.classes is not None and fitted.classes.converged:
        drawn["lcmcr"] = rng.choice(fitted.classes.totals.ravel(), size=DRAWS)
    return drawn


def with_intervals(
    result: Result,
    replicates: Floats | None,
    moved: Influence | None,
    settings: Settings,
    fitted: Fitted | None = None,
) -> Result:
    """The result with the intervals asked for, and what is to be said of them."""
    intervals: list[Interval] = []
    warnings = list(result.warnings)
    kinds = ("credible",) if result.method in POSTERIORS and settings.kinds else settings.kinds
    for kind in kinds:
        for level in LEVELS:
            made = _interval(result, kind, level, replicates, moved, fitted)
            if made is not None:
                intervals.append(made)
                drawn = DRAWS if kind == "credible" else settings.replicates
                warnings += interval_warnings(made, drawn)
    if any(interval.kind == "profile" for interval in intervals):
        warnings.append(Message("methods.estimation:interval-conditional"))
    among = fitted.models if fitted is not None and result.method in ("bic", "bma") else None
    if replicates is not None and among is not None and len(among.models) > top_models(among):
        params = {"top": top_models(among), "all": len(among.models)}
        warnings.append(Message("methods.estimation:bootstrap-top-models", params))
    return Result(
        result.method,
        result.estimate,
        tuple(intervals),
        result.terms,
        result.bic,
        result.valid_models,
        tuple(warnings),
    )


def _interval(
    result: Result,
    kind: str,
    level: float,
    replicates: Floats | None,
    moved: Influence | None,
    fitted: Fitted | None,
) -> Interval | None:
    if kind == "credible" and fitted is not None:
        found = fitted.classes if result.method == "lcmcr" else fitted.posterior
        return found.interval(level) if found is not None else None
    if kind == "profile":
        return _profile(result.method, fitted, level) if fitted is not None else None
    if replicates is None or not len(replicates):
        return None
    if kind in ("percentile", "credible"):
        return replace(percentile(replicates, level), kind=kind)
    return bca(replicates, result.estimate, moved.acceleration if moved else 0.0, level)


def _profile(method: str, fitted: Fitted, level: float) -> Interval | None:
    n, k = fitted.table.n, fitted.table.k
    if method == "bic":
        return profile_interval(n, fitted.models.models[0], k, fitted.order, level)
    if method in ("independence", "stepwise"):
        chosen = fitted.independence if method == "independence" else fitted.stepwise
        return profile_interval(n, chosen.model, k, 2, level)
    return None

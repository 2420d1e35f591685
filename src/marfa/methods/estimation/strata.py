"""A table for each stratum, and a total that is their sum.

Capture that differs between groups biases an estimate from the pooled table; inside strata
it differs less. Strata are estimated on their own and added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from marfa.domain.message import Message
from marfa.methods.estimation.analysis import analyse, check_settings, with_intervals
from marfa.methods.estimation.bootstrap import Influence, Progress
from marfa.methods.estimation.capture_files import CaptureData
from marfa.methods.estimation.fits import Fitted
from marfa.methods.estimation.headline import UNDECIDED, Headline, headline
from marfa.methods.estimation.heterogeneity import FAMILIES
from marfa.methods.estimation.intervals import LEVELS, percentile
from marfa.methods.estimation.list_division import split_cautions
from marfa.methods.estimation.newton import Floats
from marfa.methods.estimation.points import method_name
from marfa.methods.estimation.results import Analysis, Refusal, Result
from marfa.methods.estimation.settings import Settings
from marfa.methods.estimation.strata_model import Shared
from marfa.methods.estimation.strata_results import (
    Level,
    Trend,
    levels_of,
    share_strata,
    shared_result,
    with_opinion,
    with_shared,
)
from marfa.methods.estimation.table import CaptureTable
from marfa.methods.estimation.territories import territories

OF_ONE_GROUP = (
    "caution-near-ties",
    "caution-heterogeneity",
    "caution-places",
    "caution-places-undecided",
    "caution-below-chance",
    "caution-few-on-three",
    "caution-people-differ",
    "caution-everywhere",
    "not-a-quota",
)
"""Cautions with the numbers of one group, which would mislead beside the total."""


@dataclass(frozen=True)
class Stratum:
    """One stratum: the values of its columns, and its analysis."""

    values: tuple[str, ...]
    analysis: Analysis

    @property
    def name(self) -> str:
        return ", ".join(value or "-" for value in self.values)


@dataclass(frozen=True)
class Stratified:
    """The total and the strata that it is the sum of.

    levels: by each column, from the model that the strata share; trends: change where a
    column holds numbers (per unit), with its 95% limits. alone: each group was
    estimated on its own.
    """

    columns: tuple[str, ...]
    total: Analysis
    strata: tuple[Stratum, ...]
    levels: tuple[Level, ...] = ()
    trends: tuple[Trend, ...] = ()
    alone: bool = True

    def as_json(self, language: str) -> dict[str, object]:
        """As without strata, and ``strata`` with the same keys for each."""
        parts = [
            {
                "stratum": dict(zip(self.columns, part.values, strict=True)),
                **part.analysis.as_json(language),
            }
            for part in self.strata
        ]
        return {
            **self.total.as_json(language),
            "strata": parts,
            "levels": [level.as_json() for level in self.levels],
            "trends": [trend.as_json() for trend in self.trends],
        }


def analyse_strata(
    data: CaptureData, settings: Settings, progress: Progress | None = None
) -> Stratified:
    """Analyse every stratum and add up. A total exists where every stratum has an answer.

    Where a column says where, the lists are taken to work alike inside each stratum.
    """
    check_settings(settings)
    inside = bool(data.places)
    own = replace(settings, unreachable=None, everywhere=settings.everywhere or inside)
    if data.covariates:
        return _analyse_covariates(data, settings, progress)
    parts = []
    for number, (values, table) in enumerate(data.strata):
        sent = data.strata_referred[number] if data.strata_referred else None
        found = analyse(table, own, referred=sent, progress=progress, stream=(number + 1,))
        parts.append(Stratum(values, found))
    shared = share_strata(data, settings)
    parts = [with_shared(part, shared, i) for i, part in enumerate(parts)]
    total = _total(parts, data, own, shared)
    # People out of reach are counted last, so that groups and total grow alike.
    reached = [Stratum(part.values, _grown(part.analysis, settings)) for part in parts]
    grown = _grown(total, settings)
    return Stratified(data.columns, grown, tuple(reached), *levels_of(data, shared, grown.headline))


def _analyse_covariates(
    data: CaptureData, settings: Settings, progress: Progress | None
) -> Stratified:
    """Everybody in one table, and beside it the model in which covariates move the chances.

    No group is estimated alone: they may be as small as they are.
    """
    shared = share_strata(data, settings)
    whole = analyse(data.table, settings, referred=data.referred, progress=progress)
    if shared is not None and whole.answered:
        result = shared_result(shared)
        line = with_opinion(whole.headline, result, settings.unreachable)
        whole = replace(whole, results=(*whole.results, result), headline=line)
    parts = tuple(
        with_shared(Stratum(values, _not_alone(table)), shared, i)
        for i, (values, table) in enumerate(data.strata)
    )
    return Stratified(data.columns, whole, parts, *levels_of(data, shared, whole.headline), False)


def _not_alone(table: CaptureTable) -> Analysis:
    because = Message("methods.estimation:stratum-not-alone")
    return Analysis(table.lists, table.observed, (), Headline("refused", reasons=(because,)))


def _grown(analysis: Analysis, settings: Settings) -> Analysis:
    line = analysis.headline.counting_unreachable(settings.unreachable)
    return replace(analysis, headline=line)


def _total(
    parts: Sequence[Stratum], data: CaptureData, settings: Settings, shared: Shared | None
) -> Analysis:
    silent = [part for part in parts if part.analysis.headline.verdict == "refused"]
    found = [_because(part) for part in silent]
    results = []
    for method in settings.methods:
        own = [_find(part.analysis.results, method) for part in parts]
        if all(result is not None for result in own):
            results.append(_sum(method, parts, settings))
        elif not silent:
            params = {"method": method_name(method)}
            message = Message("methods.estimation:method-not-in-all-strata", params)
            found.append(Refusal(message, method))
    if shared is not None:
        results.append(shared_result(shared))
    line = _assumed(_headline(parts, results, data, settings), data)
    return Analysis(data.table.lists, data.table.observed, tuple(results), line, tuple(found))


def _because(part: Stratum) -> Refusal:
    reason = part.analysis.refusals[0].message
    params = {"stratum": part.name, "reason": reason}
    return Refusal(Message("methods.estimation:stratum-refused", params))


def _find(results: Iterable[Result], method: str) -> Result | None:
    return next((result for result in results if result.method == method), None)


def _sum(method: str, parts: Sequence[Stratum], settings: Settings) -> Result:
    own = [_find(part.analysis.results, method) for part in parts]
    estimate = sum(result.estimate for result in own if result is not None)
    replicates = _added(method, parts)
    moved = sum((part.analysis.influences.get(method, Influence()) for part in parts), Influence())
    return with_intervals(Result(method, estimate), replicates, moved, settings)


def _added(name: str, parts: Sequence[Stratum]) -> Floats | None:
    """Replicates of the total: those of the strata, drawn on their own, added up."""
    draws = [part.analysis.replicates.get(name) for part in parts]
    whole = [draw for draw in draws if draw is not None]
    return np.sum(whole, axis=0) if len(whole) == len(parts) else None


def _headline(
    parts: Sequence[Stratum], results: Sequence[Result], data: CaptureData, settings: Settings
) -> Headline:
    lines = [part.analysis.headline for part in parts]
    reasons = [
        Message(
            "methods.estimation:stratum-refused", {"stratum": part.name, "reason": line.reasons[0]}
        )
        for part, line in zip(parts, lines, strict=True)
        if line.reasons
    ]
    shared = [
        name for name in (lines[0].basis or {}) if all(name in (x.basis or {}) for x in lines)
    ]
    basis = {name: sum((x.basis or {})[name] for x in lines) for name in shared}
    told = _find(results, "shared")
    if told is not None and basis:
        basis["shared"] = told.estimate
    limits = [
        (found.low, found.high)
        for result in results
        if (found := result.interval("percentile") or result.interval("credible")) is not None
        and any(name.startswith(result.method) for name in basis)
    ]
    for family in FAMILIES:
        added = _added(family, parts)
        if added is not None:
            wider = percentile(added, LEVELS[0])
            limits.append((wider.low, wider.high))
    if any(line.verdict == UNDECIDED for line in lines):
        limits += _envelopes(lines)
    cautions = [message for line in lines for message in line.cautions]
    shown = list(dict.fromkeys(m for m in cautions if m.key not in OF_ONE_GROUP))
    pooled = Fitted(data.table, settings.order, settings.p_threshold)
    if not reasons and basis:
        shown += split_cautions(data, pooled, basis)
    return headline(
        basis,
        ties=_range(lines),
        intervals=limits,
        reasons=reasons,
        cautions=shown,
        places=None if reasons else territories(pooled, settings.everywhere),
    )


def _assumed(line: Headline, data: CaptureData) -> Headline:
    """With the assumption named as it was made: inside each place, not everywhere."""
    if not data.places:
        return line
    inside = Message("methods.estimation:caution-inside-places")
    said = (inside if m.key == "caution-everywhere" else m for m in line.cautions)
    return replace(line, cautions=tuple(said))


def _envelopes(lines: Sequence[Headline]) -> list[tuple[float | None, float | None]]:
    """The envelopes of the groups added up as if all were wrong in the same direction."""
    if any(line.interval_low is None for line in lines):
        return []
    highs = [line.interval_high for line in lines]
    top = None if None in highs else sum(x for x in highs if x is not None)
    return [(sum(line.interval_low or 0.0 for line in lines), top)]


def _range(lines: Sequence[Headline]) -> list[tuple[int, float, float]]:
    """From the sum of the strata's lows to that of their highs, where a stratum is undecided.

    What leaves the strata undecided does not cancel out in their sum: the same dependence of
    the lists may lie behind all of them. A total is undecided where the strata all are.
    """
    lows = [line.low for line in lines if line.low is not None]
    highs = [line.high for line in lines if line.high is not None]
    if all(line.verdict != UNDECIDED for line in lines) or len(lows) < len(lines):
        return []
    return [(0, sum(lows), sum(highs))]

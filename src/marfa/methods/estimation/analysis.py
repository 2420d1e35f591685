"""From a capture table to answers with intervals, a headline and refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from marfa.domain.message import Message
from marfa.methods.estimation import graphs, linkage, referrals
from marfa.methods.estimation.bootstrap import (
    Influence,
    Progress,
    Recipe,
    bootstrap,
    influence,
    top_models,
)
from marfa.methods.estimation.checks import cautions, refusals
from marfa.methods.estimation.existence import Verdict
from marfa.methods.estimation.fitted import METHODS, Chosen, Fitted
from marfa.methods.estimation.headline import Headline, headline
from marfa.methods.estimation.heterogeneity import FAMILIES, candidates
from marfa.methods.estimation.hierarchies import interactions
from marfa.methods.estimation.intervals import (
    LEVELS,
    Interval,
    bca,
    interval_warnings,
    percentile,
)
from marfa.methods.estimation.newton import Floats
from marfa.methods.estimation.profile import profile_interval
from marfa.methods.estimation.results import Analysis, Refusal, Result
from marfa.methods.estimation.search import ModelSet
from marfa.methods.estimation.stepwise import P_THRESHOLD, stepwise
from marfa.methods.estimation.table import CaptureTable

INTERVALS = ("bca", "percentile", "profile", "none")
TAIL = 0.001
DRAWS = 10_000


@dataclass(frozen=True)
class Settings:
    """What was asked for.

    interval: one of INTERVALS; None gives percentile and BCa from the same replicates.
    linkage: recall and precision of the links, where a clerical sample told them.
    """

    methods: tuple[str, ...] = METHODS
    order: int = 2
    p_threshold: float = P_THRESHOLD
    interval: str | None = None
    replicates: int = 1000
    seed: int = 1
    workers: int = 1
    linkage: tuple[float, float] | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of interval wanted; none where there are to be no replicates."""
        if self.replicates <= 0 or self.interval == "none":
            return ()
        return ("percentile", "bca") if self.interval is None else (self.interval,)


@dataclass
class _Answers:
    results: list[Result] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


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
    Raises InputError where the shares of the linkage are out of range.
    """
    if settings.linkage is not None:
        linkage.check(*settings.linkage)
    against = refusals(table)
    if against:
        line = Headline("refused", reasons=tuple(against))
        return Analysis(table.lists, table.observed, (), line, tuple(Refusal(m) for m in against))
    fitted = Fitted(table, settings.order, settings.p_threshold)
    answers = _points(fitted, settings)
    replicates, influences = _replicated(fitted, answers, settings, progress, stream)
    results = tuple(
        with_intervals(
            result, replicates.get(result.method), influences.get(result.method), settings, fitted
        )
        for result in answers.results
    )
    line = _headline(fitted, results, replicates, settings, referred)
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


def _points(fitted: Fitted, settings: Settings) -> _Answers:
    makers: Mapping[str, Callable[[Fitted], Result | Message]] = {
        "independence": _independence,
        "stepwise": _stepwise,
        "bic": _bic,
        "bma": _bma,
        "dga": _dga,
    }
    answers = _Answers()
    for method in settings.methods:
        few = method != "independence" and fitted.table.k < 3
        made = _too_few(method) if few else makers[method](fitted)
        if isinstance(made, Message):
            answers.refusals.append(Refusal(made, method))
        else:
            answers.results.append(made)
    return answers


def method_name(method: str) -> Message:
    """A method's name in words."""
    return Message(f"methods.estimation:method-{method}")


def _too_few(method: str) -> Message:
    return Message("methods.estimation:method-needs-three", {"method": method_name(method)})


def _refused(method: str, verdict: Verdict) -> Message:
    key = "not-identifiable" if verdict & Verdict.NOT_IDENTIFIABLE else "no-estimate"
    return Message(f"methods.estimation:method-{key}", {"method": method_name(method)})


def _independence(fitted: Fitted) -> Result | Message:
    chosen = fitted.independence
    if chosen.verdict != Verdict.VALID:
        return _refused("independence", chosen.verdict)
    warnings = []
    if fitted.table.k >= 3 and fitted.independence_rejected:
        worse = round(chosen.bic - float(fitted.models.criterion[0]))
        warnings.append(Message("methods.estimation:independence-rejected", {"worse": worse}))
    return _of("independence", chosen, fitted, 1, warnings)


def _stepwise(fitted: Fitted) -> Result | Message:
    chosen = fitted.stepwise
    if chosen.verdict != Verdict.VALID:
        return _refused("stepwise", chosen.verdict)
    table = fitted.table
    others = [
        table.observed + stepwise(table.n[None, :], table.k, p).unseen[0]
        for p in (0.001, 0.02, 0.05)
    ]
    warnings = []
    if max(others) > 1.25 * min(others):
        params = {"low": round(min(others)), "high": round(max(others))}
        warnings.append(Message("methods.estimation:stepwise-threshold", params))
    return _of("stepwise", chosen, fitted, None, warnings)


def _of(
    method: str, chosen: Chosen, fitted: Fitted, valid: int | None, warnings: list[Message]
) -> Result:
    pairs = interactions(fitted.table.k, 2)
    terms = tuple(
        fitted.table.name(pair) for pair, has in zip(pairs, chosen.model, strict=True) if has
    )
    return Result(method, chosen.estimate, (), terms, chosen.bic, valid, tuple(warnings))


def _bic(fitted: Fitted) -> Result | Message:
    models = fitted.models
    if not len(models.models):
        return _refused("bic", Verdict.NO_ESTIMATE)
    warnings = _search_warnings(models)
    if fitted.deeper is not None and len(fitted.deeper.models):
        other = float(fitted.deeper.estimates[0])
        if abs(np.log(other / models.estimates[0])) > np.log(1.05):
            warnings.append(Message("methods.estimation:order-matters", {"estimate": round(other)}))
    many, low, high = fitted.near_ties(models)
    if high > 1.25 * low:
        params = {"models": many, "low": round(low), "high": round(high)}
        warnings.append(Message("methods.estimation:near-ties", params))
    terms = tuple(fitted.table.name(term) for term in models.interactions(0))
    return Result(
        "bic",
        float(models.estimates[0]),
        (),
        terms,
        float(models.criterion[0]),
        len(models.models),
        tuple(warnings),
    )


def _bma(fitted: Fitted) -> Result | Message:
    models = fitted.models
    if not len(models.models):
        return _refused("bma", Verdict.NO_ESTIMATE)
    estimate = float(models.weights @ models.estimates)
    terms = tuple(fitted.table.name(term) for term in models.interactions(0))
    return Result(
        "bma",
        estimate,
        (),
        terms,
        float(models.criterion[0]),
        len(models.models),
        tuple(_search_warnings(models)),
    )


def _search_warnings(models: ModelSet) -> list[Message]:
    if models.exhaustive:
        return []
    return [Message("methods.estimation:searched", {"models": models.considered})]


def _dga(fitted: Fitted) -> Result | Message:
    found = fitted.posterior
    if found is None:
        return Message("methods.estimation:method-too-many-lists", {"most": graphs.MAX_LISTS})
    warnings = []
    if found.tail > TAIL:
        params = {"share": f"{100 * found.tail:.2g}"}
        warnings.append(Message("methods.estimation:posterior-cut", params))
    terms = tuple(fitted.table.name(pair) for pair in found.edges(fitted.table.k))
    return Result("dga", found.quantile(0.5), (), terms, None, found.considered, tuple(warnings))


def _replicated(
    fitted: Fitted,
    answers: _Answers,
    settings: Settings,
    progress: Progress | None,
    stream: Sequence[int],
) -> tuple[Mapping[str, Floats], Mapping[str, Influence]]:
    """Bootstrap replicates and the jackknife for the methods that have answered."""
    methods = tuple(r.method for r in answers.results if r.method != "dga")
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
    if not stream or "dga" not in settings.methods or not settings.kinds:
        return {}
    if fitted.posterior is None:
        return {}
    rng = np.random.default_rng([settings.seed, *stream])
    mass = fitted.posterior.mass / fitted.posterior.mass.sum()
    return {"dga": rng.choice(fitted.posterior.totals, size=DRAWS, p=mass)}


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
    kinds = ("credible",) if result.method == "dga" and settings.kinds else settings.kinds
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
    if kind == "credible" and fitted is not None and fitted.posterior is not None:
        return fitted.posterior.interval(level)
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


def _headline(
    fitted: Fitted,
    results: Sequence[Result],
    replicates: Mapping[str, Floats],
    settings: Settings,
    referred: CaptureTable | None,
) -> Headline:
    table = fitted.table
    said = cautions(table)
    reasons: list[Message] = []
    basis = dict(fitted.choices)
    ties = _ties(fitted)
    limits = _limits(results)
    if table.k == 2 and settings.methods != ("independence",):
        reasons.append(Message("methods.estimation:refused-two-lists"))
    if settings.linkage is not None:
        mended = linkage.corrected(table, *settings.linkage)
        basis = dict(Fitted(mended, settings.order, settings.p_threshold).choices)
        ties, limits = [], []
        said.append(Message("methods.estimation:caution-linkage-corrected"))
    else:
        wider = [percentile(replicates[f], LEVELS[0]) for f in FAMILIES if f in replicates]
        said += _differences(limits, wider, fitted)
        limits += [(interval.low, interval.high) for interval in wider]
    if referred is not None and referred.shared > 0:
        reasons += referrals.refusal(table, referred)
        unsent = Fitted(
            referrals.without(table, referred), settings.order, settings.p_threshold
        ).choices
        basis |= {f"{name}-unreferred": value for name, value in unsent.items()}
        params = {"share": round(100 * referrals.share(table, referred))}
        said.append(Message("methods.estimation:caution-referrals", params))
    return headline(basis, ties=ties, intervals=limits, reasons=reasons, cautions=said)


def _ties(fitted: Fitted) -> list[tuple[int, float, float]]:
    """Estimates that the data support as well as those of the methods' choices."""
    if fitted.table.k < 3:
        return []
    sets = [m for m in (fitted.models, fitted.deeper) if m is not None and len(m.models)]
    found = [fitted.near_ties(models) for models in sets]
    return found + [(1, value, value) for value in fitted.differing]


def _limits(results: Sequence[Result]) -> list[tuple[float | None, float | None]]:
    shown = [_shown(result) for result in results]
    return [(interval.low, interval.high) for interval in shown if interval is not None]


def _differences(
    limits: Sequence[tuple[float | None, float | None]],
    wider: Sequence[Interval],
    fitted: Fitted,
) -> list[Message]:
    """A word on people who differ, where that reaches beyond every other interval."""
    tops = [interval.high for interval in wider]
    if not wider or fitted.heterogeneous is None:
        return []
    if None in tops:
        return [Message("methods.estimation:caution-heterogeneity-open")]
    top = max(x for x in tops if x is not None)
    if top <= 1.1 * max((high for _, high in limits if high is not None), default=0.0):
        return []
    return [Message("methods.estimation:caution-heterogeneity", {"high": round(top)})]


def _shown(result: Result) -> Interval | None:
    """The interval that stands for a result in the headline; a rejected model has none."""
    if any(message.key == "independence-rejected" for message in result.warnings):
        return None
    for kind in ("percentile", "credible", "bca", "profile"):
        found = result.interval(kind)
        if found is not None:
            return found
    return None

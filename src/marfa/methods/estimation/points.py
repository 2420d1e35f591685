"""What each method answers to a table, with what is to be said of it; without intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from marfa.domain.message import Message
from marfa.methods.estimation import graphs
from marfa.methods.estimation.existence import Verdict
from marfa.methods.estimation.fits import Chosen, Fitted
from marfa.methods.estimation.hierarchies import interactions
from marfa.methods.estimation.results import Refusal, Result
from marfa.methods.estimation.search import ModelSet
from marfa.methods.estimation.stepwise import stepwise

TAIL = 0.001
"""More of the posterior than this at the end of its range is said."""


@dataclass
class Answers:
    """Results of the methods that answer, refusals of the others."""

    results: list[Result] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def point_estimates(fitted: Fitted, methods: Sequence[str]) -> Answers:
    """Ask every method."""
    makers: Mapping[str, Callable[[Fitted], Result | Message]] = {
        "independence": _independence,
        "stepwise": _stepwise,
        "bic": _bic,
        "bma": _bma,
        "dga": _dga,
        "lcmcr": _lcmcr,
    }
    answers = Answers()
    for method in methods:
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


def _lcmcr(fitted: Fitted) -> Result | Message:
    found = fitted.classes
    if found is None:
        return _too_few("lcmcr")
    params = {"chains": len(found.totals), "draws": found.totals.size, "rhat": f"{found.rhat:.3f}"}
    if not found.converged:
        return Message("methods.estimation:method-not-converged", params)
    warnings = (Message("methods.estimation:chains-agree", params),)
    return Result("lcmcr", found.quantile(0.5), warnings=warnings)

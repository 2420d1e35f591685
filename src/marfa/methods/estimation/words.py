"""An answer as sentences, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marfa.domain.message import Message
from marfa.methods.estimation.intervals import Interval
from marfa.methods.estimation.points import method_name
from marfa.methods.estimation.rates import Limits, Rate
from marfa.methods.estimation.results import Analysis, Result
from marfa.methods.estimation.strata import Stratified


def answer_lines(analysis: Analysis) -> Iterator[Message]:
    """Headline, what weakens it, then every method, then what was refused."""
    yield analysis.headline.message
    yield from analysis.headline.reasons
    yield Message("methods.estimation:observed", count=round(analysis.observed))
    for result in analysis.results:
        yield estimate_line(result)
        for interval in result.intervals:
            yield interval_line(interval)
        yield from (_note(message) for message in result.warnings)
    if analysis.answered:
        yield from (_note(message) for message in analysis.headline.cautions)
        yield from (refusal.message for refusal in analysis.refusals)


def estimate_line(result: Result) -> Message:
    """``Stepwise selection: 11,313``."""
    params = {"method": method_name(result.method), "estimate": round(result.estimate)}
    return Message("methods.estimation:estimate-line", params)


def interval_line(interval: Interval) -> Message:
    """``95% interval (percentile): 9,858 to 27,402``."""
    params: dict[str, object] = {
        "level": round(100 * interval.level),
        "kind": Message(f"methods.estimation:kind-{interval.kind}"),
        "low": _limit(interval.low),
        "high": _limit(interval.high),
    }
    return Message("methods.estimation:interval-line", params)


def level_lines(answer: Stratified) -> Iterator[Message]:
    """By each column the people of each value, then the trends."""
    for level in answer.levels:
        params: dict[str, object] = {
            "column": level.column,
            "value": level.value or "-",
            "observed": round(level.observed),
            "estimate": round(level.estimate),
            "low": _limit(level.interval.low),
            "high": _limit(level.interval.high),
        }
        yield Message("methods.estimation:level-line", params)
    for trend in answer.trends:
        yield Message("methods.estimation:trend-line", trend.params)


def rate_lines(rates: Sequence[Rate]) -> Iterator[Message]:
    """Indicator 16.2.2 of everybody and of each group."""
    for rate in rates:
        who: object = Message("methods.estimation:rate-everybody")
        if rate.column is not None:
            who = f"{rate.column} {rate.value or '-'}"
        seen = _rate_params("seen", rate.detected)
        if rate.estimated is None:
            yield Message("methods.estimation:rate-line-detected", {"who": who, **seen})
            continue
        params = {"who": who, **seen, **_rate_params("all", rate.estimated)}
        yield Message("methods.estimation:rate-line", params)


def _rate_params(name: str, limits: Limits) -> dict[str, object]:
    none = Message("methods.estimation:no-limit")
    return {
        name: f"{limits.value:.2f}",
        f"{name}_low": f"{limits.low:.2f}",
        f"{name}_high": none if limits.high is None else f"{limits.high:.2f}",
    }


def stratum_title(name: str) -> Message:
    """The heading of a stratum."""
    return Message("methods.estimation:stratum-title", {"stratum": name})


def _limit(value: float | None) -> object:
    return Message("methods.estimation:no-limit") if value is None else round(value)


def _note(message: Message) -> Message:
    return Message("methods.estimation:note", {"text": message})

"""The parts of the report on groups: people by value, trends, and rates per 100,000."""

from __future__ import annotations

from collections.abc import Sequence

from marfa.domain.message import Message
from marfa.methods.estimation.rates import Limits, Rate
from marfa.methods.estimation.report.html import Markup, Words, join, table, tag
from marfa.methods.estimation.strata import Stratified


def groups_part(answer: Stratified, words: Words) -> Markup:
    """What the model that the groups share says of each value, and how it moves."""
    if not answer.levels:
        return Markup("")
    rows = [
        [
            f"{level.column} {level.value or '-'}",
            words.number(level.observed),
            words.number(level.estimate),
            words.number(level.interval.low),
            words.number(level.interval.high),
        ]
        for level in answer.levels
    ]
    head = [words.text(key) for key in ("group", "observed", "estimate", "from", "to")]
    trends = [
        tag("p", words.say(Message("methods.estimation:trend-line", trend.params)))
        for trend in answer.trends
    ]
    return join(
        [
            tag("h2", words.text("groups")),
            tag("p", words.text("groups-lead")),
            table(head, rows, words.text("groups-caption")),
            *trends,
        ]
    )


def rates_part(rates: Sequence[Rate], words: Words) -> Markup:
    """Indicator 16.2.2 and the rate of all, with their limits."""
    if not rates:
        return Markup("")
    rows = [
        [
            words.say(Message("methods.estimation:rate-everybody"))
            if rate.column is None
            else f"{rate.column} {rate.value or '-'}",
            words.number(rate.population.value),
            *_limits(rate.detected, words),
            *_limits(rate.estimated, words),
        ]
        for rate in rates
    ]
    head = ["group", "population", "rate-detected", "from", "to", "rate-all", "from", "to"]
    return join(
        [
            tag("h2", words.text("rates")),
            tag("p", words.text("rates-lead")),
            table([words.text(key) for key in head], rows, words.text("rates-caption")),
        ]
    )


def _limits(limits: Limits | None, words: Words) -> list[str]:
    if limits is None:
        return ["–", "–", "–"]
    return [words.number(x, 2) for x in (limits.value, limits.low, limits.high)]

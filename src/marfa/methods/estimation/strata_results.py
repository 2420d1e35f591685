"""What the model that strata share adds to their analyses: results, levels, trends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from marfa.methods.estimation.capture_files import CaptureData
from marfa.methods.estimation.headline import REFUSED, Headline, headline
from marfa.methods.estimation.intervals import LEVELS, Interval
from marfa.methods.estimation.results import Result
from marfa.methods.estimation.settings import Settings
from marfa.methods.estimation.strata_model import Shared, shared_estimate

if TYPE_CHECKING:
    from marfa.methods.estimation.strata import Stratum

MOST_STRATA = 200
"""More make the normal equations too large to be worth the wait."""


@dataclass(frozen=True)
class Level:
    """What the shared model says of one value of one covariate, all strata of it together."""

    column: str
    value: str
    observed: float
    estimate: float
    interval: Interval

    def as_json(self) -> dict[str, object]:
        return {
            "column": self.column,
            "value": self.value,
            "observed": self.observed,
            "estimate": self.estimate,
            "interval": self.interval.as_json(),
        }


@dataclass(frozen=True)
class Trend:
    """Change of the number of people, in percent for each unit of the column, with 95% limits."""

    column: str
    percent: float
    low: float
    high: float

    @property
    def params(self) -> dict[str, object]:
        """For the sentence about it."""
        shown = {name: f"{getattr(self, name):+.1f}" for name in ("percent", "low", "high")}
        return {"column": self.column, **shown}

    def as_json(self) -> dict[str, object]:
        return {
            "column": self.column,
            "percent": self.percent,
            "low": self.low,
            "high": self.high,
        }


def share_strata(data: CaptureData, settings: Settings) -> Shared | None:
    """The shared model of the strata; None where there are too many, too few lists, or none."""
    tables = [table for _, table in data.strata]
    if not 2 <= len(tables) <= MOST_STRATA or data.table.k < 3 or not settings.kinds:
        return None
    if any(table.observed <= 0 for table in tables):
        return None
    names = [values for values, _ in data.strata]
    whole = [", ".join(values) for values in names]
    factors = [[v[i] for v in names] for i in range(len(data.columns))]
    return shared_estimate(
        tables, factors if data.covariates else [whole], settings.p_threshold, settings.seed
    )


def shared_result(shared: Shared, strata: list[int] | None = None) -> Result:
    """The answer of the shared model for some of the strata, or for all."""
    intervals = tuple(shared.interval(level, strata) for level in LEVELS)
    return Result("shared", shared.estimate(strata), intervals, shared.terms)


def with_shared(part: Stratum, shared: Shared | None, number: int) -> Stratum:
    """A stratum with the answer of the shared model among its results."""
    if shared is None:
        return part
    results = (*part.analysis.results, shared_result(shared, [number]))
    return replace(part, analysis=replace(part.analysis, results=results))


def with_opinion(line: Headline, result: Result, unreachable: float | None) -> Headline:
    """The headline with one more opinion in its range and in its envelope."""
    if line.verdict == REFUSED or line.low is None or line.high is None:
        return line
    grown = 1 / (1 - (unreachable or 0.0))
    found = result.interval("credible")
    basis = {**(line.basis or {}), result.method: result.estimate}
    again = headline(basis)
    point = again.point if again.verdict == line.verdict == "estimate" else None
    low, high = line.interval_low, line.interval_high
    if found is not None and low is not None and found.low is not None:
        low = min(low, found.low * grown)
    if found is not None and high is not None and found.high is not None:
        high = max(high, found.high * grown)
    return replace(
        line,
        verdict="estimate" if point is not None else "undecided",
        low=min(line.low, result.estimate * grown),
        high=max(line.high, result.estimate * grown),
        point=None if point is None else point * grown,
        basis=basis,
        interval_low=low,
        from_seen=line.from_seen and low == line.interval_low,
        interval_high=high,
    )


def levels_of(
    data: CaptureData, shared: Shared | None, total: Headline
) -> tuple[tuple[Level, ...], tuple[Trend, ...]]:
    """By each column the people of each value, and the trend where the values are numbers.

    total: the headline of all. The shared model is one opinion: the limits of a value are widened
    by what the envelope of the total reaches beyond those of the model, and so is its number by
    people out of reach.
    """
    levels: list[Level] = []
    trends: list[Trend] = []
    if shared is None:
        return (), ()
    for i, column in enumerate(data.columns):
        values = list(dict.fromkeys(names[i] for names, _ in data.strata))
        at = [[j for j, (names, _) in enumerate(data.strata) if names[i] == v] for v in values]
        levels += [
            Level(
                column,
                value,
                float(shared.observed[rows].sum()),
                shared.estimate(rows) / (1 - (total.unreachable or 0.0)),
                _widened(rows, shared, total),
            )
            for value, rows in zip(values, at, strict=True)
        ]
        trend = _trend(column, values, at, shared)
        trends += [] if trend is None else [trend]
    return tuple(levels), tuple(trends)


def _widened(rows: list[int], shared: Shared, total: Headline) -> Interval:
    own, whole = shared.interval(LEVELS[0], rows), shared.interval(LEVELS[0])
    if own.low is None or own.high is None or whole.low is None or whole.high is None:
        return own
    low, high = own.low, own.high
    if total.interval_low is not None:
        low = max(
            float(shared.observed[rows].sum()), low * min(1.0, total.interval_low / whole.low)
        )
    if total.interval_high is not None:
        high *= max(1.0, total.interval_high / whole.high)
    open_ = total.interval_low is not None and total.interval_high is None
    return replace(own, low=low, high=None if open_ else high)


def _trend(column: str, values: list[str], at: list[list[int]], shared: Shared) -> Trend | None:
    """Slope of the logarithm of the people on the value, in each draw; three numbers at least."""
    try:
        x = np.array([float(value) for value in values])
    except ValueError:
        return None
    if len(x) < 3:
        return None
    people = np.array([shared.draws[:, rows].sum(axis=1) for rows in at])
    centred = x - x.mean()
    slopes = centred @ np.log(people) / (centred @ centred)
    low, middle, high = (100 * float(np.expm1(q)) for q in np.quantile(slopes, [0.025, 0.5, 0.975]))
    return Trend(column, middle, low, high)

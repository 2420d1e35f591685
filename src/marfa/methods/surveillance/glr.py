"""Negative-binomial GLR detector: since when, and by how much, have counts been raised?

Höhle and Paul 2008 (Comput. Stat. Data Anal. 52:4357-4368). The mean mu(t) before the first step
asked about is a constant with one harmonic of the year, the variance mu + a mu^2. The statistic is
the largest logarithm of likelihood ratios, over the step k since which the mean may be exp(kappa)
times as high and over kappa >= 0; an alarm comes at 5 and ends the sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from marfa.methods.surveillance.answers import Answers, Why
from marfa.methods.surveillance.cusum import first_monitored
from marfa.methods.surveillance.panel import Floats, Ints, Panel
from marfa.methods.surveillance.settings import Settings

MOST_NEWTON = 60
LARGEST_KAPPA = 20.0


@dataclass(frozen=True)
class Glr:
    """limit: the statistic at which there is an alarm."""

    name: str = "glrnb"
    limit: float = 5.0

    def run(self, panel: Panel, steps: Ints, settings: Settings) -> Answers:
        answers = Answers.empty(self.name, panel, steps)
        start = first_monitored(panel, settings)
        end = int(steps.max()) + 1 if len(steps) else 0
        later = np.flatnonzero(steps >= start)
        for unit in range(len(panel.units)):
            series = panel.counts[:end, unit]
            past = series[:start]
            if np.nansum(past) <= 0 or (~np.isnan(past)).sum() < 8 or start >= end:
                short = start < 8 or start >= end
                answers.why[later, unit] = Why.TOO_SHORT if short else Why.TOO_SPARSE
                continue
            mean, extra = baseline(series, start, panel.step.period)
            self._monitor(answers, unit, series, mean, extra, start, later, settings)
        return answers

    def _monitor(
        self,
        answers: Answers,
        unit: int,
        series: Floats,
        mean: Floats,
        extra: float,
        start: int,
        later: Ints,
        settings: Settings,
    ) -> None:
        places = dict(zip(answers.steps[later].tolist(), later.tolist(), strict=True))
        candidates = Candidates(extra)
        for step in range(start, len(series)):
            count = series[step]
            if np.isnan(count):
                if step in places:
                    answers.why[places[step], unit] = Why.MISSING
                continue
            bound = np.nan
            if step in places and not settings.r_compatible:
                bound = candidates.least_count(mean[step], self.limit)
            statistic = candidates.add(count, mean[step])
            alarm = statistic >= self.limit
            if alarm:
                candidates = Candidates(extra)
            if step in places:
                at = (places[step], unit)
                answers.bound[at] = statistic if settings.r_compatible else bound
                answers.alarm[at] = float(alarm)
                answers.why[at] = Why.ANSWERED
                if not settings.r_compatible:
                    answers.expected[at] = mean[step]


class Candidates:
    """Steps since which the mean may have been raised, each with what was counted since.

    A step at which the counts since then ask for no raise (their score at kappa = 0 is not
    positive) never is the best again: the likelihood ratio is concave in kappa, so that a later
    start is at least as good. It is dropped for good.
    """

    def __init__(self, extra: float) -> None:
        self.extra = extra
        self.counts: list[float] = []
        self.means: list[float] = []
        self.starts: list[int] = []

    def add(self, count: float, mean: float) -> float:
        """The statistic after one more count."""
        if count > mean:
            self.starts.append(len(self.counts))
        self.counts.append(count)
        self.means.append(mean)
        best, kept = self._best()
        self.starts = kept
        if not kept:
            self.counts, self.means = [], []
        return best

    def least_count(self, mean: float, limit: float) -> float:
        """The least newest count with which the statistic reaches the limit; one more is less."""
        low, high = -1.0, max(4.0, 4 * mean)
        while self._try(high, mean) < limit and high < 1e9:
            low, high = high, 2 * high
        while high - low > 1:
            middle = np.floor((low + high) / 2)
            if self._try(middle, mean) >= limit:
                high = middle
            else:
                low = middle
        return float(max(high - 1, 0.0))

    def _try(self, count: float, mean: float) -> float:
        other = Candidates(self.extra)
        other.counts, other.means = [*self.counts], [*self.means]
        other.starts = [*self.starts]
        return other.add(count, mean)

    def _best(self) -> tuple[float, list[int]]:
        if not self.starts:
            return 0.0, []
        offset = self.starts[0]
        y = np.array(self.counts[offset:])
        m = np.array(self.means[offset:])
        since = np.arange(len(y)) >= np.array(self.starts)[:, None] - offset
        score = (since * ((y - m) / (1 + self.extra * m))).sum(axis=1)
        kept = score > 0
        if not kept.any():
            return 0.0, []
        ratio = _largest_ratio(y, m, since[kept], self.extra)
        return float(ratio.max()), [s for s, keep in zip(self.starts, kept, strict=True) if keep]


def _largest_ratio(y: Floats, m: Floats, since: Floats, a: float) -> Floats:
    """Largest log likelihood ratio over kappa > 0 for each start, by Newton's method."""
    total = since @ y
    raised = np.log(np.maximum(total / (since @ m), 1 + 1e-9))
    kappa = np.minimum(raised, LARGEST_KAPPA)[:, None]
    weight = since * (1 + a * y)
    for _step in range(MOST_NEWTON):
        mean = m * np.exp(kappa)
        part = mean / (1 + a * mean)
        slope = total - (weight * part).sum(axis=1)
        curve = (weight * part / (1 + a * mean)).sum(axis=1)
        change = np.clip(slope / curve, -1.0, 1.0)
        kappa = np.clip(kappa + change[:, None], 0.0, LARGEST_KAPPA)
        if np.all(np.abs(change) < 1e-12 * (1 + np.abs(kappa[:, 0]))):
            break
    mean = m * np.exp(kappa)
    if a > 0:
        spread = (since * (y + 1 / a) * np.log((1 + a * mean) / (1 + a * m))).sum(axis=1)
    else:
        spread = (since * (mean - m)).sum(axis=1)
    return np.asarray(total * kappa[:, 0] - spread)


def baseline(series: Floats, start: int, period: int) -> tuple[Floats, float]:
    """Mean at every step, and the extra variance, learnt from the steps before ``start``."""
    angle = 2 * np.pi * np.arange(1, len(series) + 1) / period
    design = np.column_stack([np.ones(len(series)), np.sin(angle), np.cos(angle)])
    present = np.flatnonzero(~np.isnan(series[:start]))
    x, y = design[present], series[present]
    beta = np.array([np.log(max(y.mean(), 1e-9)), 0.0, 0.0])
    extra = 0.0
    for _round in range(200):
        beta = _fit_mean(x, y, beta, extra)
        after = _fit_extra(y, np.exp(x @ beta))
        if abs(after - extra) <= 1e-12 * (1 + extra):
            extra = after
            break
        extra = after
    return np.exp(np.clip(design @ beta, -30, 30)), extra


def _fit_mean(x: Floats, y: Floats, beta: Floats, a: float) -> Floats:
    for _step in range(MOST_NEWTON):
        mean = np.exp(np.clip(x @ beta, -30, 30))
        weight = mean / (1 + a * mean)
        information = (x * weight[:, None]).T @ x + 1e-12 * np.eye(x.shape[1])
        change = np.linalg.solve(information, x.T @ ((y - mean) / (1 + a * mean)))
        beta = beta + np.clip(change, -2, 2)
        if np.abs(change).max() < 1e-13:
            break
    return beta


def _fit_extra(y: Floats, mean: Floats) -> float:
    """The extra variance that makes counts likeliest, 0 where they vary no more than Poisson."""

    def score(log_size: float) -> float:
        r = np.exp(log_size)
        parts = special.digamma(y + r) - special.digamma(r) + np.log(r / (r + mean))
        return float((parts + 1 - (y + r) / (r + mean)).sum())

    low, high = -12.0, 16.0
    if score(high) >= 0 or score(low) <= 0:
        return 0.0 if score(high) >= 0 else float(np.exp(12.0))
    return float(np.exp(-optimize.brentq(score, low, high, xtol=1e-14, rtol=1e-15)))


FAMILY = (Glr(),)

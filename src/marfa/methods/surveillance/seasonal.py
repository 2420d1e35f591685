"""The default detector: a seasonal regression on all that came before, and two newest steps.

A quasi-Poisson regression with trend and two harmonics of the year (Farrington et al. 1996 with
the harmonics of Serfling 1963 in place of reference weeks), past outbreaks given less weight as
there. The prediction carries the error of the fit. Which excess is carried over from the step
before is in ``carried``. How much of it was
chosen on simulated series, by detection at equal false-alarm rates; ``benchmarks/surveillance.py``
measures it on series drawn afterwards too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from marfa.methods.surveillance.answers import Answers, Why
from marfa.methods.surveillance.carry_over import MOST, carry, critical, tail
from marfa.methods.surveillance.farrington import BATCH, enough_cases
from marfa.methods.surveillance.loglinear import Fitted, fit_loglinear
from marfa.methods.surveillance.panel import Bools, Floats, Ints, Panel, Step
from marfa.methods.surveillance.settings import Settings
from marfa.methods.surveillance.shrinkage import unshrunk
from marfa.methods.surveillance.tails import middle, middle_quantile

THRESHOLD = 2.58
MOST_YEARS = 12


@dataclass(frozen=True)
class Seasonal:
    name: str = "seasonal"
    alpha: float = 0.01

    def config(self, settings: Settings) -> str:
        years = "" if settings.years is None else f"_b{settings.years}"
        return f"{self.name}{years}" + ("" if settings.gap is None else f"_gap{settings.gap}")

    def run(self, panel: Panel, steps: Ints, settings: Settings) -> Answers:
        answers = Answers.empty(self.config(settings), panel, steps)
        for model, chosen in _models(panel, steps, settings):
            model.into(answers, chosen, settings, self.alpha)
        return answers


@dataclass(frozen=True)
class Judged:
    """What the newest count and the one before come to; see ``Answers`` for each."""

    probability: Floats
    bound: Floats
    carried: Floats
    expected: Floats


def judge(
    observed: Floats,
    before: Floats,
    mean: Floats,
    spread: Floats,
    alpha: float,
    common: Floats | None = None,
) -> Judged:
    """Judge counts against predictions.

    mean, spread: (series, 2) of the newest step and the one before. before: NaN where unknown.
    common: share of the variance of a prediction that is error of the fit, the same in both.
    """
    past = middle(before, mean[:, 1], spread[:, 1])
    score = -special.ndtri(np.clip(past, 1e-300, 1 - 1e-16))
    alone = np.isnan(score)
    added = np.where(alone, 0.0, carry(score))
    usual = mean[:, 0] + np.where(alone, 0.0, _learnt(score, mean, spread, common))
    newest = middle(observed, usual, spread[:, 0])
    with np.errstate(divide="ignore"):
        probability = np.where(alone, newest, tail(added - special.ndtri(newest)))
    room = np.where(alone, alpha, special.ndtr(added - critical(alpha)))
    bound = middle_quantile(1 - room, usual, spread[:, 0])
    carried = np.where(alone, -np.inf, added)
    return Judged(probability, bound, carried, usual)


def _learnt(score: Floats, mean: Floats, spread: Floats, common: Floats | None) -> Floats:
    """What a high count in the step before says about the fit itself: the mean may be too low."""
    if common is None:
        return np.zeros(len(mean))
    high = np.clip(np.nan_to_num(score), 0.0, MOST)
    return np.asarray(common * high * np.sqrt(mean[:, 0] * spread[:, 0]))


def predict(panel: Panel, at: int, settings: Settings) -> tuple[Floats, Floats, Floats]:
    """Mean and dispersion at a step and the one before, (units, 2), NaN where too short; and the
    share of the variance that is error of the fit."""
    mean = np.full((len(panel.units), 2), np.nan)
    spread, common = mean.copy(), np.zeros(len(panel.units))
    steps = np.array([at])
    for model, chosen in _models(panel, steps, settings):
        units = np.flatnonzero(chosen[0])
        if len(units):
            found = model.predict(np.full(len(units), at), units)
            mean[units], spread[units], _trend, common[units] = found
    return mean, spread, common


def _models(panel: Panel, steps: Ints, settings: Settings) -> Iterator[tuple[_Model, Bools]]:
    """Models with the (steps, units) that are long enough for each and not for the next."""
    gap = panel.step.period // 2 if settings.gap is None else settings.gap
    most = min((settings.years or MOST_YEARS) * panel.step.period + gap, len(panel))
    if most <= gap or not len(steps) or panel.step is Step.YEAR:
        return
    back = np.arange(-most, -gap)
    age = steps[:, None] - _first_report(panel)[None, :] - gap
    span = np.minimum(age, len(back)) / panel.step.period
    for harmonics, trend, chosen in (
        (1, False, (span >= 1) & (span < 2)),
        (2, False, (span >= 2) & (span < 3)),
        (2, True, span >= 3),
    ):
        yield _Model(panel, back, harmonics, trend), chosen


def _first_report(panel: Panel) -> Ints:
    present = ~np.isnan(panel.counts)
    return np.where(present.any(axis=0), present.argmax(axis=0), len(panel))


class _Model:
    """The regression with so many harmonics, for the series that are long enough for it."""

    def __init__(self, panel: Panel, back: Ints, harmonics: int, trend: bool) -> None:
        self.panel, self.back = panel, back
        self.columns = (harmonics, trend)
        self.design = _design(back, panel, harmonics, trend)
        self.ahead = _design(np.array([0, -1]), panel, harmonics, trend)

    def into(self, answers: Answers, chosen: Bools, settings: Settings, alpha: float) -> None:
        places, units = np.nonzero(chosen)
        room = max(1, BATCH // len(self.back))
        for start in range(0, len(places), room):
            part = slice(start, start + room)
            self._batch(answers, places[part], units[part], settings, alpha)

    def _batch(
        self, answers: Answers, places: Ints, units: Ints, settings: Settings, alpha: float
    ) -> None:
        steps = answers.steps[places]
        mean, spread, trend, common = self.predict(steps, units)
        observed = self.panel.counts[steps, units]
        before = np.where(steps > 0, self.panel.counts[steps - 1, units], np.nan)
        judged = judge(observed, before, mean, spread, settings.alpha or alpha, common)
        few = ~enough_cases(self.panel, answers.steps, settings)[places, units]
        missing = np.isnan(observed)
        alarm = np.where(few, 0.0, (observed > judged.bound).astype(float))
        why = np.where(missing, Why.MISSING, np.where(few, Why.TOO_SPARSE, Why.ANSWERED))
        at = (places, units)
        answers.expected[at], answers.bound[at] = judged.expected, judged.bound
        answers.probability[at], answers.dispersion[at] = judged.probability, spread[:, 0]
        answers.alarm[at] = np.where(missing, np.nan, alarm)
        answers.trend[at], answers.why[at], answers.carried[at] = trend, why, judged.carried

    def predict(self, steps: Ints, units: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """Mean and dispersion of the newest step and the one before, (series, 2); whether a trend
        was kept; the share of the variance that is error of the fit."""
        at = steps[:, None] + self.back
        inside = np.maximum(at, 0)
        counts = np.where(at >= 0, self.panel.counts[inside, units[:, None]], np.nan)
        offset, ahead = self._offsets(inside, steps, units)
        present = ~np.isnan(counts) & np.isfinite(offset)
        counts, offset = np.where(present, counts, 0.0), np.where(present, offset, 0.0)
        mean, spread, common = self._level(counts, present, offset, ahead)
        kept = np.full(len(steps), float(self.columns[1]))
        if self.columns[1]:
            # A trend may not lead beyond everything that was ever seen.
            beyond = mean[:, 0] > np.where(present, counts, 0.0).max(axis=1)
            if beyond.any():
                plain = _Model(self.panel, self.back, self.columns[0], trend=False)
                some = (counts[beyond], present[beyond], offset[beyond], ahead[beyond])
                mean[beyond], spread[beyond], common[beyond] = plain._level(*some)
                kept[beyond] = 0.0
        return mean, spread, kept, common

    def _offsets(self, inside: Ints, steps: Ints, units: Ints) -> tuple[Floats, Floats]:
        if self.panel.at_risk is None:
            return np.zeros(inside.shape), np.zeros((len(steps), 2))
        newest = np.stack([steps, np.maximum(steps - 1, 0)], axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            past = np.log(self.panel.at_risk[inside, units[:, None]])
            return past, np.log(self.panel.at_risk[newest, units[:, None]])

    def _level(
        self, counts: Floats, present: Bools, offset: Floats, ahead: Floats
    ) -> tuple[Floats, Floats, Floats]:
        weights = present.astype(float)
        fit = fit_loglinear(counts, self.design, weights, offset)
        first = np.maximum(self._dispersion(counts, weights, fit), 1.0)
        weights = _past_outbreaks(counts, weights, fit, first)
        fit = fit_loglinear(counts, self.design, weights, offset, fit.beta)
        usual = (weights * fit.mean).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        shrunk = self._dispersion(counts, weights, fit)
        spread, share = unshrunk(shrunk, usual, THRESHOLD)
        dispersion = spread[:, None]
        with np.errstate(over="ignore", invalid="ignore"):
            mean = np.exp(np.clip(fit.beta @ self.ahead.T, -25, 25) + ahead) / share[:, None]
        error = np.einsum("rp,bpq,rq->br", self.ahead, fit.covariance, self.ahead)
        doubt = error * mean
        return mean, dispersion * (1 + doubt), (doubt / (1 + doubt))[:, 0]

    def _dispersion(self, counts: Floats, weights: Floats, fit: Fitted) -> Floats:
        free = np.maximum((weights > 0).sum(axis=1) - self.design.shape[1], 1)
        pearson = (weights * (counts - fit.mean) ** 2 / fit.mean).sum(axis=1)
        return np.asarray(pearson / free)


def _past_outbreaks(counts: Floats, weights: Floats, fit: Fitted, dispersion: Floats) -> Floats:
    raised = np.cbrt(counts) ** 2 * fit.mean ** (-1 / 6) - np.sqrt(fit.mean)
    residual = 1.5 * raised / np.sqrt(dispersion[:, None] * (1 - fit.leverage))
    high = (residual > THRESHOLD) & (weights > 0)
    falling = np.where(high, 1 / np.where(high, residual, 1.0) ** 2, weights)
    total = np.maximum(falling.sum(axis=1, keepdims=True), 1e-9)
    return np.asarray(falling * weights.sum(axis=1, keepdims=True) / total)


def _design(back: Ints, panel: Panel, harmonics: int, trend: bool) -> Floats:
    """Columns at steps before the newest: constant, harmonics, trend, and weekdays for days."""
    year = _year(panel)
    columns = [np.ones(len(back))]
    for harmonic in range(1, harmonics + 1):
        angle = 2 * np.pi * harmonic * back / year
        columns += [np.sin(angle), np.cos(angle)]
    if trend:
        columns.append(back / year)
    if panel.step is Step.DAY:
        columns += [(back % 7 == day).astype(float) for day in range(1, 7)]
    return np.column_stack(columns)


def _year(panel: Panel) -> float:
    """Steps in a year: exactly, where dates say what a step is."""
    if panel.step is Step.MONTH or not panel.dates:
        return float(panel.step.period) if panel.step is not Step.DAY else 365.2425
    return 365.2425 / (7 if panel.step is Step.WEEK else 1)


FAMILY = (Seasonal(),)

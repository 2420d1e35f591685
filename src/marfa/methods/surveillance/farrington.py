"""Farrington's detectors: is the newest count too high for this season?

Farrington, Andrews, Beale and Catchpole 1996 (J. R. Stat. Soc. A 159:547-563), and the flexible
version of Noufaily, Enki, Farrington, Garthwaite, Andrews and Charlett 2013 (Stat. Med.
32:1206-1222); bounds as in Salmon, Schumacher and Höhle 2016 (J. Stat. Softw. 70(10)).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy import special

from marfa.methods.surveillance.answers import Answers, Why
from marfa.methods.surveillance.panel import Bools, Floats, Ints, Panel, Step
from marfa.methods.surveillance.quasipoisson import LEAST_MEAN, Design, Fit, fit_seasons
from marfa.methods.surveillance.reference import Rows, reference_rows, same_season
from marfa.methods.surveillance.settings import Settings
from marfa.methods.surveillance.tails import exceedance, quantile

BATCH = 4_000_000
"""Numbers in one array of a batch; more series than fit are computed one batch after the other."""


@dataclass(frozen=True)
class Farrington:
    """One of the family.

    bound: ``delta`` (2/3 power, 1996), ``nbPlugin`` or ``muan``.
    threshold: residuals above it are given less weight.
    seasonal: whether the whole year takes part (2013) or the reference weeks alone (1996).
    trend_p: a trend stays while its p-value is below this.
    """

    name: str
    bound: str
    threshold: float
    seasonal: bool
    trend_p: float
    years: int = 5
    alpha: float = 0.01
    half_window: int = 3

    def config(self, panel: Panel, settings: Settings) -> str:
        gap = "" if settings.gap is None else f"_gap{settings.gap}"
        return f"{self.name}_b{settings.years or self.years}{gap}"

    def run(self, panel: Panel, steps: Ints, settings: Settings) -> Answers:
        answers = Answers.empty(self.config(panel, settings), panel, steps)
        for rows, places in self._grouped(panel, steps, settings).items():
            room = max(1, BATCH // (len(rows.back) * max(1, len(panel.units))))
            for start in range(0, len(places), room):
                some = np.array(places[start : start + room])
                _Batch(self, panel, rows, steps[some], settings).into(answers, some)
        return answers

    def _grouped(self, panel: Panel, steps: Ints, settings: Settings) -> dict[Rows, list[int]]:
        """Steps that are compared with the same earlier ones, those too young left out."""
        found: dict[Rows, list[int]] = defaultdict(list)
        stride = 7 if panel.step is Step.DAY else 1
        gap = panel.step.period // 2 if settings.gap is None else settings.gap
        periods = (6 if panel.step is Step.MONTH else 10) if self.seasonal else 1
        for place, at in enumerate(steps.tolist()):
            seasons = same_season(panel, at, settings.years or self.years)
            if seasons[-1] >= 0:
                rows = reference_rows(at, seasons, self.half_window, periods, gap, stride)
                found[rows].append(place)
        return found


class _Batch:
    """Series that share their reference rows: every unit at some steps."""

    def __init__(
        self, detector: Farrington, panel: Panel, rows: Rows, steps: Ints, settings: Settings
    ) -> None:
        self.detector, self.panel, self.steps, self.settings = detector, panel, steps, settings
        back, season = rows.arrays()
        _names, dense = np.unique(season, return_inverse=True)
        self.design = Design(dense, back / panel.step.period)
        at = steps[:, None] + back
        self.counts = _series(panel.counts, at)
        self.present = ~np.isnan(self.counts)
        self.offset: Floats | None = None
        self.newest_offset = np.zeros(len(self.counts))
        if panel.at_risk is not None:
            with np.errstate(divide="ignore"):
                self.offset = np.log(_series(panel.at_risk, at))
                self.newest_offset = np.log(panel.at_risk[steps].reshape(-1))
            self.present &= np.isfinite(self.offset)
            self.offset = np.where(self.present, self.offset, 0.0)
        self.counts = np.where(self.present, self.counts, 0.0)
        self.observed = panel.counts[steps].reshape(-1)

    def into(self, answers: Answers, places: Ints) -> None:
        """Fit, and write what came of it into its place."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            level = self._predict()
        shape = (len(places), len(self.panel.units))
        too_few = ~enough_cases(self.panel, self.steps, self.settings).reshape(-1)
        alpha = self.settings.alpha or self.detector.alpha
        bound, probability = self._bound(level, alpha)
        missing = np.isnan(self.observed)
        unfit = ~(np.isfinite(level.mean) & np.isfinite(bound))
        alarm = np.where(self.observed > bound, 1.0, 0.0)
        alarm = np.where(too_few, 0.0, alarm)
        why = np.where(too_few, Why.TOO_SPARSE, Why.ANSWERED)
        if self.settings.r_compatible:
            silent = unfit | too_few
        else:
            silent = unfit
            why = np.where(unfit, Why.TOO_SPARSE, why)
            alarm = np.where(unfit, np.nan, alarm)
        why = np.where(missing, Why.MISSING, why)
        alarm = np.where(missing, np.nan, alarm)
        hidden = silent | (missing & self.settings.r_compatible)
        for name, value in (
            ("expected", np.where(hidden, np.nan, level.mean)),
            ("bound", np.where(hidden, np.nan, bound)),
            ("alarm", alarm),
            ("probability", probability),
            ("dispersion", level.dispersion),
            ("trend", level.trend.astype(float)),
            ("why", why),
        ):
            getattr(answers, name)[places] = value.reshape(shape)

    def _predict(self) -> _Level:
        years = self.settings.years or self.detector.years
        without = np.zeros(len(self.counts), dtype=bool)
        if years < 3:
            return self._level(trend=False)
        level = self._level(trend=True)
        most = np.where(self.present, self.counts, -np.inf).max(axis=1)
        p = _two_sided(level.slope, level.slope_error, level.free)
        without = ~((p < self.detector.trend_p) & (level.mean <= most))
        if without.any():
            level.put(without, self._level(trend=False, some=without))
        return level

    def _level(self, *, trend: bool, some: Bools | None = None) -> _Level:
        """The level of the newest step, after past outbreaks have been given less weight."""
        take = slice(None) if some is None else some
        counts, weights = self.counts[take], self.present[take].astype(float)
        offset = None if self.offset is None else self.offset[take]
        first = fit_seasons(counts, self.design, trend=trend, weights=weights, offset=offset)
        weights = past_outbreak_weights(counts, weights, first, self.detector.threshold)
        fit = fit_seasons(counts, self.design, trend=trend, weights=weights, offset=offset)
        dispersion = np.maximum(fit.dispersion(), 1.0)
        scale = dispersion
        if self.settings.r_compatible:
            # Weights where working weights belong: the standard errors of R rest on this.
            scale = (weights * fit.residual).sum(axis=1) / np.where(fit.free > 0, fit.free, np.nan)
        mean = np.maximum(np.exp(fit.constant + self.newest_offset[take]), LEAST_MEAN)
        unusable = fit.free <= 0
        return _Level(
            np.where(unusable, np.nan, mean),
            np.where(unusable, np.nan, dispersion),
            np.sqrt(scale * fit.variance),
            fit.slope,
            np.sqrt(scale * fit.slope_variance),
            fit.free,
            np.full(len(mean), trend),
        )

    def _bound(self, level: _Level, alpha: float) -> tuple[Floats, Floats]:
        mean, dispersion = level.mean, level.dispersion
        normal = float(special.ndtri(1 - alpha))
        if self.detector.bound == "delta":
            with np.errstate(invalid="ignore", over="ignore"):
                variance = dispersion + mean * level.error**2
                spread = np.sqrt(4 / 9 * np.cbrt(mean) * variance)
                root = np.cbrt(mean) ** 2
                bound = np.maximum(root + normal * spread, 0) ** 1.5
                probability = special.ndtr(-(np.cbrt(self.observed) ** 2 - root) / spread)
            return bound, probability
        if self.detector.bound == "muan":
            with np.errstate(over="ignore", invalid="ignore"):
                mean = mean * np.exp(normal * level.error)
        return quantile(1 - alpha, mean, dispersion), exceedance(self.observed, mean, dispersion)


@dataclass
class _Level:
    mean: Floats
    dispersion: Floats
    error: Floats
    slope: Floats
    slope_error: Floats
    free: Floats
    trend: Bools

    def put(self, at: Bools, other: _Level) -> None:
        for name in ("mean", "dispersion", "error", "slope", "slope_error", "free", "trend"):
            getattr(self, name)[at] = getattr(other, name)


def past_outbreak_weights(counts: Floats, weights: Floats, fit: Fit, threshold: float) -> Floats:
    """Weights that fall with the square of Anscombe residuals above a threshold (1996)."""
    phi = np.maximum(fit.dispersion(), 1.0)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        raised = np.cbrt(counts) ** 2 * fit.mean ** (-1 / 6) - np.sqrt(fit.mean)
        residual = 1.5 / np.sqrt(phi) * raised / np.sqrt(1 - fit.leverage)
        high = (residual > threshold) & (weights > 0)
        falling = np.where(high, 1 / np.where(high, residual, 1.0) ** 2, weights)
    total = falling.sum(axis=1, keepdims=True)
    return np.asarray(falling * weights.sum(axis=1, keepdims=True) / np.where(total > 0, total, 1))


def enough_cases(panel: Panel, steps: Ints, settings: Settings) -> Bools:
    """(steps, units): whether the newest steps hold enough cases for an alarm to mean anything."""
    newest = np.nan_to_num(panel.counts[steps])
    return np.asarray(newest >= cases_needed(panel, steps, settings))


def cases_needed(panel: Panel, steps: Ints, settings: Settings) -> Floats:
    """(steps, units): newest count from which on the newest steps hold enough cases."""
    within = settings.within or (28 if panel.step is Step.DAY else 4)
    least = 5 if settings.least is None else settings.least
    total = np.vstack([np.zeros(len(panel.units)), np.cumsum(np.nan_to_num(panel.counts), axis=0)])
    before = total[steps] - total[np.maximum(steps - within + 1, 0)]
    return np.asarray(least - before)


def _series(table: Floats, at: Ints) -> Floats:
    """(steps x units, rows) of a table at the rows of each step."""
    taken = table[at]
    return np.ascontiguousarray(taken.transpose(0, 2, 1)).reshape(-1, at.shape[1])


def _two_sided(value: Floats, error: Floats, free: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(value) / error
    return np.asarray(2 * special.stdtr(np.where(free > 0, free, np.nan), -ratio))


FAMILY = (
    Farrington("farrington_1996", "delta", threshold=1.0, seasonal=False, trend_p=0.05),
    Farrington("flexible_delta", "delta", threshold=2.58, seasonal=True, trend_p=1.0),
    Farrington("flexible_nbPlugin", "nbPlugin", threshold=2.58, seasonal=True, trend_p=1.0),
    Farrington("flexible_muan", "muan", threshold=2.58, seasonal=True, trend_p=1.0),
)

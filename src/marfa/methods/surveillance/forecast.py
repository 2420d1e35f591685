"""Two honest baselines for the next steps, scored; no more than that.

``seasonal``: negative binomial about the seasonal regression of the default detector.
``last_year``: negative binomial about the mean of the last twelve months. Scores: the continuous
ranked probability score for counts, the sum over x of (F(x) - [x >= y])^2 (Gneiting and Raftery
2007, J. Am. Stat. Assoc. 102:359-378), and the share of counts inside 80% and 95% intervals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from marfa.methods.surveillance.panel import Floats, Panel
from marfa.methods.surveillance.seasonal import predict
from marfa.methods.surveillance.series_files import day_of
from marfa.methods.surveillance.settings import Settings
from marfa.methods.surveillance.tails import exceedance, quantile

BASELINES = ("seasonal", "last_year")


@dataclass(frozen=True)
class Forecast:
    """(units,) mean and dispersion of a step, by one baseline."""

    baseline: str
    ahead: int
    mean: Floats
    dispersion: Floats

    def interval(self, level: float) -> tuple[Floats, Floats]:
        """Counts between which the step is with this probability or more."""
        outside = (1 - level) / 2
        low = quantile(outside, self.mean, self.dispersion)
        return low, quantile(1 - outside, self.mean, self.dispersion)


@dataclass(frozen=True)
class Scored:
    """How a baseline did at one distance: mean score and shares inside the intervals."""

    baseline: str
    ahead: int
    forecasts: int
    crps: float
    inside_80: float
    inside_95: float


def forecast(panel: Panel, ahead: int, baseline: str = "seasonal") -> Forecast:
    """What comes ``ahead`` steps after the newest."""
    return _forecast(panel, len(panel) - 1, ahead, baseline)


def _forecast(panel: Panel, newest: int, ahead: int, baseline: str) -> Forecast:
    if baseline == "last_year":
        past = panel.counts[max(0, newest + 1 - panel.step.period) : newest + 1]
        number = (~np.isnan(past)).sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.nansum(past, axis=0) / number
            variance = np.nansum((past - mean) ** 2, axis=0) / (number - 1)
            dispersion = np.maximum(np.where(mean > 0, variance / mean, 1.0), 1.0)
        mean = np.maximum(mean, 0.5 / np.maximum(number, 1))
        return Forecast(baseline, ahead, np.where(number >= 8, mean, np.nan), dispersion)
    longer = _extended(panel.until(newest + 1), ahead)
    mean, spread, _common = predict(longer, newest + ahead, Settings(gap=ahead - 1))
    return Forecast(baseline, ahead, mean[:, 0], spread[:, 0])


def _extended(panel: Panel, steps: int) -> Panel:
    counts = np.vstack([panel.counts, np.full((steps, len(panel.units)), np.nan)])
    dates = panel.dates and (
        *panel.dates,
        *(day_of(len(panel) + i, panel.dates[0], panel.step) for i in range(steps)),
    )
    last = panel.times[-1]
    times = (*panel.times, *range(last + 1, last + 1 + steps))
    return replace(panel, counts=counts, dates=dates, times=times, at_risk=None)


def score_forecasts(panel: Panel, ahead: int, origins: int = 12) -> list[Scored]:
    """Each baseline at distances 1 to ``ahead``, from so many moments of the past (rolling)."""
    scored = []
    for baseline in BASELINES:
        for distance in range(1, ahead + 1):
            parts = [
                _parts(panel, len(panel) - 1 - distance - back, distance, baseline)
                for back in range(origins)
                if len(panel) - 1 - distance - back >= 1
            ]
            table = np.concatenate(parts, axis=1) if parts else np.zeros((3, 0))
            table = table[:, np.isfinite(table[0])]
            if table.shape[1]:
                crps, narrow, wide = table.mean(axis=1)
                scored.append(
                    Scored(
                        baseline, distance, table.shape[1], float(crps), float(narrow), float(wide)
                    )
                )
    return scored


def _parts(panel: Panel, newest: int, ahead: int, baseline: str) -> Floats:
    """(score, inside 80%, inside 95%) of each unit."""
    told = _forecast(panel, newest, ahead, baseline)
    observed = panel.counts[newest + ahead]
    score = count_crps(observed, told.mean, told.dispersion)
    inside = []
    for level in (0.8, 0.95):
        low, high = told.interval(level)
        inside.append(np.where(np.isnan(score), np.nan, (observed >= low) & (observed <= high)))
    return np.vstack([score, *inside])


def count_crps(observed: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """The score of each forecast; NaN where there is no count or no forecast."""
    known = np.isfinite(observed) & np.isfinite(mean) & np.isfinite(dispersion)
    found = np.full(observed.shape, np.nan)
    for i in np.flatnonzero(known):
        top = quantile(1 - 1e-9, mean[i : i + 1], dispersion[i : i + 1])[0]
        x = np.arange(max(top, observed[i]) + 2)
        below = 1 - exceedance(x + 1, mean[i], dispersion[i])
        found[i] = float(((below - (x >= observed[i])) ** 2).sum())
    return found

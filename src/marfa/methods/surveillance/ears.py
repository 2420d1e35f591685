"""EARS C1, C2 and C3: the newest count against the days or weeks just before.

Hutwagner, Thompson, Seeman and Treadwell 2003 (J. Urban Health 80, suppl. 1: i89-i96); Fricker,
Hegler and Dunfee 2008 (Stat. Med. 27:3407-3429). With m and s the mean and standard deviation of
the baseline, C(t) = (y - m) / s; C1 takes the newest steps as baseline, C2 leaves out two between,
and C3(t) = sum over t-2..t of max(0, C2 - 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special

from marfa.methods.surveillance.answers import Answers, Why
from marfa.methods.surveillance.panel import Floats, Ints, Panel
from marfa.methods.surveillance.settings import Settings

LAG = 2


@dataclass(frozen=True)
class Ears:
    """kind: 1, 2 or 3. baseline: steps in it. least_sigma: no standard deviation is smaller."""

    name: str
    kind: int
    alpha: float
    baseline: int = 7
    least_sigma: float = 0.0

    def run(self, panel: Panel, steps: Ints, settings: Settings) -> Answers:
        answers = Answers.empty(self.name, panel, steps)
        lag = 0 if self.kind == 1 else LAG
        mean, sigma = self._baseline(panel.counts, lag)
        normal = float(special.ndtri(1 - (settings.alpha or self.alpha)))
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = (panel.counts - mean) / sigma
            excess = np.maximum(statistic - 1, 0)
            if self.kind < 3:
                bound = mean + normal * sigma
            else:
                earlier = _shifted(excess, 1) + _shifted(excess, 2)
                if settings.r_compatible:
                    # Its limit starts from the newest count itself, where the mean belongs.
                    bound = np.maximum(panel.counts + sigma * (normal - earlier), 0)
                else:
                    bound = np.maximum(mean + sigma * (1 + normal - earlier), 0)
        self._fill(answers, mean, sigma, statistic, bound, settings)
        return answers

    def _fill(
        self,
        answers: Answers,
        mean: Floats,
        sigma: Floats,
        statistic: Floats,
        bound: Floats,
        settings: Settings,
    ) -> None:
        steps, observed = answers.steps, answers.observed
        before = steps[:, None] >= self.baseline + {1: 0, 2: LAG, 3: LAG + 2}[self.kind]
        known = np.isfinite(bound[steps]) & ~np.isnan(observed) & before
        if not settings.r_compatible:
            known &= sigma[steps] > 0
            answers.expected[:] = np.where(known, mean[steps], np.nan)
            if self.kind < 3:
                tail = special.ndtr(-statistic[steps])
                answers.probability[:] = np.where(known, tail, np.nan)
        answers.bound[:] = np.where(known, bound[steps], np.nan)
        answers.alarm[:] = np.where(known, observed > bound[steps], np.nan)
        gap = np.isnan(mean[steps])
        silent = np.where(before, np.where(gap, Why.GAP, Why.TOO_SPARSE), Why.TOO_SHORT)
        silent = np.where(np.isnan(observed), Why.MISSING, silent)
        answers.why[:] = np.where(known, Why.ANSWERED, silent)

    def _baseline(self, counts: Floats, lag: int) -> tuple[Floats, Floats]:
        """Mean and standard deviation of the steps before each; NaN where one is missing."""
        mean = np.full_like(counts, np.nan)
        sigma = np.full_like(counts, np.nan)
        first = self.baseline + lag
        if len(counts) > first:
            windows = sliding_window_view(counts, self.baseline, axis=0)[: len(counts) - first]
            mean[first:] = windows.mean(axis=2)
            sigma[first:] = np.maximum(windows.std(axis=2, ddof=1), self.least_sigma)
        return mean, sigma


def _shifted(values: Floats, by: int) -> Floats:
    moved = np.full_like(values, np.nan)
    moved[by:] = values[:-by]
    return moved


FAMILY = (
    Ears("ears_C1", 1, alpha=0.001),
    Ears("ears_C2", 2, alpha=0.001),
    Ears("ears_C3", 3, alpha=0.025),
    Ears("ears_C1_b28_min1", 1, alpha=0.001, baseline=28, least_sigma=1.0),
)

"""The Bayes and RKI detectors: the newest count against the same season of earlier years.

Riebler 2004, Höhle 2007 (Comput. Stat. 22:571-582). Bayes: with a Jeffreys prior on the mean of a
Poisson count, the next count is negative binomial of size s + 1/2 and probability n / (n + 1),
with s the sum of the n reference values. RKI: the mean plus two standard deviations; up to a mean
of 20 the upper 95% limit of Crow and Gardner 1959 (Biometrika 46:441-453) for its whole part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marfa.methods.surveillance.answers import Answers, Why
from marfa.methods.surveillance.panel import Floats, Ints, Panel
from marfa.methods.surveillance.reference import same_season
from marfa.methods.surveillance.settings import Settings
from marfa.methods.surveillance.tails import exceedance, quantile

# Crow and Gardner 1959, 95%, for 0 to 20 counts.
UPPER_LIMITS = np.array([
    3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633,
    19.050, 20.335, 21.364, 22.945, 23.762, 25.400, 26.306, 27.735, 28.966, 30.017,
])  # fmt: skip


@dataclass(frozen=True)
class PastValues:
    """years: earlier years. half_window: steps on each side. recent: steps just before."""

    name: str
    years: int
    half_window: int
    recent: int
    bayes: bool
    alpha: float = 0.05

    def run(self, panel: Panel, steps: Ints, settings: Settings) -> Answers:
        answers = Answers.empty(self.name, panel, steps)
        for place, at in enumerate(steps.tolist()):
            rows = self._rows(panel, at, settings)
            if rows is not None:
                self._answer(answers, place, panel.counts[rows], settings)
        return answers

    def _rows(self, panel: Panel, at: int, settings: Settings) -> Ints | None:
        """Reference steps, or none where the series is too young."""
        rows = list(range(at - self.recent, at))
        if settings.r_compatible:
            # It counts back 52 steps a year, through years of 53 weeks too.
            seasons = tuple(at - panel.step.period * y for y in range(1, self.years + 1))
        else:
            seasons = same_season(panel, at, self.years)
        for season in seasons:
            rows += range(season - self.half_window, season + self.half_window + 1)
        return None if min(rows) < 0 else np.array(rows, dtype=np.int64)

    def _answer(self, answers: Answers, place: int, past: Floats, settings: Settings) -> None:
        present = ~np.isnan(past)
        number = present.sum(axis=0).astype(float)
        observed = answers.observed[place]
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(present, past, 0.0).sum(axis=0) / number
            if self.bayes:
                expected = mean + 0.5 / number
                spread = (number + 1) / number
                bound = quantile(1 - (settings.alpha or self.alpha), expected, spread)
                if not settings.r_compatible:
                    answers.probability[place] = exceedance(observed, expected, spread)
                    answers.dispersion[place] = spread
            else:
                expected = mean
                sigma = np.sqrt(np.where(present, (past - mean) ** 2, 0.0).sum(0) / (number - 1))
                small = UPPER_LIMITS[np.clip(np.nan_to_num(mean), 0, 20).astype(int)]
                bound = np.where(mean > 20, mean + 2 * sigma, small)
        known = (number >= 2) & ~np.isnan(observed)
        if not settings.r_compatible:
            answers.expected[place] = np.where(known, expected, np.nan)
        answers.bound[place] = np.where(known, bound, np.nan)
        answers.alarm[place] = np.where(known, observed > bound, np.nan)
        silent = np.where(np.isnan(observed), Why.MISSING, Why.GAP)
        answers.why[place] = np.where(known, Why.ANSWERED, silent)


FAMILY = (
    PastValues("bayes_b1", years=0, half_window=0, recent=6, bayes=True),
    PastValues("bayes_b3", years=2, half_window=4, recent=0, bayes=True),
    PastValues("rki3", years=2, half_window=4, recent=0, bayes=False),
)

"""CUSUM of counts: small excesses that add up.

Rossi, Lampugnani and Marchi 1999 (Stat. Med. 18:2111-2122): with m the mean before the first step
asked about, z = (y - 3 m + 2 sqrt(y m)) / (2 sqrt(m)) is nearly standard normal, and
S(t) = max(0, S(t-1) + z - k) gives an alarm at h.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marfa.methods.surveillance.answers import Answers, Why
from marfa.methods.surveillance.panel import Bools, Floats, Ints, Panel
from marfa.methods.surveillance.settings import Settings


@dataclass(frozen=True)
class Cusum:
    """k: the reference value. h: the limit."""

    name: str = "cusum_rossi"
    k: float = 1.04
    h: float = 2.26

    def run(self, panel: Panel, steps: Ints, settings: Settings) -> Answers:
        answers = Answers.empty(self.name, panel, steps)
        start = first_monitored(panel, settings)
        past = panel.counts[:start]
        number = (~np.isnan(past)).sum(axis=0)
        mean = np.divide(
            np.nansum(past, axis=0), number, out=np.zeros(len(panel.units)), where=number > 0
        )
        places = {step: place for place, step in enumerate(steps.tolist())}
        total = np.zeros(len(panel.units))
        for step in range(start, max(places, default=-1) + 1):
            observed = panel.counts[step]
            bound = self._bound(mean, total, settings)
            known = (mean > 0) & ~np.isnan(observed)
            total = np.where(known, self._next(observed, mean, total), total)
            alarm = total >= self.h
            if step in places:
                self._fill(answers, places[step], mean, bound, alarm, known, settings)
            if not settings.r_compatible:
                # An alarm is looked into once; afterwards the sum begins anew.
                total = np.where(alarm, 0.0, total)
        return answers

    def _next(self, observed: Floats, mean: Floats, total: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            root = np.sqrt(mean)
            z = (observed - 3 * mean + 2 * np.sqrt(observed * mean)) / (2 * root)
            return np.asarray(np.maximum(0.0, total + z - self.k))

    def _bound(self, mean: Floats, total: Floats, settings: Settings) -> Floats:
        """Count at which the limit is reached: the equation of z solved for y."""
        root = np.sqrt(mean)
        inside = 4 * mean + 2 * root * (self.h + self.k - total)
        solved = np.sqrt(np.maximum(inside, 0.0)) - root
        if settings.r_compatible:
            # Where no count is small enough, it squares the negative root.
            return np.asarray(np.where(inside >= 0, solved**2, 0.0))
        return np.asarray(np.maximum(solved, 0.0) ** 2)

    def _fill(
        self,
        answers: Answers,
        place: int,
        mean: Floats,
        bound: Floats,
        alarm: Bools,
        known: Bools,
        settings: Settings,
    ) -> None:
        missing = np.isnan(answers.observed[place])
        if not settings.r_compatible:
            answers.expected[place] = np.where(known, mean, np.nan)
        answers.bound[place] = np.where(known, bound, np.nan)
        answers.alarm[place] = np.where(known, alarm, np.nan)
        silent = np.where(missing, Why.MISSING, Why.TOO_SPARSE)
        answers.why[place] = np.where(known, Why.ANSWERED, silent)


def first_monitored(panel: Panel, settings: Settings) -> int:
    """First step that is judged; those before it tell what is usual. A year where none is named."""
    start = panel.step.period if settings.start is None else settings.start
    return min(max(start, 0), len(panel))


FAMILY = (Cusum(),)

"""How many alarms there will be, and a bound over all series that holds a number of them.

With n series at probability alpha there are n alpha false alarms a step. Counts are whole numbers,
and a rare series often cannot raise an alarm at all, so that the true number is smaller. Here the
common threshold t is found at which the probabilities of an alarm, summed over all series as they
are, give the number that can be looked into (the estimate of false discoveries of Storey 2002
with all series quiet, in the discrete form of Heyse 2011). Beside it stands the share of false
ones among those found; ``share`` lowers t until Benjamini and Hochberg's 1995 rule holds too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize, special

from marfa.methods.surveillance.answers import Answers, Why
from marfa.methods.surveillance.carry_over import critical
from marfa.methods.surveillance.farrington import cases_needed
from marfa.methods.surveillance.panel import Bools, Floats
from marfa.methods.surveillance.settings import Settings
from marfa.methods.surveillance.tails import exceedance, middle_quantile, quantile

LARGEST_THRESHOLD = 0.2
LEAST_THRESHOLD = 1e-9


@dataclass(frozen=True)
class Budget:
    """per_step: false alarms in a step that can be looked into, over all series.

    share: at most this share of the alarms of a step may be expected to be false.
    """

    per_step: float
    share: float | None = None


@dataclass(frozen=True)
class Held:
    """What a budget gives in one step.

    threshold: an alarm where the probability is at most this. expected_false: alarms if nothing
    happens anywhere. found: alarms there are. able: series that could raise one at all.
    """

    threshold: float
    expected_false: float
    found: int
    series: int
    able: int

    @property
    def false_share(self) -> float:
        """Share of the alarms that is expected to be false; 1 where there are fewer than that."""
        return min(1.0, self.expected_false / self.found) if self.found else 0.0


def expected_false(answers: Answers, place: int, threshold: float, settings: Settings) -> Floats:
    """(units,) probability of an alarm at a threshold if nothing happens, NaN without answer."""
    bound = bounds_at(answers, place, threshold, settings)
    level = exceedance(bound + 1, answers.expected[place], answers.dispersion[place])
    return np.asarray(np.where(_judged(answers, place), level, np.nan))


def bounds_at(answers: Answers, place: int, threshold: float, settings: Settings) -> Floats:
    """(units,) largest count without alarm at a threshold, with the rule for sparse series."""
    carried, mean = answers.carried[place], answers.expected[place]
    spread = answers.dispersion[place]
    with np.errstate(invalid="ignore"):
        room = np.where(
            np.isfinite(carried), special.ndtr(carried - critical(threshold)), threshold
        )
    bound = np.where(
        np.isnan(carried),
        quantile(1 - threshold, mean, spread),
        middle_quantile(1 - room, mean, spread),
    )
    needed = cases_needed(answers.panel, answers.steps[place : place + 1], settings)[0]
    return np.asarray(np.maximum(bound, needed - 1))


def hold(
    answers: Answers, budget: Budget, settings: Settings | None = None
) -> tuple[Answers, list[Held]]:
    """The answers with the alarms that a budget allows, and what it gave in each step.

    Only detectors with a probability can be held. More cases never take an alarm away: the
    threshold depends on the newest counts only through ``share``.
    """
    settings = settings or Settings()
    alarm, bound = answers.alarm.copy(), answers.bound.copy()
    held = []
    for place in range(len(answers.steps)):
        threshold = choose_threshold(answers, place, budget, settings)
        level = expected_false(answers, place, threshold, settings)
        judged = _judged(answers, place)
        bound[place] = np.where(judged, bounds_at(answers, place, threshold, settings), np.nan)
        raised = answers.observed[place] > bound[place]
        alarm[place] = np.where(judged, raised, np.nan)
        held.append(
            Held(
                threshold,
                float(np.nansum(level)),
                int(raised.sum()),
                int(judged.sum()),
                int((level > 0).sum()),
            )
        )
    return replace(answers, alarm=alarm, bound=bound), held


def choose_threshold(answers: Answers, place: int, budget: Budget, settings: Settings) -> float:
    """The threshold of one step at which the budget is held."""

    def surplus(logarithm: float) -> float:
        level = expected_false(answers, place, float(np.exp(logarithm)), settings)
        return float(np.nansum(level)) - budget.per_step

    low, high = np.log(LEAST_THRESHOLD), np.log(LARGEST_THRESHOLD)
    if surplus(high) <= 0:
        threshold = LARGEST_THRESHOLD
    elif surplus(low) >= 0:
        threshold = LEAST_THRESHOLD
    else:
        found = optimize.brentq(surplus, low, high, xtol=1e-3)
        threshold = float(np.exp(found if surplus(found) <= 0 else found - 1e-3))
    if budget.share is None:
        return threshold
    return min(threshold, benjamini_hochberg(answers.probability[place], budget.share))


def benjamini_hochberg(probabilities: Floats, share: float) -> float:
    """Largest probability that the rule lets through; 0 where it lets none."""
    known = np.sort(probabilities[np.isfinite(probabilities)])
    if not len(known):
        return LEAST_THRESHOLD
    below = known <= share * np.arange(1, len(known) + 1) / len(known)
    return float(known[np.flatnonzero(below)[-1]]) if below.any() else LEAST_THRESHOLD


def _judged(answers: Answers, place: int) -> Bools:
    why = answers.why[place]
    said = (why == Why.ANSWERED) | (why == Why.TOO_SPARSE)
    return np.asarray(said & np.isfinite(answers.probability[place]))

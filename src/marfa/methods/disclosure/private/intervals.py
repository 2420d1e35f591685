"""Error bars of counts that are shown only where they stand out: exact after the choice.

A count y = x + noise is shown where y is above a threshold, so that those shown are too high on the
whole. The distribution of y among those shown is a Gaussian cut off at the threshold; intervals
that invert its tests hold x as often as they say, for each x (Lee, Sun, Sun and Taylor, Annals of
Statistics 44 (2016), theorem 5.2). Of all tests at a level, those are taken that make the interval
short where x is near what other counts let one expect (Hoff and Yu, Biometrika 106 (2019), section
2): a test spends the part ``spent`` of its error on y too low. The expectation must not depend on
the noise of y. A wrong expectation makes intervals longer and no less often true.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtri

from marfa.methods.disclosure.tables.arrays import Bools, Floats

LEVEL = 0.95
HALVINGS = 50
FARTHEST = 12.0
"""Standard deviations within which the ends of an interval are looked for."""
_PARTS = 1 / (1 + np.exp(-np.linspace(-60, 60, 4001)))


@dataclass(frozen=True)
class Shown:
    """Counts that are shown. All (cells,), in persons.

    counts: with noise. scales: standard deviations of it. thresholds: above which a count is
    shown. expected, doubts: mean and standard deviation of what other counts let one expect.
    """

    counts: Floats
    scales: Floats
    thresholds: Floats
    expected: Floats
    doubts: Floats


def find_intervals(shown: Shown, level: float = LEVEL) -> tuple[Floats, Floats]:
    """(cells,) lower and upper ends; ends below 0 are 0."""
    error = 1 - level

    def too_high(x: Floats) -> Bools:
        return _below(shown, x) < np.log(error * _spent(shown, x, error))

    def too_low(x: Floats) -> Bools:
        return _above(shown, x) < np.log(error * (1 - _spent(shown, x, error)))

    far = FARTHEST * shown.scales
    high = _edge(shown.counts - far, shown.counts + far, lambda x: ~too_high(x))
    low = _edge(np.minimum(0.0, shown.counts - far), shown.counts + far, too_low)
    return np.maximum(low, 0.0), np.maximum(high, 0.0)


def _above(shown: Shown, x: Floats) -> Floats:
    """Logarithm of the chance that a count shown is as high as it is, where the truth is x."""
    reached = log_ndtr((x - shown.counts) / shown.scales)
    at_all = log_ndtr((x - shown.thresholds) / shown.scales)
    above: Floats = np.minimum(0.0, reached - at_all)
    return above


def _below(shown: Shown, x: Floats) -> Floats:
    """Logarithm of the chance that a count shown is as low as it is, where the truth is x."""
    with np.errstate(divide="ignore"):
        below: Floats = np.log(-np.expm1(_above(shown, x)))
    return below


def _spent(shown: Shown, x: Floats, error: float) -> Floats:
    """(cells,) the part of the error that the test of x spends on counts that are too low."""
    away = 2 * shown.scales * (x - shown.expected) / shown.doubts**2
    steps = ndtri(error * _PARTS) - ndtri(error * (1 - _PARTS))
    return np.asarray(np.clip(np.interp(away, steps, _PARTS), 1e-12, 1 - 1e-12), dtype=float)


def _edge(low: Floats, high: Floats, left: Callable[[Floats], Bools]) -> Floats:
    """Where a condition that holds on the left ceases to hold."""
    for _step in range(HALVINGS):
        middle = (low + high) / 2
        here = left(middle)
        low, high = np.where(here, middle, low), np.where(here, high, middle)
    return (low + high) / 2

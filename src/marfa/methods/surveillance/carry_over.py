"""Excess that is carried over: the newest count, with most of what the step before was above.

Both steps are put on the scale of a standard normal, z0 and z1. The statistic is
z0 + 0.7 min(max(z1, 0), 3): an outbreak that lasts two steps is seen sooner, a quiet step before
takes nothing away, and a large one before does not make an ordinary count an alarm: a moving
average of two steps, of which the older counts only upwards.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import optimize, special

from marfa.methods.surveillance.panel import Floats

SHARE = 0.7
MOST = 3.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_EXCESS = MOST / 2 * (_NODES + 1)
_DENSITY = MOST / 2 * _WEIGHTS * np.exp(-(_EXCESS**2) / 2) / np.sqrt(2 * np.pi)


def carry(score: Floats) -> Floats:
    """What a score of the step before adds."""
    return np.asarray(SHARE * np.clip(score, 0.0, MOST))


def tail(statistic: Floats) -> Floats:
    """Probability of so large a statistic if nothing happens in either step."""
    statistic = np.asarray(statistic, dtype=float)
    found = 0.5 * special.ndtr(-statistic)
    found = found + special.ndtr(-MOST) * special.ndtr(SHARE * MOST - statistic)
    for excess, density in zip(_EXCESS, _DENSITY, strict=True):
        found = found + density * special.ndtr(SHARE * excess - statistic)
    return np.asarray(found)


@lru_cache(maxsize=64)
def critical(alpha: float) -> float:
    """The statistic that is reached with probability ``alpha``."""
    return float(optimize.brentq(lambda s: float(tail(np.array(s))) - alpha, -10.0, 40.0))

"""Tails and bounds of counts whose variance is a multiple of the mean.

A count with mean m and variance phi m is negative binomial of size m / (phi - 1), and Poisson
where phi is 1. The quantile is found from the tail itself, so that bound and probability agree.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from marfa.methods.surveillance.panel import Floats

FUZZ = 64 * float(np.finfo(float).eps)
"""A quantile whose probability is met but for rounding is met."""


def exceedance(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Probability of as many or more."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        before = np.asarray(counts) - 1
        size, success = _negative_binomial(mean, dispersion)
        beyond = np.where(
            dispersion > 1,
            special.betainc(np.maximum(before, 0) + 1, size, 1 - success),
            special.gammainc(np.maximum(before, 0) + 1, mean),
        )
    beyond = np.where(before < 0, 1.0, beyond)
    return np.where(np.isfinite(counts) & np.isfinite(mean), beyond, np.nan)


def quantile(level: float | Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Least count whose probability of being reached or stayed below is at least ``level``."""
    level, mean, dispersion = np.broadcast_arrays(
        np.asarray(level, dtype=float),
        np.asarray(mean, dtype=float),
        np.asarray(dispersion, dtype=float),
    )
    known = np.isfinite(mean) & np.isfinite(dispersion) & (mean < 1e12)
    inside = np.where(known, mean, 1.0)
    spread = np.where(known, np.maximum(dispersion, 1.0), 1.0)
    target = np.where(known, 1 - level * (1 - FUZZ), 0.5)
    sigma = np.sqrt(inside * spread)
    low = np.full(inside.shape, -1.0)
    high = np.ceil(inside + 8 * sigma + 8)
    for _doubling in range(60):
        short = exceedance(high + 1, inside, spread) > target
        if not short.any():
            break
        high = np.where(short, 2 * high + 1, high)
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        enough = exceedance(middle + 1, inside, spread) <= target
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle)
    return np.where(known, high, np.nan)


def middle(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Probability of more, and half of that of the very count (Lancaster 1961).

    Counts of all sizes are so on average where a continuous value would be; ``exceedance`` makes
    rare ones look more usual than they are.
    """
    reach = exceedance(counts, mean, dispersion)
    return np.asarray((reach + exceedance(np.asarray(counts) + 1, mean, dispersion)) / 2)


def middle_quantile(level: float | Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Largest count whose ``middle`` probability is more than ``1 - level``; at least 0."""
    found = quantile(level, mean, dispersion)
    less = middle(found, mean, dispersion) <= 1 - np.asarray(level)
    return np.asarray(np.maximum(np.where(less, found - 1, found), 0.0))


def _negative_binomial(mean: Floats, dispersion: Floats) -> tuple[Floats, Floats]:
    extra = np.where(dispersion > 1, dispersion - 1, np.nan)
    return np.asarray(mean / extra), np.asarray(1 / np.where(dispersion > 1, dispersion, np.nan))

"""How much too small mean and dispersion come out when high residuals are given less weight.

For a count of mean m and variance phi m both expected estimates are computed from its
distribution, on a grid of m and phi, and turned round: the estimates then are right where nothing
happened (Fisher consistency; Hampel, Ronchetti, Rousseeuw and Stahel 1986).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from marfa.methods.surveillance.panel import Floats
from marfa.methods.surveillance.tails import exceedance

LOG_MEANS = np.arange(-4.0, 6.6, 0.5)
DISPERSIONS = np.array([1.0, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 6.5, 8, 10, 13, 17, 22, 30])


def unshrunk(estimate: Floats, mean: Floats, threshold: float) -> tuple[Floats, Floats]:
    """The dispersion whose estimate would be this, never below 1, and what the mean came out as.

    mean: a mean count of the series. The second array is the share of the true mean.
    """
    spreads, shares = _expected_estimates(threshold)
    place = np.clip((np.log(np.maximum(mean, 1e-9)) - LOG_MEANS[0]) / 0.5, 0, len(LOG_MEANS) - 1)
    low = np.minimum(place.astype(int), len(LOG_MEANS) - 2)
    part = (place - low)[:, None]
    spread = spreads[low] * (1 - part) + spreads[low + 1] * part
    share = shares[low] * (1 - part) + shares[low + 1] * part
    dispersion, kept = np.empty_like(estimate), np.empty_like(estimate)
    for i, value in enumerate(estimate):
        row = spread[i]
        inside = float(np.interp(value, row, DISPERSIONS))
        dispersion[i] = inside if value <= row[-1] else value * DISPERSIONS[-1] / row[-1]
        kept[i] = np.interp(dispersion[i], DISPERSIONS, share[i])
    return np.maximum(dispersion, 1.0), kept


@lru_cache(maxsize=4)
def _expected_estimates(threshold: float) -> tuple[Floats, Floats]:
    """(means, dispersions) expected dispersions, rising with the true one, and shares of means."""
    table = np.array(
        [[_expected(float(np.exp(m)), float(d), threshold) for d in DISPERSIONS] for m in LOG_MEANS]
    )
    rising = np.maximum.accumulate(table[..., 0] + 1e-9 * np.arange(len(DISPERSIONS)), axis=1)
    return rising, table[..., 1]


def _expected(mean: float, dispersion: float, threshold: float) -> tuple[float, float]:
    counts = np.arange(int(mean + 14 * np.sqrt(mean * dispersion) + 20 * dispersion) + 2)
    beyond = exceedance(counts.astype(float), np.array(mean), np.array(dispersion))
    chance = beyond - np.append(beyond[1:], 0.0)
    residual = 1.5 * (np.cbrt(counts) ** 2 * mean ** (-1 / 6) - np.sqrt(mean)) / np.sqrt(dispersion)
    weight = chance * np.where(residual > threshold, 1 / np.maximum(residual, threshold) ** 2, 1.0)
    pearson = (counts - mean) ** 2 / mean
    total = weight.sum()
    return float((weight * pearson).sum() / total), float((weight * counts).sum() / total / mean)

"""Quasi-Poisson regression of many series at once on any design they share.

Iteratively re-weighted least squares, as in ``quasipoisson``, with the normal equations of all
series solved together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marfa.methods.surveillance.panel import Floats

MOST_STEPS = 25
LARGEST = 25.0
"""No logarithm of a mean is farther from 0: a series of zeros alone has no finite one."""
RIDGE = 1e-9


@dataclass(frozen=True)
class Fitted:
    """beta: (series, columns). mean: (series, rows). covariance: up to the dispersion."""

    beta: Floats
    mean: Floats
    covariance: Floats
    leverage: Floats


def fit_loglinear(
    counts: Floats, design: Floats, weights: Floats, offset: Floats, start: Floats | None = None
) -> Fitted:
    """Fit each row of ``counts``; a weight of 0 leaves a row out."""
    rows, columns = design.shape
    products = (design[:, :, None] * design[:, None, :]).reshape(rows, columns * columns)
    mean = counts + 0.1 if start is None else _mean(start, design, offset)
    beta = np.zeros((len(counts), columns))
    for _step in range(MOST_STEPS):
        working = weights * mean
        response = np.log(mean) - offset + (counts - mean) / mean
        beta = _solve(working, products, (working * response) @ design)
        after = _mean(beta, design, offset)
        settled = np.abs(after - mean) <= 1e-7 * (mean + 0.01)
        mean = after
        if settled.all():
            break
    working = weights * mean
    information = (working @ products).reshape(-1, columns, columns) + RIDGE * np.eye(columns)
    covariance: Floats = np.asarray(np.linalg.inv(information), dtype=np.float64)
    spread = covariance.reshape(-1, columns * columns) @ products.T
    return Fitted(beta, mean, covariance, np.clip(working * spread, 0.0, 0.95))


def _solve(working: Floats, products: Floats, right: Floats) -> Floats:
    columns = right.shape[1]
    information = (working @ products).reshape(-1, columns, columns) + RIDGE * np.eye(columns)
    return np.asarray(np.linalg.solve(information, right[..., None])[..., 0])


def _mean(beta: Floats, design: Floats, offset: Floats) -> Floats:
    return np.asarray(np.exp(np.clip(beta @ design.T, -LARGEST, LARGEST) + offset))

"""Limits for one fixed model: multinomial profile likelihood, and Wald on the log scale.

Both hold the model for true; they say nothing of the choice of the model and are shown
under that condition only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import chdtri, gammaln, ndtri, xlogy

from marfa.methods.estimation.hierarchies import Bools
from marfa.methods.estimation.intervals import Interval
from marfa.methods.estimation.newton import Design, Floats, design, fit_models

FARTHEST = 1e6
"""The search for an upper limit ends at this multiple of the estimate."""


@lru_cache(maxsize=32)
def complete_design(k: int, order: int) -> Design:
    """The design with the unseen cell as first row: shape (2^k, terms)."""
    plan = design(k, order)
    x = np.vstack([np.eye(1, len(plan.terms)), plan.x])
    return Design.of(k, plan.terms, x)


def profile_interval(n: Floats, model: Bools, k: int, order: int, level: float) -> Interval:
    """Where the multinomial profile log-likelihood falls by half the chi-square quantile.

    n: (cells,). The number unseen is fixed, the model fitted to the completed table, and the
    likelihood N! / x! * product of p^n taken (Cormack 1992; Baillargeon and Rivest 2007).
    """
    plan = complete_design(k, order)
    observed = float(n.sum())
    start = float(fit_models(n, model[None, :], design(k, order)).unseen[0])

    def value(unseen: float) -> float:
        table = np.concatenate([[unseen], n])
        fits = fit_models(table, model[None, :], plan)
        means = _completed_means(fits.beta[0], plan)
        total = observed + unseen
        return float(
            gammaln(total + 1)
            - gammaln(unseen + 1)
            + xlogy(table, np.where(table > 0, means / total, 1.0)).sum()
        )

    scale = max(start, 1.0)
    top = minimize_scalar(
        lambda log_x: -value(np.exp(log_x)),
        method="bounded",
        bounds=(np.log(scale) - 3, np.log(scale) + 3),
        options={"xatol": 1e-7},
    )
    at = float(np.exp(top.x))
    floor = max(value(at), value(start)) - float(chdtri(1, 1 - level)) / 2
    low, high = _crossings(value, at, floor, scale)
    return Interval("profile", level, observed + low, None if high is None else observed + high)


def _crossings(
    value: Callable[[float], float], at: float, floor: float, scale: float
) -> tuple[float, float | None]:
    below = 0.0
    if value(0.0) < floor:
        below = float(brentq(lambda x: value(x) - floor, 0.0, at, xtol=1e-6 * scale))
    far = 2 * at
    while value(far) > floor:
        far *= 2
        if far > FARTHEST * scale:
            return below, None
    return below, float(brentq(lambda x: value(x) - floor, at, far, xtol=1e-6 * scale))


def _completed_means(beta: Floats, plan: Design) -> Floats:
    gone = (np.isneginf(beta).astype(np.float64) @ plan.x.T) > 0
    return np.where(gone, 0.0, np.exp(np.where(np.isneginf(beta), 0.0, beta) @ plan.x.T))


def wald_interval(n: Floats, model: Bools, k: int, order: int, level: float) -> Interval:
    """The constant's estimate, plus and minus its standard error, on the log scale."""
    plan = design(k, order)
    fits = fit_models(n, model[None, :], plan)
    beta = fits.beta[0]
    present = np.concatenate([np.ones(plan.fixed, dtype=bool), model]) & ~np.isneginf(beta)
    means = _completed_means(beta, plan)
    x = plan.x[:, present]
    error = float(np.sqrt(np.linalg.inv(x.T @ (means[:, None] * x))[0, 0]))
    spread = np.exp(float(ndtri((1 + level) / 2)) * error)
    observed, unseen = float(n.sum()), float(fits.unseen[0])
    return Interval("wald", level, observed + unseen / spread, observed + unseen * spread)

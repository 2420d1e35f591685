"""Quasi-Poisson regression of many series at once: seasons as levels, and a straight trend.

Iteratively re-weighted least squares (McCullagh and Nelder 1989) with logarithmic
link. The seasons divide the rows, so that the normal equations have the shape of an arrow and are
solved by sums within seasons; no matrix is factored. Iteration begins at the counts plus 0.1 and
ends when the deviance moves by less than 1e-8 of itself, as in published software, whose figures
depend on it in the last places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marfa.methods.surveillance.panel import Floats, Ints

TOLERANCE = 1e-8
MOST_STEPS = 25
LEAST_MEAN = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Design:
    """What all series of a batch are fitted on.

    season: (rows,) 0, 1, 2, ...; the newest step belongs to season 0.
    time: (rows,) years from the newest step, negative.
    """

    season: Ints
    time: Floats

    @property
    def members(self) -> Floats:
        """(rows, seasons) of 0 and 1."""
        seasons = int(self.season.max()) + 1 if len(self.season) else 1
        return np.eye(seasons)[self.season]


@dataclass(frozen=True)
class Fit:
    """Fitted series, one a row.

    mean: (series, rows). working: the weights of the last step. residual: squared relative
    residuals. constant: logarithm of the mean at the newest step. variance: of the constant, up
    to the dispersion. slope, slope_variance: the trend in a year. leverage: (series, rows).
    free: degrees of freedom that are left.
    """

    mean: Floats
    working: Floats
    residual: Floats
    constant: Floats
    variance: Floats
    slope: Floats
    slope_variance: Floats
    leverage: Floats
    free: Floats

    def dispersion(self) -> Floats:
        """Pearson's estimate, from the weights of the last step."""
        return _share((self.working * self.residual).sum(axis=1), self.free)


@dataclass(frozen=True)
class _Solved:
    eta: Floats
    constant: Floats
    slope: Floats
    centred: Floats
    weight: Floats
    spread: Floats
    centre: Floats


def fit_seasons(
    counts: Floats,
    design: Design,
    *,
    trend: bool,
    weights: Floats,
    offset: Floats | None = None,
) -> Fit:
    """Fit each row of ``counts``; a weight of 0 leaves a row out."""
    shift = np.zeros_like(counts) if offset is None else offset
    present = weights > 0
    mean = counts + 0.1
    eta = np.log(mean)
    working = weights * mean
    deviance = _deviance(counts, mean, weights)
    members = design.members
    solved = _solve(np.log(mean), working, design, members, trend)
    active = np.arange(len(counts))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for _step in range(MOST_STEPS):
            some = slice(None) if len(active) == len(counts) else active
            w = weights[some] * mean[some]
            z = eta[some] - shift[some] + (counts[some] - mean[some]) / mean[some]
            now = _solve(z, w, design, members, trend)
            eta[some] = now.eta + shift[some]
            mean[some] = np.maximum(np.exp(eta[some]), LEAST_MEAN)
            working[some] = w
            solved = _merge(solved, now, active)
            after = _deviance(counts[some], mean[some], weights[some])
            moving = ~(np.abs(after - deviance[some]) < TOLERANCE * (np.abs(after) + 0.1))
            deviance[some] = after
            active = active[moving]
            if not len(active):
                break
        residual = np.where(present, ((counts - mean) / mean) ** 2, 0.0)
    free = present.sum(axis=1) - (present.astype(float) @ members > 0).sum(axis=1) - int(trend)
    return _finish(mean, working, residual, solved, design, members, trend, free.astype(float))


def _solve(z: Floats, w: Floats, design: Design, members: Floats, trend: bool) -> _Solved:
    weight = w @ members
    level = _share((w * z) @ members, weight)
    centre = _share((w * design.time) @ members, weight)
    if trend:
        centred = design.time - centre @ members.T
        spread = (w * centred**2).sum(axis=1)
        slope = _share((w * centred * z).sum(axis=1), spread)
    else:
        centred, spread = np.zeros((len(z), 1)), np.zeros(len(z))
        slope = np.zeros(len(z))
    constants = level - slope[:, None] * centre
    eta = constants @ members.T + slope[:, None] * design.time
    return _Solved(eta, constants[:, 0], slope, centred, weight, spread, centre)


def _merge(old: _Solved, new: _Solved, at: Ints) -> _Solved:
    if len(at) == len(old.constant):
        return new
    for name in ("eta", "constant", "slope", "centred", "weight", "spread", "centre"):
        getattr(old, name)[at] = getattr(new, name)
    return old


def _finish(
    mean: Floats,
    working: Floats,
    residual: Floats,
    solved: _Solved,
    design: Design,
    members: Floats,
    trend: bool,
    free: Floats,
) -> Fit:
    part = _share(np.ones_like(solved.weight), solved.weight)
    leverage = part @ members.T
    variance = part[:, 0].copy()
    slope_variance = np.zeros(len(mean))
    if trend:
        slope_variance = _share(np.ones(len(mean)), solved.spread)
        leverage = leverage + solved.centred**2 * slope_variance[:, None]
        variance += solved.centre[:, 0] ** 2 * slope_variance
    empty = solved.weight[:, 0] <= 0
    constant = np.where(empty, np.nan, solved.constant)
    return Fit(
        mean,
        working,
        residual,
        constant,
        variance,
        solved.slope,
        slope_variance,
        working * leverage,
        free,
    )


def _deviance(counts: Floats, mean: Floats, weights: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(counts > 0, counts * np.log(counts / mean), 0.0)
    return np.asarray(2 * (weights * (ratio - (counts - mean))).sum(axis=1))


def _share(part: Floats, whole: Floats) -> Floats:
    """A quotient that is 0 where nothing is divided."""
    quotient = np.zeros_like(part, dtype=float)
    np.divide(part, whole, out=quotient, where=whole > 0)
    return quotient

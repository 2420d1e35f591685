"""Groups that learn from each other: one model for all strata, with chances drawn together.

The count of history h in stratum s is Poisson, and

    log mu_sh = a_s + sum_(i in h) (b_i + sum_f e_(f, l_f(s), i)) + sum_(pairs in h) c_ij

``exp(a_s)`` is the number unseen in the stratum. Each factor f (a covariate, or the stratum
itself) moves the chances of each list by its level, and these moves are shrunk towards zero:
``e ~ N(0, tau_f^2)``. Small groups so borrow the chances of the others, large ones keep their
own (a generalised linear mixed model: Breslow and Clayton 1993, J. Am. Statist. Assoc. 88,
equation 7; for capture tables with covariates Coull and Agresti 1999, Biometrics 55). ``tau_f``
follows from the moves and their variances (equation 17 there, without its correction of degrees
of freedom). Pairs are added as ``stepwise`` adds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import pdtr, pdtrc

from marfa.methods.estimation.intervals import Interval
from marfa.methods.estimation.newton import Floats, design
from marfa.methods.estimation.table import CaptureTable

ROUNDS, STEPS = 60, 60
SETTLED = 1e-8
LEAST_SPREAD, MOST_SPREAD = 0.01, 4.0
DRAWS = 10_000


@dataclass(frozen=True)
class Shared:
    """What the model of all strata says.

    observed, unseen: (strata,). draws: (draws, strata) of the total population of each.
    terms: pairs of lists in the model. spreads: tau of each factor.
    """

    observed: Floats
    unseen: Floats
    draws: Floats
    terms: tuple[str, ...]
    spreads: tuple[float, ...]

    def estimate(self, strata: Sequence[int] | None = None) -> float:
        """Of some of the strata together, or of all."""
        at = slice(None) if strata is None else list(strata)
        return float((self.observed + self.unseen)[at].sum())

    def interval(self, level: float, strata: Sequence[int] | None = None) -> Interval:
        """The middle share of the draws of some strata together, or of all."""
        at = slice(None) if strata is None else list(strata)
        sums = self.draws[:, at].sum(axis=1)
        low, high = np.quantile(sums, [(1 - level) / 2, (1 + level) / 2])
        return Interval("credible", level, float(low), float(high))


@dataclass(frozen=True)
class _Fit:
    beta: Floats
    covariance: Floats
    means: Floats


def shared_estimate(
    tables: Sequence[CaptureTable],
    factors: Sequence[Sequence[str]],
    p_threshold: float,
    seed: int,
) -> Shared | None:
    """Fit the model to the tables of all strata; None where it does not settle.

    factors: for each factor the level of every stratum.
    """
    n = np.array([table.n for table in tables])
    k = tables[0].k
    pairs = [t for t in design(k, 2).terms if t.bit_count() == 2]
    moves, owner = _moves(factors, k)
    chosen: list[int] = []
    while True:
        fit, spreads = _mixed(n, k, chosen, moves, owner, len(factors))
        if fit is None:
            return None
        tails = {pair: _tail(n, fit.means, pair) for pair in pairs if pair not in chosen}
        best = min(tails, key=lambda pair: tails[pair], default=None)
        if best is None or tails[best] > p_threshold:
            break
        chosen.append(best)
    strata = len(tables)
    rng = np.random.default_rng([seed, 1993])
    spread = fit.covariance[:strata, :strata]
    logs = rng.multivariate_normal(fit.beta[:strata], spread, size=DRAWS, method="eigh")
    # The number unseen itself is Poisson about its mean.
    unseen = rng.poisson(np.exp(np.minimum(logs, 25.0))).astype(np.float64)
    return Shared(
        n.sum(axis=1),
        np.exp(fit.beta[:strata]),
        n.sum(axis=1) + unseen,
        tuple(tables[0].name(pair) for pair in chosen),
        tuple(spreads),
    )


def _tail(n: Floats, means: Floats, pair: int) -> float:
    """Poisson p-value of an overlap over all strata, on its side; 1 where it is empty.

    Above or below what is expected, as in ``stepwise.poisson_tails``.
    """
    cells = np.arange(1, n.shape[1] + 1)
    both = (cells & pair) == pair
    seen, expected = n[:, both].sum(), means[:, both].sum()
    if seen <= 0:
        return 1.0
    return float(pdtrc(seen - 1, expected) if seen >= expected else pdtr(seen, expected))


def _moves(factors: Sequence[Sequence[str]], k: int) -> tuple[Floats, np.ndarray]:
    """Which move each stratum and list takes, and to which factor each move belongs.

    Returns (strata, moves / k) of 0/1 by level, and (moves,) factors; k moves a level.
    """
    columns, owner = [], []
    for number, levels in enumerate(factors):
        for level in dict.fromkeys(levels):
            columns.append([float(other == level) for other in levels])
            owner += [number] * k
    return np.array(columns).T, np.array(owner)


def _mixed(
    n: Floats, k: int, pairs: Sequence[int], moves: Floats, owner: np.ndarray, factors: int
) -> tuple[_Fit | None, list[float]]:
    """Fit and spreads by turns, until the spreads stay."""
    x = _design(len(n), k, pairs, moves)
    fixed = x.shape[1] - len(owner)
    spreads = [0.5] * factors
    start: Floats | None = None
    fit = None
    for _ in range(ROUNDS):
        penalty = np.concatenate([np.zeros(fixed), [1 / spreads[f] ** 2 for f in owner]])
        fit = _penalised(n.ravel(), x, penalty, len(n), start)
        if fit is None:
            return None, spreads
        start = fit.beta
        before = list(spreads)
        squares = fit.beta[fixed:] ** 2 + np.diag(fit.covariance)[fixed:]
        for f in range(factors):
            spread = float(np.sqrt(squares[owner == f].mean()))
            spreads[f] = min(max(spread, LEAST_SPREAD), MOST_SPREAD)
        if np.allclose(before, spreads, rtol=0.01):
            break
    return fit and _Fit(fit.beta, fit.covariance, fit.means.reshape(n.shape)), spreads


def _design(strata: int, k: int, pairs: Sequence[int], moves: Floats) -> Floats:
    """Rows: strata by histories. Columns: strata, lists, pairs, moves."""
    cells = np.arange(1, 2**k)
    lists = (cells[:, None] >> np.arange(k) & 1).astype(np.float64)
    both = np.array([(cells & pair) == pair for pair in pairs], dtype=np.float64)
    both = both.reshape(len(pairs), len(cells)).T
    return np.hstack(
        [
            np.kron(np.eye(strata), np.ones((len(cells), 1))),
            np.tile(np.hstack([lists, both]), (strata, 1)),
            np.kron(moves, lists),
        ]
    )


def _penalised(
    y: Floats, x: Floats, penalty: Floats, strata: int, start: Floats | None
) -> _Fit | None:
    """Newton's method with step halving on the penalised likelihood; None if it does not end."""
    beta = np.zeros(x.shape[1])
    if start is None:
        sums = y.reshape(strata, -1).mean(axis=1)
        beta[:strata] = np.log(sums + 0.5)
    else:
        beta = start.copy()

    def value(b: Floats) -> float:
        eta = np.clip(x @ b, -50, 50)
        return float(y @ eta - np.exp(eta).sum() - (penalty * b**2).sum() / 2)

    here = value(beta)
    for _ in range(STEPS):
        means = np.exp(np.clip(x @ beta, -50, 50))
        score = x.T @ (y - means) - penalty * beta
        information = x.T @ (means[:, None] * x) + np.diag(penalty)
        # Strata and lists share one direction each that only the penalty on moves settles.
        covariance = np.asarray(np.linalg.pinv(information, hermitian=True), dtype=np.float64)
        step = covariance @ score
        if float(np.abs(score @ step)) < SETTLED:
            return _Fit(beta, covariance, means)
        size = 1.0
        while size > 1e-6 and value(beta + size * step) < here - 1e-10:
            size /= 2
        beta = beta + size * step
        here = value(beta)
    return None

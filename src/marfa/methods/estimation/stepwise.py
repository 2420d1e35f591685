"""Forward selection of pairwise interactions by their Poisson p-value.

Chan, Silverman and Vincent (2021), section 3: from the main effects on, the pair of lists
whose overlap is least likely under the current model is added, while its one-sided Poisson
tail stays at or below a threshold and the larger model has an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr, pdtrc

from marfa.methods.estimation.existence import valid
from marfa.methods.estimation.hierarchies import Bools
from marfa.methods.estimation.newton import Design, Fits, Floats, design, fit_models

P_THRESHOLD = 0.02
"""The threshold of least error over 28 scenarios of Chan, Silverman and Vincent (2021)."""


@dataclass
class _State:
    """Where each table has got to."""

    models: Bools
    beta: Floats
    unseen: Floats
    loglik: Floats

    def take(self, rows: NDArray[np.int64], models: Bools, fits: Fits, chosen: Bools) -> None:
        self.models[rows] = models
        self.beta[rows] = fits.beta[chosen]
        self.unseen[rows] = fits.unseen[chosen]
        self.loglik[rows] = fits.loglik[chosen]


@dataclass(frozen=True)
class Stepwise:
    """What was selected for each table.

    unseen: (tables,), infinite where even independence has no estimate.
    models: (tables, pairs). loglik: (tables,). tried: rounds of fitting.
    """

    unseen: Floats
    models: Bools
    loglik: Floats
    tried: int


def stepwise(tables: Floats, k: int, p_threshold: float = P_THRESHOLD) -> Stepwise:
    """Select a model for every table at once.

    tables: (tables, cells).
    """
    plan = design(k, 2)
    models = np.zeros((len(tables), len(plan.terms) - plan.fixed), dtype=bool)
    fits = fit_models(tables, models, plan)
    sound = valid(tables, models, fits, plan)
    state = _State(models, fits.beta.copy(), np.where(sound, fits.unseen, np.inf), fits.loglik)
    barred = np.zeros_like(models)
    going = np.flatnonzero(sound)
    tried = 1
    while len(going):
        tail = np.where(
            state.models[going] | barred[going],
            np.inf,
            poisson_tails(tables[going], state.beta[going], plan),
        )
        best = tail.argmin(axis=1) if tail.shape[1] else np.zeros(len(going), dtype=int)
        keep = tail.min(axis=1, initial=np.inf) <= p_threshold
        going, best = going[keep], best[keep]
        if not len(going):
            break
        tried += 1
        accepted = _try(going, best, tables, state, plan)
        barred[going[~accepted], best[~accepted]] = True
        barred[going[accepted]] = False
    return Stepwise(state.unseen, state.models, state.loglik, tried)


def poisson_tails(tables: Floats, beta: Floats, plan: Design) -> Floats:
    """One-sided p-value of every pairwise overlap, shape (tables, pairs).

    Under the current model the number of people on both lists is Poisson, with the mean
    that the model gives to those cells.
    """
    pairs = plan.x[:, plan.fixed :]
    expected = _fitted(beta, plan) @ pairs
    seen = tables @ pairs
    return np.asarray(np.minimum(pdtr(seen, expected), _upper(seen, expected)))


def _upper(seen: Floats, expected: Floats) -> Floats:
    return np.where(seen > 0, pdtrc(np.maximum(seen - 1, 0), expected), 1.0)


def _fitted(beta: Floats, plan: Design) -> Floats:
    """Cell means, 0 where a term at minus infinity is part of the cell."""
    gone = (np.isneginf(beta).astype(np.float64) @ plan.x.T) > 0
    eta = np.where(np.isneginf(beta), 0.0, beta) @ plan.x.T
    return np.where(gone, 0.0, np.exp(np.minimum(eta, 700.0)))


def _try(
    rows: NDArray[np.int64], best: NDArray[np.int64], tables: Floats, state: _State, plan: Design
) -> Bools:
    """Add the best pair to each model; keep it where an estimate exists."""
    models = state.models[rows].copy()
    models[np.arange(len(rows)), best] = True
    fits = fit_models(tables[rows], models, plan, state.beta[rows])
    sound = valid(tables[rows], models, fits, plan)
    state.take(rows[sound], models[sound], fits, sound)
    return sound

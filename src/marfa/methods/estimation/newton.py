"""Maximum likelihood of many log-linear Poisson models at once.

For a capture history w the count is Poisson with mean ``mu_w``, and ``log mu_w`` is the sum
of ``alpha_t`` over the model's terms t contained in w (Fienberg 1972; Cormack 1989). An
interaction whose lists were never seen together has its estimate at minus infinity: its
cells have mean 0 and leave the fit (Chan, Silverman and Vincent 2021, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from marfa.methods.estimation.hierarchies import Bools, interactions

Floats = NDArray[np.float64]

BATCH = 1_000_000
"""Numbers in the matrices of one batch of models: bounds the memory to tens of megabytes."""

SCORE_TOLERANCE = 1e-9
LAST_STEP = 1e-6
SHORT_STEP = 1e-3
QUICK_STEP = 1e-4
ESCAPED_MEAN = 1e-11
MAX_ITERATIONS = 40
PATIENT_ITERATIONS = 400

MANY = 50
"""From so many models of one table on, it pays to fit the largest first and begin around it."""

MOST_EXTREME = 30.0
"""Logarithm of a mean beyond which none is begun around."""


@dataclass(frozen=True)
class Design:
    """The design of k lists with candidate interactions, shared by all models.

    terms: the constant (0), the lists (single bits), then the interactions.
    x: (cells, terms) of 0/1.
    products: (cells, distinct), the distinct products of two columns: the product of two
        indicators is that of the union of their lists. at: (terms^2,), which of them belongs
        to each pair of columns.
    """

    k: int
    terms: tuple[int, ...]
    x: Floats
    products: Floats
    at: NDArray[np.intp]

    @classmethod
    def of(cls, k: int, terms: tuple[int, ...], x: Floats) -> Design:
        """A design from its columns. A term below zero names a column that is no indicator."""
        known: dict[tuple[int, int], int] = {}
        columns: list[Floats] = []
        at = np.zeros((len(terms), len(terms)), dtype=np.intp)
        for i, one in enumerate(terms):
            for j, other in enumerate(terms):
                special = int(one < 0) + int(other < 0)
                key = (max(one, 0) | max(other, 0), special)
                if key not in known:
                    known[key] = len(columns)
                    columns.append(x[:, i] * x[:, j])
                at[i, j] = known[key]
        return cls(k, terms, x, np.column_stack(columns), at.ravel())

    @property
    def fixed(self) -> int:
        """Terms that every model has: the constant and the main effects."""
        return self.k + 1


@lru_cache(maxsize=32)
def design(k: int, max_order: int) -> Design:
    """The design for interactions of up to max_order lists."""
    terms = (0, *(1 << i for i in range(k)), *interactions(k, max_order))
    cells = np.arange(1, 2**k)[:, None]
    x = ((cells & np.array(terms)) == np.array(terms)).astype(np.float64)
    return Design.of(k, terms, x)


@dataclass(frozen=True)
class Fits:
    """One row a model.

    beta: (models, terms), log scale; minus infinity where the overlap is empty, 0 where the
        model lacks the term.
    unseen: fitted number of people on no list.
    loglik: Poisson log-likelihood with its constants.
    parameters: number of terms, those at minus infinity included.
    identifiable: the data can tell the parameters apart.
    certain: converged well inside the parameter space, so that the estimate exists.
    """

    beta: Floats
    unseen: Floats
    loglik: Floats
    parameters: NDArray[np.int64]
    identifiable: Bools
    certain: Bools

    def criterion(self, observed: float | Floats, kind: str = "bic") -> Floats:
        """BIC (penalty log of the number of people, Schwarz 1978) or AIC (Akaike 1974)."""
        penalty = np.log(observed) if kind == "bic" else 2.0
        return np.asarray(-2.0 * self.loglik + penalty * self.parameters)


def empty_overlaps(n: Floats, plan: Design) -> Bools:
    """Terms whose lists were never seen together. n: (..., cells); result (..., terms)."""
    return np.asarray((n @ plan.x) <= 0)


def fit_models(
    n: Floats,
    models: Bools,
    plan: Design,
    start: Floats | None = None,
    *,
    patient: bool = False,
    quick: bool = False,
) -> Fits:
    """Fit every row of ``models``.

    n: (cells,) for one table, or (models, cells) for a table each.
    models: (models, interactions) in the order of ``plan.terms``.
    start: (terms,) or (models, terms), starting values.
    patient: go on where a mean falls so low that an estimate hardly exists.
    quick: end with a step below QUICK_STEP, for drawn tables: what is left is its square.
    """
    tables = np.broadcast_to(n, (len(models), n.shape[-1]))
    starts = None if start is None else np.broadcast_to(start, (len(models), len(plan.terms)))
    width = max(1, BATCH // max(len(plan.terms) ** 2, plan.products.shape[0]))
    many = start is None and n.ndim == 1 and len(models) >= MANY
    around = _largest(n, models, plan) if many else None
    pieces = [
        _fit(
            tables[i : i + width],
            models[i : i + width],
            plan,
            None if starts is None else starts[i : i + width],
            around,
            patient,
            quick,
        )
        for i in range(0, len(models), width)
    ]
    if len(pieces) == 1:
        return pieces[0]
    names = ("beta", "unseen", "loglik", "parameters", "identifiable", "certain")
    return Fits(*(np.concatenate([getattr(piece, name) for piece in pieces]) for name in names))


def _largest(n: Floats, models: Bools, plan: Design) -> Floats | None:
    """Fitted means of all interactions together, (1, cells), for the others to begin around."""
    fits = fit_models(n, np.asarray(models.any(axis=0))[None, :], plan)
    if not fits.certain[0]:
        return None
    beta = np.where(np.isfinite(fits.beta), fits.beta, 0.0)
    return np.asarray(np.exp(np.clip(beta @ plan.x.T, -MOST_EXTREME, MOST_EXTREME)))


def identifiable(active: Bools, cells: Bools) -> Bools:
    """Whether the columns of each model are linearly independent on its cells.

    The cells left after empty overlaps are removed form, with the unseen cell, a family
    closed under taking subsets, and the active terms belong to it. If a combination of
    columns vanishes on every seen cell, Moebius inversion gives each coefficient the same
    absolute value over the whole family; so the columns are dependent only if every member
    of the family is a term, that is, if there is one more term than there are cells.
    """
    return np.asarray(active.sum(axis=-1) <= cells.sum(axis=-1))


def _fit(
    n: Floats,
    models: Bools,
    plan: Design,
    start: Floats | None,
    around: Floats | None,
    patient: bool,
    quick: bool,
) -> Fits:
    total, size = len(models), len(plan.terms)
    present = np.ones((total, size), dtype=bool)
    present[:, plan.fixed :] = models
    empty = empty_overlaps(n, plan) & present
    active = present & ~empty
    cells = (empty.astype(np.float64) @ plan.x.T) == 0
    known = identifiable(active, cells) & active.any(axis=1)  # a table of nobody says nothing
    if start is None:
        start = np.zeros(active.shape)
        start[known] = _least_squares(n[known], active[known], cells[known], plan, around)
    beta, means, certain = _newton(n, active, cells, plan, known, start, patient, quick)
    loglik = (xlogy(n, means) - means - gammaln(n + 1)).sum(axis=1)
    beta = np.where(empty, -np.inf, beta)
    return Fits(beta, np.exp(beta[:, 0]), loglik, present.sum(axis=1), known, certain)


def _least_squares(
    n: Floats, active: Bools, cells: Bools, plan: Design, around: Floats | None
) -> Floats:
    """Where to begin: weighted least squares around the counts, or around given means."""
    if around is None:
        weights, level = n + 0.5, np.log(n + 0.5)
    else:
        weights, level = around, np.log(around) + (n[:1] - around) / around
    weights = np.where(cells, weights, 0.0)
    return _solve(weights, (weights * level) @ plan.x, active.astype(np.float64), plan)


def _newton(
    n: Floats,
    active: Bools,
    cells: Bools,
    plan: Design,
    run: Bools,
    start: Floats,
    patient: bool,
    quick: bool,
) -> tuple[Floats, Floats, Bools]:
    """Newton's method with step halving on all models that are still moving."""
    total = len(active)
    certain = np.zeros(total, dtype=bool)
    on = active.astype(np.float64)
    beta = np.where(active & np.isfinite(start), start, 0.0)
    means = _means(beta, cells, plan)
    value = _kernel(n, beta, means, plan)
    going = np.flatnonzero(run)
    latest = np.full(total, np.inf)
    for iteration in range(PATIENT_ITERATIONS if patient else MAX_ITERATIONS):
        score = ((n[going] - means[going]) @ plan.x) * on[going]
        flat = np.abs(score).max(axis=1) < SCORE_TOLERANCE + 1e-13 * n[going].sum(axis=1)
        # After a step this short the next is its square: there is no need to solve for it.
        done = flat & (latest[going] < SHORT_STEP)
        certain[going[done]] = True
        going, score, flat = going[~done], score[~done], flat[~done]
        if not len(going):
            break
        step = _solve(means[going], score, on[going], plan)
        # Where no estimate exists the score falls all the same, but each step stays near
        # one along the direction in which the parameters escape.
        longest = np.abs(step).max(axis=1)
        latest[going] = longest
        settled = flat & (longest < LAST_STEP)
        if quick:
            # The step is taken all the same: what is left after it is its square.
            settled = longest < QUICK_STEP
            last = going[settled]
            if len(last):
                _advance(last, step[settled], n, beta, means, value, cells, plan)
        certain[going[settled]] = True
        keep = ~settled
        if iteration >= 8 and not patient:
            lowest = np.where(cells[going], means[going], np.inf).min(axis=1)
            keep &= ~((lowest < ESCAPED_MEAN) & (longest > 0.2))
        going, step = going[keep], step[keep]
        if not len(going):
            break
        _advance(going, step, n, beta, means, value, cells, plan)
    return beta, means, certain


def _advance(
    rows: NDArray[np.int64],
    step: Floats,
    n: Floats,
    beta: Floats,
    means: Floats,
    value: Floats,
    cells: Bools,
    plan: Design,
) -> None:
    """Take the step, halved where it would lower the likelihood. Writes into the arrays."""
    step = np.clip(step, -8.0, 8.0)
    left = np.arange(len(rows))
    for _ in range(12):
        at = rows[left]
        trial = beta[at] + step[left]
        trial_means = _means(trial, cells[at], plan)
        trial_value = _kernel(n[at], trial, trial_means, plan)
        better = trial_value >= value[at] - 1e-10 * (1 + np.abs(value[at]))
        taken = at[better]
        beta[taken], means[taken], value[taken] = (
            trial[better],
            trial_means[better],
            trial_value[better],
        )
        left = left[~better]
        if not len(left):
            return
        step[left] *= 0.5


def _means(beta: Floats, cells: Bools, plan: Design) -> Floats:
    return np.where(cells, np.exp(np.clip(beta @ plan.x.T, -700.0, 700.0)), 0.0)


def _kernel(n: Floats, beta: Floats, means: Floats, plan: Design) -> Floats:
    """The log-likelihood without its constants."""
    return np.asarray(((n @ plan.x) * beta).sum(axis=1) - means.sum(axis=1))


def _solve(weights: Floats, right: Floats, on: Floats, plan: Design) -> Floats:
    """Weighted normal equations of each model, restricted to its active terms."""
    size = on.shape[1]
    matrix = np.take(weights @ plan.products, plan.at, axis=1).reshape(-1, size, size)
    matrix *= on[:, :, None]
    matrix *= on[:, None, :]
    diagonal = np.arange(size)
    # A ridge of relative size 1e-14 lets a model without an estimate fail by diverging.
    own = matrix[:, diagonal, diagonal]
    matrix[:, diagonal, diagonal] = own * (1 + 1e-14) + (1.0 - on) + 1e-300
    try:
        return np.asarray(np.linalg.solve(matrix, (right * on)[:, :, None]))[:, :, 0] * on
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(matrix) @ (right * on)[:, :, None])[:, :, 0] * on

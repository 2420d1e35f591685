"""The best model by BIC or AIC, and the average over models.

All hierarchical models are fitted where there are few enough (Silverman, Chan and Vincent
2024, section 2); beyond that the models are searched by steps to the best neighbour from
several starts, because a single start stops at a local minimum on known tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marfa.methods.estimation.existence import Verdict, valid, verdict
from marfa.methods.estimation.hierarchies import Bools, all_models, neighbours
from marfa.methods.estimation.newton import Design, Fits, Floats, design, fit_models
from marfa.methods.estimation.stepwise import stepwise

STARTS = 8
"""Random starts of the search, besides independence and the stepwise model."""


@dataclass(frozen=True)
class ModelSet:
    """Fitted models of one table, best first; only those that have an estimate.

    models: (models, interactions); criterion and unseen: (models,); beta: (models, terms).
    considered: models looked at; exhaustive: these were all there are.
    """

    plan: Design
    observed: float
    models: Bools
    criterion: Floats
    unseen: Floats
    beta: Floats
    considered: int
    exhaustive: bool

    @property
    def estimates(self) -> Floats:
        """Total population of each model."""
        return np.asarray(self.observed + self.unseen)

    @property
    def weights(self) -> Floats:
        """Share of each model, in proportion to exp(-BIC/2) (Kass and Raftery 1995)."""
        return bic_weights(self.criterion)

    def interactions(self, i: int) -> tuple[int, ...]:
        """The interactions of the i-th best model as bit masks."""
        terms = self.plan.terms[self.plan.fixed :]
        return tuple(term for term, has in zip(terms, self.models[i], strict=True) if has)


def bic_weights(criterion: Floats) -> Floats:
    """exp(-BIC/2), scaled to add up to one along the last axis."""
    best = np.min(criterion, axis=-1, keepdims=True)
    raw = np.exp(-0.5 * (criterion - np.where(np.isfinite(best), best, 0.0)))
    total = raw.sum(axis=-1, keepdims=True)
    return np.asarray(raw / np.where(total > 0, total, 1.0))


def fit_all(n: Floats, k: int, order: int, kind: str = "bic") -> ModelSet:
    """Every hierarchical model with interactions of up to ``order`` lists, or the best found.

    n: (cells,). An empty result says that no model has an estimate.
    """
    models = all_models(k, order)
    plan = design(k, order)
    if models is None:
        return _searched(n, plan, kind)
    fits = fit_models(n, models, plan)
    return _ranked(n, models, fits, plan, kind, exhaustive=True)


def _ranked(
    n: Floats, models: Bools, fits: Fits, plan: Design, kind: str, *, exhaustive: bool
) -> ModelSet:
    sound = np.flatnonzero(valid(n, models, fits, plan))
    observed = float(n.sum())
    criterion = fits.criterion(observed, kind)
    rank = sound[np.argsort(criterion[sound], kind="stable")]
    return ModelSet(
        plan,
        observed,
        models[rank],
        criterion[rank],
        fits.unseen[rank],
        fits.beta[rank],
        len(models),
        exhaustive,
    )


def _searched(n: Floats, plan: Design, kind: str) -> ModelSet:
    """Steepest descent from several starts; every model met is fitted once."""
    known: dict[bytes, float] = {}
    met: list[Bools] = []
    for start in _starts(n, plan):
        here, value = start, np.inf
        while True:
            around = np.vstack([here, neighbours(here, plan.terms[plan.fixed :])])
            new = np.array([row for row in around if row.tobytes() not in known], dtype=bool)
            if len(new):
                fits = fit_models(n, new, plan)
                scores = fits.criterion(float(n.sum()), kind)
                scores = np.where(fits.identifiable, scores, np.inf)
                met.append(new)
                known.update(zip((row.tobytes() for row in new), scores.tolist(), strict=True))
            best = _best_valid(n, around, known, plan)
            if best is None or known[best.tobytes()] >= value - 1e-9:
                break
            here, value = best, known[best.tobytes()]
    models = np.vstack(met)
    return _ranked(n, models, fit_models(n, models, plan), plan, kind, exhaustive=False)


def _best_valid(n: Floats, rows: Bools, known: dict[bytes, float], plan: Design) -> Bools | None:
    for row in sorted(rows, key=lambda row: known[row.tobytes()]):
        if np.isfinite(known[row.tobytes()]) and verdict(n, row, plan) == Verdict.VALID:
            return np.asarray(row)
    return None


def _starts(n: Floats, plan: Design) -> list[Bools]:
    pairs = [j for j, term in enumerate(plan.terms[plan.fixed :]) if term.bit_count() == 2]
    none = np.zeros(len(plan.terms) - plan.fixed, dtype=bool)
    chosen = none.copy()
    chosen[pairs] = stepwise(n[None, :], plan.k).models[0]
    # A fixed stream: the same table always gives the same search.
    rng = np.random.default_rng(plan.k)
    starts = [none, chosen]
    for _ in range(STARTS):
        start = none.copy()
        start[pairs] = rng.random(len(pairs)) < 0.35
        starts.append(start)
    return starts

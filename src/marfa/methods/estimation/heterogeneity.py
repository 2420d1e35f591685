"""If people differ in their chance of being listed, more of them are unseen.

Log-linear models of single lists and pairs take everybody to be alike. Heterogeneity adds a
column that depends only on the number of lists that a person is on: half its square (Darroch
1981, normal on the log-odds scale) or minus log(3.5 + number), of a gamma distribution
(Rivest and Baillargeon 2007, "Applications and extensions of Chao's moment estimator",
Biometrics 63, section 3). Its coefficient cannot be below zero. The number unseen is only
bounded from below by such data, so these estimates widen the headline; they never stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from marfa.methods.estimation.chords import Chords
from marfa.methods.estimation.hierarchies import Bools
from marfa.methods.estimation.newton import Design, Fits, Floats, design, empty_overlaps, fit_models
from marfa.methods.estimation.search import ModelSet
from marfa.methods.estimation.table import membership

FAMILIES = ("darroch", "gamma")
GAMMA = 3.5
CANDIDATES = 10


@dataclass(frozen=True)
class Heterogeneous:
    """The best model of each family that lets people differ. All shapes (tables, families).

    unseen: infinite where no model has an estimate. criterion: BIC. strength: coefficient of
    the added column, 0 where the data show no such differences.
    """

    unseen: Floats
    criterion: Floats
    strength: Floats


def candidates(models: ModelSet) -> Bools:
    """Pairwise structures to which heterogeneity is added: none, and those of the best models.

    Returns (structures, pairs).
    """
    terms = models.plan.terms[models.plan.fixed :]
    pairs = np.array([term.bit_count() == 2 for term in terms], dtype=bool)
    best = models.models[:CANDIDATES][:, pairs]
    none = np.zeros((1, int(pairs.sum())), dtype=bool)
    return np.unique(np.vstack([none, best]), axis=0)


def heterogeneous(tables: Floats, k: int, structures: Bools) -> Heterogeneous:
    """Fit every structure with and without differences between people.

    tables: (tables, cells); structures: (structures, pairs).
    """
    many = len(structures)
    repeated = np.repeat(tables, many, axis=0)
    wanted = np.tile(structures, (len(tables), 1))
    # Drawn tables lie about their mean, and so do their fits.
    middle = np.repeat(tables.mean(axis=0)[None, :], many, axis=0)
    alike = _from_middle(repeated, wanted, design(k, 2), middle, structures)
    known = _separable(repeated, wanted, k)
    observed = repeated.sum(axis=1)
    columns = [
        _best(
            alike,
            _from_middle(
                repeated, _column_too(wanted), _plan(k, family), middle, _column_too(structures)
            ),
            known,
            observed,
            many,
            k,
        )
        for family in FAMILIES
    ]
    return Heterogeneous(*(np.stack(parts, axis=1) for parts in zip(*columns, strict=True)))


@dataclass(frozen=True)
class Curvature:
    """Darroch's column with its sign free, one row a structure that allows it.

    curvature, error: coefficient and standard error; minus infinity and 0 where too few are on
    three lists to know it. criterion: BIC.
    """

    curvature: Floats
    error: Floats
    criterion: Floats


def signed_curvature(n: Floats, k: int, structures: Bools) -> Curvature:
    """How the numbers on one, two, three lists bend, with each pairwise structure.

    n: (cells,); structures: (structures, pairs). Below zero fewer people are on three lists than
    those on one and on two would let expect.
    """
    tables = np.repeat(n[None, :], len(structures), axis=0)
    fits = _with_column(tables, structures, k, "darroch")
    known = _separable(tables, structures, k) & fits.identifiable
    settled = known & fits.certain
    plan = _plan(k, "darroch")
    curvature = np.full(len(structures), -np.inf)
    error = np.zeros(len(structures))
    for i in np.flatnonzero(settled):
        present = np.concatenate([np.ones(k + 2, dtype=bool), structures[i]])
        present &= np.isfinite(fits.beta[i])
        x = plan.x[:, present]
        gone = np.isneginf(fits.beta[i]).astype(np.float64) @ plan.x.T > 0
        beta = np.where(np.isfinite(fits.beta[i]), fits.beta[i], 0.0)
        means = np.where(gone, 0.0, np.exp(beta @ plan.x.T))
        at = int(present[: k + 1].sum())
        spread = np.linalg.pinv(x.T @ (means[:, None] * x))
        curvature[i], error[i] = fits.beta[i, k + 1], np.sqrt(max(spread[at, at], 0.0))
    criterion = np.where(known, fits.criterion(float(n.sum())), np.inf)
    return Curvature(curvature, error, criterion)


@lru_cache(maxsize=32)
def _plan(k: int, family: str) -> Design:
    """The pairwise design with the column of a family before the pairs."""
    plan = design(k, 2)
    lists = membership(k).sum(axis=1)
    shape = lists * (lists - 1) / 2 if family == "darroch" else _gamma(lists)
    x = np.hstack([plan.x[:, : plan.fixed], shape[:, None], plan.x[:, plan.fixed :]])
    terms = (*plan.terms[: plan.fixed], -1, *plan.terms[plan.fixed :])
    return Design.of(k, terms, x)


def _gamma(lists: Floats) -> Floats:
    """Zero for nobody and for one list; the linear part belongs to the main effects."""
    slope = np.log((GAMMA + 1) / GAMMA)
    return np.asarray(10 * (np.log(GAMMA) - np.log(GAMMA + lists) + slope * lists))


def _with_column(tables: Floats, structures: Bools, k: int, family: str) -> Fits:
    return fit_models(tables, _column_too(structures), _plan(k, family))


def _column_too(structures: Bools) -> Bools:
    return np.hstack([np.ones((len(structures), 1), dtype=bool), structures])


def _from_middle(
    tables: Floats, models: Bools, plan: Design, middle: Floats, structures: Bools
) -> Fits:
    """Fit from where the mean table leads; a start that is not finite counts as 0."""
    if len(tables) <= len(structures):
        return fit_models(tables, models, plan)
    first = fit_models(middle, structures, plan)
    start = np.zeros((len(tables), len(plan.terms)))
    start[:, 0] = np.log(tables.sum(axis=1).mean() / tables.shape[1] + 0.5)
    sound = np.flatnonzero(first.certain)
    if len(sound):
        chords = Chords.of(plan, structures[sound], first.beta[sound])
        many = len(tables) // len(structures)
        at_table = np.repeat(np.arange(many), len(sound))
        rows = at_table * len(structures) + np.tile(sound, many)
        start[rows] = chords.starts(
            tables[:: len(structures)], at_table, np.tile(np.arange(len(sound)), many)
        )
    return fit_models(tables, models, plan, start, quick=True)


def _separable(tables: Floats, structures: Bools, k: int) -> Bools:
    """Whether the added column can be told from the pairs.

    Darroch's column is the sum of all pairs. With every pair in the model the columns must
    still be independent, and one pair at least must be absent from the structure.
    """
    plan = design(k, 2)
    empty = empty_overlaps(tables, plan)[:, plan.fixed :] & structures
    cells = ((empty.astype(np.float64) @ plan.x[:, plan.fixed :].T) == 0).sum(axis=1)
    most = plan.fixed + structures.shape[1] - empty.sum(axis=1)
    return np.asarray((most <= cells) & ~structures.all(axis=1))


def _best(
    alike: Fits, differing: Fits, known: Bools, observed: Floats, many: int, k: int
) -> tuple[Floats, Floats, Floats]:
    """Of each table's structures the best by BIC; the coefficient held at zero or above."""
    strength = differing.beta[:, k + 1]
    takes = differing.certain & known & (strength > 0)
    loglik = np.where(takes, differing.loglik, alike.loglik)
    sound = takes | (alike.certain & alike.identifiable)
    criterion = -2 * loglik + np.log(observed) * (alike.parameters + 1)
    criterion = np.where(sound, criterion, np.inf).reshape(-1, many)
    at = criterion.argmin(axis=1)
    rows = np.arange(len(criterion))
    unseen = np.where(takes, differing.unseen, alike.unseen).reshape(-1, many)[rows, at]
    found = criterion[rows, at]
    shown = np.where(takes, strength, 0.0).reshape(-1, many)[rows, at]
    return np.where(np.isfinite(found), unseen, np.inf), found, shown

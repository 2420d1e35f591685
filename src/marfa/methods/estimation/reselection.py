"""The choice among models repeated for many tables that were drawn from one.

A drawn table lies near the one observed, so that the likelihood of each model can be told from
a Newton step at the observed table: ``l(n') + s' H^-1 s / 2`` with the score ``s`` of the drawn
table and the information ``H`` of the observed. Models that this leaves far behind are not
fitted; all others are, from where that step leads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from marfa.methods.estimation.chords import Chords
from marfa.methods.estimation.existence import settle_fit
from marfa.methods.estimation.hierarchies import Bools
from marfa.methods.estimation.newton import Fits, Floats, fit_models
from marfa.methods.estimation.search import ModelSet, bic_weights

RELEVANT = 10.0
"""Models whose BIC is worse by more have less than 1/148 of the weight of the best."""

MARGIN = 3.0
"""The quadratic approximation may err by this much."""


@dataclass(frozen=True)
class Reselected:
    """Unseen of each table by the best model and by the average, shape (tables,)."""

    best: Floats
    average: Floats


def reselect_models(tables: Floats, among: ModelSet) -> Reselected:
    """Choose again among the models of a set, for every table.

    tables: (tables, cells), drawn from the table of the set. Infinite where no model has an
    estimate.
    """
    chords = Chords.of(among.plan, among.models, among.beta)
    scores = _foreseen(tables, among, chords)
    near = scores <= scores.min(axis=1, keepdims=True) + RELEVANT + MARGIN
    at_table, at_model = np.nonzero(near)
    repeated, models = tables[at_table], among.models[at_model]
    start = chords.starts(tables, at_table, at_model)
    fits = fit_models(repeated, models, among.plan, start, quick=True)
    best = np.full(len(tables), np.inf)
    average = np.full(len(tables), np.inf)
    bounds = np.searchsorted(at_table, np.arange(len(tables) + 1))
    for i, n in enumerate(tables):
        part = slice(bounds[i], bounds[i + 1])
        best[i], average[i] = _choose(n, models[part], _part(fits, part), among)
    return Reselected(best, average)


def _foreseen(tables: Floats, among: ModelSet, chords: Chords) -> Floats:
    """BIC of each model on each table by the quadratic approximation, shape (tables, models)."""
    plan = among.plan
    margins = tables @ plan.x
    score = margins[None, :, :] - (chords.means @ plan.x)[:, None, :]
    score *= chords.active[:, None, :]
    gain = (np.matmul(score, chords.inverse) * score).sum(axis=2).T / 2
    level = margins @ chords.beta.T - chords.means.sum(axis=1)
    level -= gammaln(tables + 1).sum(axis=1)[:, None]
    parameters = plan.fixed + among.models.sum(axis=1)
    return np.asarray(-2 * (level + gain) + np.log(tables.sum(axis=1))[:, None] * parameters)


def _part(fits: Fits, part: slice) -> Fits:
    names = ("beta", "unseen", "loglik", "parameters", "identifiable", "certain")
    return Fits(*(getattr(fits, name)[part] for name in names))


def _choose(n: Floats, models: Bools, fits: Fits, among: ModelSet) -> tuple[float, float]:
    scores = np.where(fits.identifiable, fits.criterion(float(n.sum())), np.inf)
    sound = fits.certain & fits.identifiable
    # The programme is solved for models that would matter alone.
    while True:
        floor = scores.min(initial=np.inf)
        doubtful = np.flatnonzero(~sound & (scores <= floor + RELEVANT))
        if not np.isfinite(floor) or not len(doubtful):
            break
        for j in doubtful:
            sound[j] = settle_fit(n, models, fits, among.plan, int(j))
            scores[j] = fits.criterion(float(n.sum()))[j] if sound[j] else np.inf
    scores = np.where(sound, scores, np.inf)
    usable = np.isfinite(scores)
    if not usable.any():
        return np.inf, np.inf
    weights = bic_weights(scores[usable])
    return float(fits.unseen[scores.argmin()]), float(weights @ fits.unseen[usable])

"""From noisy counts to figures with error bars: what other counts let one expect is taken in.

The mixture is fitted without a third of the counts, three times; so each count has an expectation
that its own noise did not touch. Count and expectation are put together by how far the two are
apart on the whole (empirical Bayes: Efron and Morris, Journal of the American Statistical
Association 68 (1973)), which is what the figure says; whether it is shown depends on it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from marfa.methods.disclosure.private.intervals import Shown, find_intervals
from marfa.methods.disclosure.private.mixture import Measured, fit_mixture
from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints

FOLDS = 3
CERTAIN = 1.65
"""Standard deviations by which a figure must be above 0 to be shown: fewer than one in twenty of
those that are nobody's would be, by a Gaussian."""
SURELY_WRONG = 4.0
"""The expectation is at least as uncertain as one of counts of so many persons at once."""


@dataclass(frozen=True)
class Figures:
    """Figures of combinations of one length. items: (cells, length), all that were counted.

    shown: (cells,) which are released. counts, low, high: (cells,) persons, whole; of what is not
    shown they mean nothing. scales: (cells,) of the noise. doubts: (cells,) standard deviation of
    the figure by what is known of it.
    """

    items: Ints
    shown: Bools
    counts: Ints
    low: Ints
    high: Ints
    scales: Floats
    doubts: Floats


def estimate_figures(
    measured: Sequence[Measured], offsets: Ints, number: float, *, seed: int
) -> list[Figures]:
    """Figures of each length, the shortest first; longer ones are shown where their parts are."""
    expected = _expectations(measured, offsets, number, seed)
    found: list[Figures] = []
    for each, ahead in zip(measured, expected, strict=True):
        found.append(_figures(each, ahead, number, found[-1] if found else None))
    return found


def _expectations(
    measured: Sequence[Measured], offsets: Ints, number: float, seed: int
) -> list[Floats]:
    """For each count what the others let one expect."""
    draw = np.random.default_rng(seed)
    folds = [draw.permutation(len(each.counts)) % FOLDS for each in measured]
    expected = [np.zeros(len(each.counts)) for each in measured]
    for fold in range(FOLDS):
        others = [each.subset(of != fold) for each, of in zip(measured, folds, strict=True)]
        model = fit_mixture(others, offsets, number, seed=seed + fold)
        for each, of, ahead in zip(measured, folds, expected, strict=True):
            ahead[of == fold] = model.expect(each.items[of == fold], number)
    return expected


def _figures(measured: Measured, expected: Floats, number: float, parts: Figures | None) -> Figures:
    doubts = _doubts(measured, expected)
    scales = measured.scales
    trust = doubts**2 / (doubts**2 + scales**2)
    figure = trust * measured.counts + (1 - trust) * expected
    spread = np.sqrt(trust) * scales
    shown = figure > CERTAIN * spread
    most = np.full(len(figure), number)
    if parts is not None:
        there, most = _of_parts(measured.items, parts)
        shown &= there
    low, high = (np.zeros(len(figure)) for _ in range(2))
    thresholds = (CERTAIN * spread - (1 - trust) * expected) / trust
    low[shown], high[shown] = find_intervals(
        Shown(*(a[shown] for a in (measured.counts, scales, thresholds, expected, doubts)))
    )
    # Whole numbers within the interval; a hair for those that rounding put just outside.
    low, high = np.ceil(low - 1e-6), np.floor(high + 1e-6)
    counts = np.clip(np.minimum(np.rint(figure), most), np.maximum(low, 1), np.maximum(high, 1))
    count, least, most_of_all = (
        each.astype(np.int64) for each in (counts, low, np.maximum(high, counts))
    )
    return Figures(measured.items, shown, count, least, most_of_all, scales, spread)


def _doubts(measured: Measured, expected: Floats) -> Floats:
    """(cells,) how far expectations are from the truth on the whole, as a standard deviation.

    The square is a sum of a constant, a part that grows with the expectation and one with its
    square, none of them negative, fitted to (count - expectation)^2 - noise^2.
    """
    ahead = np.maximum(expected, 0.0)
    features = np.stack([np.ones_like(ahead), ahead, ahead**2], axis=1)
    weights = 1 / (measured.scales**2 + 0.01 * ahead**2 + 25)
    squares = (measured.counts - expected) ** 2 - measured.scales**2
    found, _rest = nnls(features * weights[:, None], squares * weights)
    least = 1 + SURELY_WRONG * ahead
    return np.asarray(np.sqrt(np.maximum(features @ found, least)), dtype=float)


def _of_parts(items: Ints, parts: Figures) -> tuple[Bools, Floats]:
    """(cells,) whether all parts of each combination are shown, and the least figure of them."""
    length = items.shape[1]
    base = int(max(items.max(initial=0), parts.items.max(initial=0))) + 1
    known = _numbers(parts.items, base)
    order = np.argsort(known)
    there, most = np.ones(len(items), dtype=bool), np.full(len(items), np.inf)
    if not len(known):
        return np.zeros(len(items), dtype=bool), most
    for left_out in range(length):
        rest = _numbers(np.delete(items, left_out, axis=1), base)
        place = order[np.minimum(np.searchsorted(known, rest, sorter=order), len(known) - 1)]
        here = (known[place] == rest) & parts.shown[place]
        there &= here
        most = np.where(here, np.minimum(most, parts.counts[place]), most)
    return there, most


def _numbers(items: Ints, base: int) -> Ints:
    """(cells,) one number for each combination."""
    number = np.zeros(len(items), dtype=np.int64)
    for column in range(items.shape[1]):
        number = number * base + items[:, column]
    return number

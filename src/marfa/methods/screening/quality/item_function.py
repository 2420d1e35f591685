"""Differential item functioning: does an item measure the same in two groups?

Groups differ in what happened to them (exposure), which is no fault of an item. So people are
compared who are alike in all other items: the Mantel-Haenszel odds ratio over the rest score
(N. Mantel and W. Haenszel, J. Natl. Cancer Inst. 22 (1959) 719; P. W. Holland and D. T. Thayer in
Test Validity (1988) 129), its variance after J. Robins, N. Breslow and S. Greenland, Biometrics 42
(1986) 311. Where exposure differs, people with the same rest score still differ, and the plain test
accuses items that are right (R. Zwick, J. Educ. Stat. 15 (1990) 185). So the odds ratio is held
against the one that a model without any difference of items gives: latent classes, which have the
same items in both groups and may be more frequent in one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FEWEST = 30
"""People of a group below which nothing is said."""
FEWEST_ANSWERS = 5
"""Yes and no, of both groups together, below which nothing is said of an item."""
MOST_CLASSES = 3
STEPS = 300
CLOSE = 1e-7
LARGE, SLIGHT = 1.5, 1.0
"""Sizes of the difference on the scale of the Educational Testing Service, 2.35 log odds (Holland
and Thayer 1988): C from 1.5, B from 1, A below."""


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """odds_ratio: common, of the first row and the first column. log_error: standard error of its
    logarithm. chi_square, p: of the test with continuity correction."""

    odds_ratio: float
    log_error: float
    chi_square: float
    p: float


def mantel_haenszel(tables: npt.ArrayLike) -> MantelHaenszel | None:
    """The common odds ratio of tables (strata, 2, 2); None where it is not defined."""
    found = np.asarray(tables, dtype=float)
    ratio, error = _log_odds(found[None])
    if not np.isfinite(ratio[0]) or not np.isfinite(error[0]):
        return None
    a, (row, column), n = found[:, 0, 0], _margins(found), found.sum(axis=(1, 2))
    kept = n > 1
    a, row, column, n = a[kept], row[kept], column[kept], n[kept]
    variance = (row * (n - row) * column * (n - column) / (n**2 * (n - 1))).sum()
    if variance <= 0:
        return None
    difference = abs((a - row * column / n).sum())
    chi_square = float((difference - min(0.5, difference)) ** 2 / variance)
    p = 2 * (1 - NormalDist().cdf(sqrt(chi_square)))
    return MantelHaenszel(exp(float(ratio[0])), float(error[0]), chi_square, p)


def _margins(tables: Floats) -> tuple[Floats, Floats]:
    return tables[:, 0, :].sum(axis=1), tables[:, :, 0].sum(axis=1)


def _log_odds(tables: Floats) -> tuple[Floats, Floats]:
    """Logarithms of common odds ratios and their errors. tables: (sets, strata, 2, 2)."""
    n = np.maximum(tables.sum(axis=(2, 3)), 1e-300)
    a, b = tables[:, :, 0, 0], tables[:, :, 0, 1]
    c, d = tables[:, :, 1, 0], tables[:, :, 1, 1]
    r, s = a * d / n, b * c / n
    p, q = (a + d) / n, (b + c) / n
    over, under = r.sum(axis=1), s.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(over) - np.log(under)
        variance = (
            (p * r).sum(axis=1) / (2 * over**2)
            + (p * s + q * r).sum(axis=1) / (2 * over * under)
            + (q * s).sum(axis=1) / (2 * under**2)
        )
        return ratio, np.sqrt(variance)


@dataclass(frozen=True, slots=True)
class ItemFunction:
    """One item between two groups. All odds are of a yes in the first group against the second.

    log_odds: Mantel-Haenszel over the rest score, less what a difference of exposure alone gives
    (``expected``), with its interval. p: of the test that there is no difference. size: A, B or C.
    yes: share of a yes in either group. None throughout where too few answered.
    """

    item: str
    log_odds: float | None
    low: float | None
    high: float | None
    expected: float | None
    p: float | None
    size: str
    yes: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class ItemFunctions:
    """exposure: expected number of yes, of an item on average, in either group by the classes that
    the model finds: that the groups differ here is no fault of the items. people: of each group."""

    items: tuple[ItemFunction, ...]
    exposure: tuple[float, float] | None
    people: tuple[int, int]
    classes: int


def item_functions(
    answers: npt.ArrayLike,
    first: npt.ArrayLike,
    names: Sequence[str],
    confidence: float = 0.95,
) -> ItemFunctions:
    """Whether items work alike in two groups.

    answers: (people, items): 1 for a yes, 0 for a no, NaN for anything else, which is left out of
    that item and adds nothing to the rest score. first: of each person, whether they are of the
    first group. names: of the items.
    """
    given, group = np.asarray(answers, dtype=float), np.asarray(first, dtype=bool)
    people = int(group.sum()), int((~group).sum())
    if min(people) < FEWEST or given.shape[1] < 3:
        none = tuple(_nothing(name) for name in names)
        return ItemFunctions(none, None, people, 0)
    known, yes = ~np.isnan(given), np.nan_to_num(given) == 1
    model = _best_model(yes, known, group)
    made = tuple(
        _one(number, name, yes, known, group, model, confidence)
        for number, name in enumerate(names)
    )
    mean = model.yes.mean(axis=1)
    exposure = float(model.weights[0] @ mean), float(model.weights[1] @ mean)
    return ItemFunctions(made, exposure, people, len(mean))


def _nothing(name: str) -> ItemFunction:
    return ItemFunction(name, None, None, None, None, None, "", (None, None))


def _one(
    number: int,
    name: str,
    yes: Bools,
    known: Bools,
    group: Bools,
    model: _Model,
    confidence: float,
) -> ItemFunction:
    asked = known[:, number]
    said, of_first = yes[asked, number], group[asked]
    if min(of_first.sum(), (~of_first).sum()) < FEWEST:
        return _nothing(name)
    shares = float(said[of_first].mean()), float(said[~of_first].mean())
    if min(said.sum(), (~said).sum()) < FEWEST_ANSWERS:
        return ItemFunction(name, None, None, None, None, None, "", shares)
    rest = (yes[asked].sum(axis=1) - said).astype(int)
    found = mantel_haenszel(_tables(rest, said, of_first, yes.shape[1]))
    expected = _expected(model, number, int(of_first.sum()), int((~of_first).sum()))
    if found is None or not np.isfinite(expected):
        return ItemFunction(name, None, None, None, None, None, "", shares)
    ratio = log(found.odds_ratio) - expected
    normal = NormalDist()
    width = normal.inv_cdf(0.5 + confidence / 2) * found.log_error
    p = 2 * (1 - normal.cdf(abs(ratio) / found.log_error))
    size = _size(ratio, p)
    return ItemFunction(name, ratio, ratio - width, ratio + width, expected, p, size, shares)


def _size(ratio: float, p: float) -> str:
    delta = 2.35 * abs(ratio)
    if p >= 0.05 or delta < SLIGHT:
        return "A"
    return "C" if delta >= LARGE else "B"


def _tables(rest: npt.NDArray[np.int64], said: Bools, group: Bools, items: int) -> Floats:
    tables = np.zeros((items, 2, 2))
    np.add.at(tables, (rest, (~group).astype(int), (~said).astype(int)), 1)
    return tables


@dataclass(frozen=True)
class _Model:
    """weights: (2, classes), of each group. yes: (classes, items), chance of a yes."""

    weights: Floats
    yes: Floats
    fit: float


def _best_model(yes: Bools, known: Bools, group: Bools) -> _Model:
    """Latent classes that are the same in both groups but for how frequent they are; how many by
    the Bayesian information criterion."""
    models = [_fit(count, yes, known, group) for count in range(1, MOST_CLASSES + 1)]
    return min(models, key=lambda model: model.fit)


def _fit(count: int, yes: Bools, known: Bools, group: Bools) -> _Model:
    people, items = yes.shape
    # It begins from who said yes more often, so that neither chance nor order is in it.
    scores = yes.sum(axis=1)
    ordered = np.sort(scores)
    middle = (np.searchsorted(ordered, scores) + np.searchsorted(ordered, scores, "right")) / 2
    place = np.clip(middle * count / people, 0, count - 1).astype(int)
    belong = np.full((people, count), 0.1 / count)
    belong[np.arange(people), place] += 0.9
    said, unsaid = (yes & known).astype(float), (~yes & known).astype(float)
    before = -np.inf
    for _step in range(STEPS):
        weights = np.stack([belong[group].mean(axis=0), belong[~group].mean(axis=0)])
        weights = np.maximum(weights, 1e-9)
        chance = (belong.T @ said + 0.5) / (belong.T @ (said + unsaid) + 1)
        each = said @ np.log(chance).T + unsaid @ np.log1p(-chance).T
        each += np.log(np.where(group[:, None], weights[0], weights[1]))
        top = each.max(axis=1, keepdims=True)
        belong = np.exp(each - top)
        whole = belong.sum(axis=1, keepdims=True)
        belong /= whole
        likelihood = float((top + np.log(whole)).sum())
        if likelihood - before < CLOSE * abs(likelihood):
            break
        before = likelihood
    parameters = count * items + 2 * (count - 1)
    return _Model(weights, chance, parameters * log(people) - 2 * likelihood)


def _expected(model: _Model, number: int, first: int, second: int) -> float:
    """The logarithm of the odds ratio that a difference of exposure alone would give."""
    others = np.delete(model.yes, number, axis=1)
    scores = np.ones((len(others), 1))
    for column in others.T:
        scores = np.pad(scores * (1 - column[:, None]), ((0, 0), (0, 1))) + np.pad(
            scores * column[:, None], ((0, 0), (1, 0))
        )
    chance = model.yes[:, number]
    tables = np.zeros((scores.shape[1], 2, 2))
    for row, size in enumerate((first, second)):
        of_class = size * model.weights[row][:, None] * scores
        tables[:, row, 0] = (of_class * chance[:, None]).sum(axis=0)
        tables[:, row, 1] = (of_class * (1 - chance[:, None])).sum(axis=0)
    return float(_log_odds(tables[None])[0][0])

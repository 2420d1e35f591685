"""How much two records' being alike says that they are one person's (Fellegi and Sunter, 1969).

Each field has, for each level, the share of true pairs that are so alike there (by expectation and
maximisation over the candidates, without any label) and the chance that unrelated pairs are
(counted, ``comparisons.py``). The logarithm of their ratio is what the field weighs.

Parts of a name depend on one another, since relatives share them. So there are not two sorts of
pairs but seven: beside one person and unrelated ones, brothers and sisters, twins, parent and
child, other relatives of one family name, and namesakes. A brother explains a family's name and a
father's that agree as well as the same person does, and an own name that differs far better.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from marfa.methods.linkage.births import BirthLevel
from marfa.methods.linkage.comparisons import (
    FAMILY,
    FATHER,
    GIVEN,
    ROLES,
    UNKNOWN,
    Chances,
    Comparisons,
    DocumentLevel,
)
from marfa.methods.linkage.parts import Level, Levels

Floats = npt.NDArray[np.float64]


class Arrangement(StrEnum):
    """Which part of one name stands for which of the other."""

    STRAIGHT = "straight"
    EXCHANGED = "exchanged"
    """Own and family name stand in each other's place."""
    LEFT_SHORT = "left-short"
    """The left record has the father's name where a family's stands."""
    RIGHT_SHORT = "right-short"
    TURNED = "turned"
    """The family's name stands first on the right: own name second, father's last."""
    TURNED_BACK = "turned-back"


MEETINGS: Mapping[Arrangement, tuple[tuple[int, int], ...]] = {
    Arrangement.STRAIGHT: ((GIVEN, GIVEN), (FATHER, FATHER), (FAMILY, FAMILY)),
    Arrangement.EXCHANGED: ((GIVEN, FAMILY), (FATHER, FATHER), (FAMILY, GIVEN)),
    Arrangement.LEFT_SHORT: ((GIVEN, GIVEN), (FAMILY, FATHER)),
    Arrangement.RIGHT_SHORT: ((GIVEN, GIVEN), (FATHER, FAMILY)),
    Arrangement.TURNED: ((GIVEN, FATHER), (FATHER, FAMILY), (FAMILY, GIVEN)),
    Arrangement.TURNED_BACK: ((FATHER, GIVEN), (FAMILY, FATHER), (GIVEN, FAMILY)),
}
ARRANGEMENTS = tuple(MEETINGS)


class Kind(StrEnum):
    """What two records may be to each other."""

    SAME = "same"
    SIBLINGS = "siblings"
    TWINS = "twins"
    PARENT = "parent"
    FAMILY = "family"
    NAMESAKES = "namesakes"
    UNRELATED = "unrelated"


KIN_RATIO: Mapping[Kind, float] = {
    Kind.SIBLINGS: 0.3,
    Kind.TWINS: 0.05,
    Kind.PARENT: 0.3,
    Kind.FAMILY: 0.5,
    Kind.NAMESAKES: 0.1,
}
"""At least so many pairs of relatives and namesakes are taken to be there for each pair of one
person, whatever the lists at hand show: said beforehand, since families flee together."""

STEPS = 40
SETTLED = 1e-4
MOST_PAIRS = 200_000
"""So many candidates, drawn by lot, are what the parameters are found in."""


def _prior(*shares: float) -> Floats:
    values = np.array(shares, dtype=np.float64)
    return np.asarray(values / values.sum())


# What is expected of true pairs before anything is seen; by level, DIFFERENT first.
_PRIOR_PARTS = (
    _prior(0.003, 0.06, 0.137, 0.80),
    _prior(0.04, 0.06, 0.10, 0.80),
    _prior(0.05, 0.07, 0.12, 0.76),
)
_PRIOR_BIRTHS = _prior(0.004, 0.046, 0.04, 0.05, 0.02, 0.14, 0.70)
_PRIOR_ARRANGEMENTS = _prior(0.93, 0.03, 0.01, 0.01, 0.01, 0.01)
_PRIOR_SEXES = _prior(0.02, 0.98)
_PRIOR_HOUSEHOLDS = _prior(0.2, 0.8)
_PRIOR_ADDRESSES = _prior(0.25, 0.15, 0.2, 0.4)
_PRIOR_DOCUMENTS = _prior(0.15, 0.05, 0.80)
PRIOR_WEIGHT = 10.0
"""What is expected counts as much as so many true pairs that were seen."""
EXPECTED_SHARE = 0.1
"""Of the shorter list so many are taken to be on the other, to begin with."""
HOUSEHOLD_CHANGED = 0.98


@dataclass
class Parameters:
    """Shares of true pairs by level, and how many pairs are of each kind."""

    parts: tuple[Floats, ...] = _PRIOR_PARTS
    births: Floats = field(default_factory=lambda: _PRIOR_BIRTHS)
    arrangements: Floats = field(default_factory=lambda: _PRIOR_ARRANGEMENTS)
    sexes: Floats = field(default_factory=lambda: _PRIOR_SEXES)
    households: Floats = field(default_factory=lambda: _PRIOR_HOUSEHOLDS)
    addresses: Floats = field(default_factory=lambda: _PRIOR_ADDRESSES)
    documents: Floats = field(default_factory=lambda: _PRIOR_DOCUMENTS)
    counts: dict[Kind, float] = field(default_factory=dict)
    steps: int = 0

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        levels = [level.name.lower() for level in Level if level >= 0]
        births = [level.name.lower().replace("_", "-") for level in BirthLevel if level >= 0]
        names = ("given", "father", "family")
        found: dict[str, object] = {
            name: dict(zip(levels, _rounded(shares), strict=True))
            for name, shares in zip(names, self.parts, strict=True)
        }
        found["birth"] = dict(zip(births, _rounded(self.births), strict=True))
        found["arrangement"] = dict(zip(ARRANGEMENTS, _rounded(self.arrangements), strict=True))
        found["pairs"] = {kind.value: round(count, 1) for kind, count in self.counts.items()}
        found["steps"] = self.steps
        return found


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 4) for value in values]


@dataclass(frozen=True)
class Weights:
    """What pairs weigh, as natural logarithms of ratios, by column.

    names: all parts together. arrangement: place in ARRANGEMENTS of the one that fits best.
    kinds: of each kind of pair what all fields together weigh. evidence: logarithm of the odds
    that the two are one person's rather than anything else.
    """

    names: Floats
    arrangement: npt.NDArray[np.int8]
    by_arrangement: Floats
    births: Floats
    sexes: Floats
    households: Floats
    addresses: Floats
    documents: Floats
    kinds: Mapping[Kind, Floats]
    odds: Floats


class Model:
    """Weighs pairs by parameters.

    count_sex: whether sexes count; they say nothing, either way, where one may be a child.
    """

    def __init__(
        self, chances: Chances, pairs: int, parameters: Parameters, count_sex: bool
    ) -> None:
        self.chances, self.pairs, self.parameters = chances, pairs, parameters
        self.count_sex = count_sex

    def part_weight(self, found: Comparisons, roles: tuple[int, int]) -> Floats:
        """What one part weighs beside one of the other record."""
        shares = (self.parameters.parts[roles[0]] + self.parameters.parts[roles[1]]) / 2
        levels = found.parts[roles]
        weights = np.log(shares)[np.maximum(levels, 0)] - found.part_chances[roles]
        return np.asarray(np.where(levels == UNKNOWN, 0.0, weights), dtype=np.float64)

    def part_weight_at(self, found: Comparisons, roles: tuple[int, int], row: int) -> float:
        """The same of one pair."""
        shares = (self.parameters.parts[roles[0]] + self.parameters.parts[roles[1]]) / 2
        return float(np.log(shares[found.parts[roles][row]]) - found.part_chances[roles][row])

    def weigh(self, found: Comparisons) -> Weights:
        parts = {roles: self.part_weight(found, roles) for roles in found.parts}
        by_arrangement = np.stack(
            [self._arranged(found, parts, each) for each in ARRANGEMENTS], axis=1
        )
        # What cannot be, such as an exchange of names that are missing, is left to the others.
        names = _log_sum(by_arrangement)
        births = _by_level(found.births, self.parameters.births, self.chances.births)
        counted = found.birth_chances != 0
        births = np.where(
            counted, np.log(self.parameters.births)[found.births] - found.birth_chances, births
        )
        sexes = self._sexes(found)
        households = _by_level(found.households, self.parameters.households, np.ones(2))
        households -= found.household_chances
        addresses = _by_level(found.addresses, self.parameters.addresses, self.chances.addresses)
        documents = _by_level(found.documents, self.parameters.documents, self.chances.documents)
        house = np.maximum(households + addresses, 0.0)
        family, father = parts[FAMILY, FAMILY], parts[FATHER, FATHER]
        siblings = family + father + house
        child = np.logaddexp(parts[GIVEN, FATHER], parts[FATHER, GIVEN]) - np.log(2.0)
        has_child = (found.parts[GIVEN, FATHER] > 0) | (found.parts[FATHER, GIVEN] > 0)
        nothing = np.full(len(found), -np.inf)
        one_day = found.births >= BirthLevel.EXCHANGED
        kinds = {
            Kind.SAME: names + births + sexes + households + addresses + documents,
            Kind.SIBLINGS: siblings,
            Kind.TWINS: np.where(one_day, siblings + births, nothing),
            Kind.PARENT: np.where(has_child, family + child + house, nothing),
            Kind.FAMILY: np.where(found.parts[FAMILY, FAMILY] > 0, family, nothing),
            Kind.NAMESAKES: names + sexes,
            Kind.UNRELATED: np.zeros(len(found)),
        }
        rates = self.rates()
        others = np.stack(
            [kinds[kind] + rates[kind] for kind in kinds if kind is not Kind.SAME], axis=1
        )
        odds = kinds[Kind.SAME] + rates[Kind.SAME] - _log_sum(others)
        return Weights(
            names,
            by_arrangement.argmax(axis=1).astype(np.int8),
            by_arrangement,
            births,
            sexes,
            households,
            addresses,
            documents,
            kinds,
            odds,
        )

    def _sexes(self, found: Comparisons) -> Floats:
        if not self.count_sex:
            return np.zeros(len(found))
        weights = _by_level(found.sexes, self.parameters.sexes, self.chances.sexes)
        return np.where(found.children, 0.0, weights)

    def _arranged(
        self,
        found: Comparisons,
        parts: Mapping[tuple[int, int], Floats],
        arrangement: Arrangement,
    ) -> Floats:
        place = ARRANGEMENTS.index(arrangement)
        weight = sum((parts[roles] for roles in MEETINGS[arrangement]), np.zeros(len(found)))
        weight = np.asarray(weight + np.log(self.parameters.arrangements[place]), dtype=np.float64)
        if arrangement is Arrangement.STRAIGHT:
            return weight
        needed = [found.parts[roles] > 0 for roles in MEETINGS[arrangement]]
        if arrangement is Arrangement.EXCHANGED:
            needed.pop(1)
        may_be = np.logical_and.reduce(needed)
        if arrangement is Arrangement.LEFT_SHORT:
            may_be &= found.parts[FATHER, FATHER] == UNKNOWN
        if arrangement is Arrangement.RIGHT_SHORT:
            may_be &= found.parts[FATHER, FATHER] == UNKNOWN
        return np.where(may_be, weight, -np.inf)

    def rates(self) -> dict[Kind, float]:
        """Logarithms of how often each kind is among all pairs."""
        counts = self.parameters.counts
        total = max(1.0, float(self.pairs))
        known = sum(counts.values())
        rates = {kind: float(np.log(max(count, 1e-9) / total)) for kind, count in counts.items()}
        return rates | {Kind.UNRELATED: float(np.log(max(0.5, 1.0 - known / total)))}


def _by_level(levels: Levels, shares: Floats, chances: Floats) -> Floats:
    weights = np.log(shares) - np.log(chances)
    return np.where(levels == UNKNOWN, 0.0, weights[np.maximum(levels, 0)])


def _log_sum(columns: Floats) -> Floats:
    highest = columns.max(axis=1)
    return np.asarray(highest + np.log(np.exp(columns - highest[:, None]).sum(axis=1)))


def starting_parameters(expected: float) -> Parameters:
    """What is expected before anything is seen. expected: pairs of one person."""
    counts = {kind: ratio * expected for kind, ratio in KIN_RATIO.items()}
    return Parameters(counts={Kind.SAME: expected} | counts)


def fit_model(
    sample: Comparisons,
    chances: Chances,
    pairs: int,
    expected: float,
    *,
    scale: float,
    count_sex: bool,
    progress: Callable[[float], None] = lambda share: None,
) -> Model:
    """Parameters by expectation and maximisation, from a fixed start.

    sample: candidates, all or some drawn by lot. scale: how many candidates each stands for.
    pairs: how many pairs there are, candidates or not. expected: how many of one person to begin.
    """
    model = Model(chances, pairs, starting_parameters(expected), count_sex)
    if not len(sample):
        return model
    before = -1.0
    for step in range(1, STEPS + 1):
        weights = model.weigh(sample)
        shares = _responsibilities(weights, model)
        model.parameters = _maximised(sample, weights, shares, scale)
        model.parameters.steps = step
        progress(step / STEPS)
        now = model.parameters.counts[Kind.SAME]
        if abs(now - before) <= SETTLED * max(1.0, now):
            break
        before = now
    return model


def _responsibilities(weights: Weights, model: Model) -> dict[Kind, Floats]:
    rates = model.rates()
    columns = np.stack([weights.kinds[kind] + rates[kind] for kind in Kind], axis=1)
    shares = np.exp(columns - _log_sum(columns)[:, None])
    return {kind: shares[:, place] for place, kind in enumerate(Kind)}


def _maximised(
    found: Comparisons,
    weights: Weights,
    shares: Mapping[Kind, Floats],
    scale: float,
) -> Parameters:
    same = shares[Kind.SAME] * scale
    arranged = np.exp(weights.by_arrangement - weights.names[:, None]) * same[:, None]
    straight = arranged[:, 0]
    counts = {kind: float(shares[kind].sum() * scale) for kind in KIN_RATIO}
    count = max(1.0, float(same.sum()))
    counts = {kind: max(counts[kind], KIN_RATIO[kind] * count) for kind in counts}
    parts = [
        _posterior(found.parts[role, role], straight, _PRIOR_PARTS[role]) for role in range(ROLES)
    ]
    births = _posterior(found.births, same, _PRIOR_BIRTHS)
    # Twins and brothers must not teach that own names differ, nor fathers that dates do: that is
    # learnt where a document says that the two are one.
    by_document = np.where(found.documents == DocumentLevel.SAME, same, 0.0)
    dated = np.where(found.births >= BirthLevel.EXCHANGED, by_document, 0.0)
    named = np.where(found.parts[GIVEN, GIVEN] >= Level.CLOSE, by_document, 0.0)
    parts[GIVEN] = _with_worst(parts[GIVEN], found.parts[GIVEN, GIVEN], dated, _PRIOR_PARTS[GIVEN])
    births = _with_worst(births, found.births, named, _PRIOR_BIRTHS)
    return Parameters(
        parts=tuple(parts),
        births=births,
        arrangements=_mixed(arranged.sum(axis=0), _PRIOR_ARRANGEMENTS),
        sexes=_posterior(found.sexes, same, _PRIOR_SEXES),
        households=_posterior(found.households, same, _PRIOR_HOUSEHOLDS),
        addresses=_posterior(found.addresses, same, _PRIOR_ADDRESSES),
        documents=_posterior(found.documents, same, _PRIOR_DOCUMENTS),
        counts={Kind.SAME: count} | counts,
    )


def _with_worst(shares: Floats, levels: Levels, weight: Floats, prior: Floats) -> Floats:
    """Shares by level, of which the share of the worst is found among some pairs alone."""
    worst = _posterior(levels, weight, prior)[0]
    rest = shares[1:] / shares[1:].sum()
    return np.concatenate(([worst], (1.0 - worst) * rest))


def _posterior(levels: Levels, weight: Floats, prior: Floats) -> Floats:
    known = levels >= 0
    counts = np.bincount(levels[known], weights=weight[known], minlength=len(prior))
    return _mixed(np.asarray(counts, dtype=np.float64), prior)


def _mixed(counts: Floats, prior: Floats) -> Floats:
    mixed = counts + PRIOR_WEIGHT * prior
    return np.asarray(mixed / mixed.sum())

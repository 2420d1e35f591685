"""Cohen's kappa: how far two screeners agree beyond what chance would give.

Sources: J. Cohen, Educ. Psychol. Meas. 20 (1960) 37; its standard error in large samples from
J. L. Fleiss, J. Cohen and B. S. Everitt, Psychol. Bull. 72 (1969) 323.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist

from marfa.methods.screening.quality.intervals import Interval, wilson

FEWEST = 30
"""Pairs below which a large-sample interval says nothing worth reading."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """pairs: how many were judged twice; same: how many of them alike.

    kappa: None where there are too few pairs, or one single value throughout.
    """

    pairs: int
    same: int
    kappa: Interval | None


def kappa(
    pairs: Iterable[tuple[Hashable, Hashable]], confidence: float = 0.95, fewest: int = FEWEST
) -> Kappa:
    """Agreement of two judgements of the same talks. Raises ValueError for a confidence that is
    none."""
    counts = Counter(pairs)
    total = counts.total()
    same = sum(count for (one, two), count in counts.items() if one == two)
    first, second = Counter[Hashable](), Counter[Hashable]()
    for (one, two), count in counts.items():
        first[one] += count
        second[two] += count
    if total < max(fewest, 1) or len(first | second) < 2:
        return Kappa(total, same, None)
    chance = fsum(first[value] * second[value] for value in first) / total**2
    observed = same / total
    estimate = (observed - chance) / (1 - chance)
    if same == total:
        # Where nobody differs, the large-sample error is nought: the bound is that of the share.
        lower = (wilson(same, total, confidence).lower - chance) / (1 - chance)
        return Kappa(total, same, Interval(estimate, lower, 1.0))
    error = _error(counts, first, second, observed, chance)
    width = NormalDist().inv_cdf(0.5 + confidence / 2) * error
    return Kappa(
        total, same, Interval(estimate, max(estimate - width, -1), min(estimate + width, 1))
    )


def _error(
    counts: Counter[tuple[Hashable, Hashable]],
    first: Counter[Hashable],
    second: Counter[Hashable],
    observed: float,
    chance: float,
) -> float:
    """The standard error of kappa (Fleiss, Cohen and Everitt 1969, equation 13)."""
    total = counts.total()
    estimate = (observed - chance) / (1 - chance)
    alike = fsum(
        count / total * (1 - (first[one] + second[two]) / total * (1 - estimate)) ** 2
        for (one, two), count in counts.items()
        if one == two
    )
    apart = (1 - estimate) ** 2 * fsum(
        count / total * ((second[one] + first[two]) / total) ** 2
        for (one, two), count in counts.items()
        if one != two
    )
    rest = (estimate - chance * (1 - estimate)) ** 2
    return sqrt(max(alike + apart - rest, 0) / total) / (1 - chance)

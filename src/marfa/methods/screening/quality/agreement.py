"""Krippendorff's alpha: how far several screeners agree beyond chance.

Source: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), general form for
any number of observers, any metric and missing values; Content Analysis, 3rd edition, ch. 11.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from enum import StrEnum
from itertools import permutations
from math import fsum


class Metric(StrEnum):
    """Level of measurement. The values of all but nominal are numbers."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


Value = Hashable
Difference = Callable[[Value, Value], float]


def alpha(units: Iterable[Sequence[Value | None]], metric: Metric = Metric.NOMINAL) -> float | None:
    """Krippendorff's alpha; 1 is full agreement, 0 is what chance gives, below 0 is worse.

    units: one sequence a unit, with the value of each observer; None where an observer gave
    none. Units with fewer than two values say nothing about agreement and are left out.
    Returns None where alpha is not defined: no pairs, or one single value throughout.
    Raises TypeError for values that are not numbers under a metric that needs them, and
    ValueError for negative values under ratio.
    """
    pairable = [
        [value for value in unit if value is not None]
        for unit in units
        if sum(value is not None for value in unit) >= 2
    ]
    totals = Counter(value for unit in pairable for value in unit)
    count = totals.total()
    if len(totals) < 2:
        return None
    delta = _difference(metric, totals)
    observed = fsum(_disagreement(unit, delta) / (len(unit) - 1) for unit in pairable)
    expected = fsum(
        totals[one] * totals[two] * delta(one, two) for one, two in permutations(totals, 2)
    )
    return 1 - (count - 1) * observed / expected


def _disagreement(unit: Sequence[Value], delta: Difference) -> float:
    values = Counter(unit)
    return fsum(values[one] * values[two] * delta(one, two) for one, two in permutations(values, 2))


def _difference(metric: Metric, totals: Counter[Value]) -> Difference:
    """The squared difference of two values under the metric."""
    if metric is Metric.NOMINAL:
        return lambda one, two: float(one != two)
    numbers = {value: _number(value) for value in totals}
    if metric is Metric.INTERVAL:
        return lambda one, two: (numbers[one] - numbers[two]) ** 2
    if metric is Metric.RATIO:
        if min(numbers.values()) < 0:
            raise ValueError("the ratio metric has no negative values")
        return lambda one, two: ((numbers[one] - numbers[two]) / (numbers[one] + numbers[two])) ** 2
    return _ordinal(numbers, totals)


def _ordinal(numbers: dict[Value, float], totals: Counter[Value]) -> Difference:
    """Ranks as cumulative counts: the distance is the number of values that lie between."""
    ranks: dict[Value, float] = {}
    below = 0
    for value in sorted(numbers, key=numbers.__getitem__):
        ranks[value] = below + totals[value] / 2
        below += totals[value]
    return lambda one, two: (ranks[one] - ranks[two]) ** 2


def _number(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is not a number")
    return float(value)

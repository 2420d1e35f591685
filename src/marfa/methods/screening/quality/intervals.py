"""Confidence intervals of a proportion and of a difference of two proportions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, fsum, lgamma, log, log1p, sqrt
from statistics import NormalDist

_STEPS = 200


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its bounds; all three are proportions, or differences of them."""

    estimate: float
    lower: float
    upper: float


def wilson(hits: int, total: int, confidence: float = 0.95) -> Interval:
    """Wilson's score interval (Wilson 1927; Newcombe 1998, Stat. Med. 17:857, method 3).

    Raises ValueError unless 0 <= hits <= total, total > 0 and 0 < confidence < 1.
    """
    _check(hits, total, confidence)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    rate = hits / total
    middle = 2 * hits + z * z
    spread = z * sqrt(z * z + 4 * hits * (1 - rate))
    width = 2 * (total + z * z)
    # The ends are exact at no hits and at all hits, whatever rounding does to the difference.
    lower = 0.0 if hits == 0 else (middle - spread) / width
    upper = 1.0 if hits == total else (middle + spread) / width
    return Interval(rate, lower, upper)


def clopper_pearson(hits: int, total: int, confidence: float = 0.95) -> Interval:
    """The exact interval (Clopper and Pearson 1934; Newcombe 1998, method 5).

    Inverts the binomial tails by bisection. Raises ValueError as `wilson` does.
    """
    _check(hits, total, confidence)
    tail = (1 - confidence) / 2
    lower = 0.0 if hits == 0 else _solve(lambda p: _at_least(hits, total, p), tail)
    # The upper bound is the lower bound of the misses, seen from the other end.
    misses = total - hits
    upper = 1.0 if misses == 0 else 1 - _solve(lambda q: _at_least(misses, total, q), tail)
    return Interval(hits / total, lower, upper)


def newcombe(
    hits: int, total: int, other_hits: int, other_total: int, confidence: float = 0.95
) -> Interval:
    """Difference of two independent proportions, first minus second.

    Hybrid score interval (Newcombe 1998, Stat. Med. 17:873, method 10).
    """
    one, two = wilson(hits, total, confidence), wilson(other_hits, other_total, confidence)
    difference = one.estimate - two.estimate
    down = sqrt((one.estimate - one.lower) ** 2 + (two.upper - two.estimate) ** 2)
    up = sqrt((one.upper - one.estimate) ** 2 + (two.estimate - two.lower) ** 2)
    return Interval(difference, difference - down, difference + up)


def _check(hits: int, total: int, confidence: float) -> None:
    if total <= 0 or not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no proportion")
    if not 0 < confidence < 1:
        raise ValueError("confidence lies between 0 and 1")


def _term(hits: int, total: int, p: float) -> float:
    choose = lgamma(total + 1) - lgamma(hits + 1) - lgamma(total - hits + 1)
    return exp(choose + hits * log(p) + (total - hits) * log1p(-p))


def _at_least(hits: int, total: int, p: float) -> float:
    """Probability of so many hits or more; it rises with p."""
    return fsum(_term(count, total, p) for count in range(hits, total + 1))


def _solve(rising: Callable[[float], float], wanted: float) -> float:
    """The p in (0, 1) at which a rising function reaches a value."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if rising(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2

"""What Gaussian noise promises: the exact (epsilon, delta) of all that a release measures.

Two data sets are neighbours where one has one record more. A query whose answers move by at most
S (Euclidean length) between neighbours, with Gaussian noise of standard deviation s, has the size
mu = S / s. Sizes add up as squares, also where a later query is chosen by earlier answers:
mu = sqrt(mu_1^2 + mu_2^2 + ...) (Dong, Roth and Su, Journal of the Royal Statistical Society B 84
(2022), corollary 3.3). A size mu promises every pair (epsilon, delta) with

    delta >= Phi(mu/2 - epsilon/mu) - exp(epsilon) Phi(-mu/2 - epsilon/mu)

and no smaller delta (Balle and Wang, ICML 2018, theorem 8; Dong, Roth and Su, corollary 2.13).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from scipy.special import log_ndtr, ndtr

LARGEST_MU = 60.0
STEPS = 200


def delta_of(epsilon: float, mu: float) -> float:
    """The smallest delta that a size ``mu`` promises at ``epsilon``."""
    if mu <= 0:
        return 0.0
    # exp(epsilon) alone can be larger than any float; its product with Phi is at most one.
    second = math.exp(min(0.0, epsilon + float(log_ndtr(-mu / 2 - epsilon / mu))))
    return max(0.0, float(ndtr(mu / 2 - epsilon / mu)) - second)


def mu_of(epsilon: float, delta: float) -> float:
    """The largest size that promises (epsilon, delta), never rounded up.

    Raises ValueError where epsilon is not positive, or delta not between 0 and 1.
    """
    if not (0 < epsilon < math.inf and 0 < delta < 1):
        raise ValueError(f"no promise: epsilon {epsilon}, delta {delta}")
    return _largest(lambda mu: delta_of(epsilon, mu) <= delta, LARGEST_MU)


def epsilon_of(mu: float, delta: float) -> float:
    """The smallest epsilon that a size ``mu`` promises at ``delta``, never rounded down.

    Raises ValueError where delta is not between 0 and 1.
    """
    if not 0 < delta < 1:
        raise ValueError(f"no promise: delta {delta}")
    if delta_of(0.0, mu) <= delta:
        return 0.0
    high = 1.0
    while delta_of(high, mu) > delta:
        high *= 2
    low = 0.0
    for _step in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if delta_of(middle, mu) > delta else (low, middle)
    return high


def add_sizes(sizes: Iterable[float]) -> float:
    """The size of several queries of the same records together."""
    return math.sqrt(sum(size * size for size in sizes))


def delta_of_zcdp(epsilon: float, rho: float) -> float:
    """What rho-zCDP promises at ``epsilon``, by the tightest general conversion.

    (Canonne, Kamath and Steinke, NeurIPS 2020, proposition 12.) Gaussian noise of size mu is
    mu^2/2-zCDP; its own delta is smaller. Kept to say how much.
    """

    def log_delta(order: float) -> float:
        return (
            (order - 1) * (order * rho - epsilon)
            - math.log(order - 1)
            + order * math.log1p(-1 / order)
        )

    low, high = 1 + 1e-9, max(2.0, (epsilon + 1) / (2 * rho) + 2) * 4
    # The exponent is convex in the order: thirds close in on its minimum.
    for _step in range(STEPS):
        one, two = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, two) if log_delta(one) < log_delta(two) else (one, high)
    return min(1.0, math.exp(log_delta((low + high) / 2)))


def _largest(holds: Callable[[float], bool], top: float) -> float:
    low, high = 0.0, top
    for _step in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low

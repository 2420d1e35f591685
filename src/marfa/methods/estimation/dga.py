"""Bayesian average over decomposable graphical models.

Madigan and York (1997), "Bayesian methods for estimation of the size of a closed
population", Biometrika 84(1): with a hyper-Dirichlet prior the probability of the table and
of the number unseen has a closed form for each decomposable graph; graphs and totals are
then averaged without simulation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from marfa.methods.estimation.graphs import decomposable, list_pairs
from marfa.methods.estimation.intervals import Interval
from marfa.methods.estimation.newton import Floats

REACH = 30
"""The unseen are sought up to this multiple of the observed."""

FINEST = 100_000
"""Most totals looked at one by one; beyond it the step widens."""

QUICK = 4_000
"""Enough where the median need be good to a thousandth only, as in tables of what-ifs."""

COARSE = 1_000
NEGLIGIBLE = 1e-7
BLOCK = 1_000_000
"""Graphs times totals held in memory at a time."""


@dataclass(frozen=True)
class Posterior:
    """Posterior of the total population.

    totals, mass: (points,), the mass adds up to one.
    graphs: (graphs, edges) and weights (graphs,), most probable first; those of negligible
        weight are left out. n, exponents: what they were computed from.
    considered: number of decomposable graphs. tail: posterior mass at the end of the range.
    """

    totals: Floats
    mass: Floats
    graphs: NDArray[np.bool_]
    weights: Floats
    n: Floats
    exponents: Floats
    considered: int
    step: int
    tail: float

    @cached_property
    def medians(self) -> Floats:
        """Median of the total given each graph, shape (graphs,)."""
        k = len(self.n).bit_length()
        return _medians(self.n, k, self.totals - self.n.sum(), self.exponents)

    def quantile(self, share: float) -> float:
        """The smallest total below which at least ``share`` of the mass lies."""
        return _quantile(self.totals, self.mass, share)

    def interval(self, level: float) -> Interval:
        """The middle share of the posterior."""
        return Interval(
            "credible", level, self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)
        )

    def edges(self, k: int) -> tuple[int, ...]:
        """Edges of the most probable graph as bit masks."""
        return tuple(pair for pair, has in zip(list_pairs(k), self.graphs[0], strict=True) if has)


def posterior(n: Floats, k: int, finest: int = FINEST) -> Posterior:
    """Average over all decomposable graphs of k lists (3 to 6).

    n: (cells,). finest: most totals looked at one by one. Prior: every graph alike, 1/N for
    the total, hyper-Dirichlet with all cells 2^-k (the settings of the published analyses).
    """
    graphs, exponents = decomposable(k)
    farthest = max(int(REACH * n.sum()), 100)
    # First a coarse look at everything, then a fine one at what has weight.
    grid = np.unique(np.concatenate([np.arange(1, 50), np.geomspace(1, farthest, COARSE).round()]))
    spacing = np.gradient(grid)
    coarse = _joint(n, k, grid, exponents, np.log(spacing))
    kept = _weighty(np.exp(coarse.by_graph - coarse.total))
    low, high = _support(grid, coarse.by_point - coarse.total)
    step = max(1, int(np.ceil((high - low) / finest)))
    fine = np.arange(low, high + 1, step, dtype=np.float64)
    result = _joint(n, k, fine, exponents[kept], np.zeros(len(fine)))
    weights = np.exp(result.by_graph - result.total)
    best = np.argsort(-weights, kind="stable")
    mass = np.exp(result.by_point - result.total)
    return Posterior(
        n.sum() + fine,
        mass,
        graphs[kept][best],
        weights[best],
        n,
        exponents[kept][best],
        len(graphs),
        step,
        float(mass[fine > 0.98 * farthest].sum()),
    )


@dataclass(frozen=True)
class _Joint:
    """Log of the joint posterior summed over totals, over graphs, and over both."""

    by_graph: Floats
    by_point: Floats
    total: float


def _joint(n: Floats, k: int, unseen: Floats, exponents: Floats, extra: Floats) -> _Joint:
    by_graph = np.full(len(exponents), -np.inf)
    by_point = np.empty(len(unseen))
    for part in _blocks(len(unseen), len(exponents)):
        logs = _log_joint(n, k, unseen[part], exponents)
        logs += extra[part]
        top = float(logs.max())
        np.exp(np.subtract(logs, top, out=logs), out=logs)
        with np.errstate(divide="ignore"):  # what underflows has no weight
            by_graph = np.logaddexp(by_graph, np.log(logs.sum(axis=1)) + top)
            by_point[part] = np.log(logs.sum(axis=0)) + top
    return _Joint(by_graph, by_point, float(logsumexp(by_graph)))


def _blocks(points: int, graphs: int) -> Iterator[slice]:
    width = max(1, BLOCK // max(graphs, 1))
    for start in range(0, points, width):
        yield slice(start, start + width)


def _log_joint(n: Floats, k: int, unseen: Floats, exponents: Floats) -> Floats:
    """Log prior times likelihood, shape (graphs, points), up to a constant."""
    total = n.sum() + unseen
    base = gammaln(total + 1) - gammaln(unseen + 1) - np.log(total)
    logs = exponents @ _marginals(n, k, unseen)
    logs += base
    return np.asarray(logs)


def _marginals(n: Floats, k: int, unseen: Floats) -> Floats:
    """Log probability of the margin of each set of lists, shape (2^k - 1, points).

    Dirichlet-multinomial; the prior counts of a margin are sums of those of the cells. Only
    the margin's cell of people on none of these lists depends on the number unseen.
    """
    rows = np.empty((2**k - 1, len(unseen)))
    whole = gammaln(n.sum() + unseen + 1.0)
    cells = np.arange(1, 2**k)
    for subset in range(1, 2**k):
        prior = 2.0 ** -subset.bit_count()
        margin = np.bincount(cells & subset, weights=n, minlength=subset + 1)
        some = [s for s in range(1, subset + 1) if s & subset == s]
        fixed = (gammaln(margin[some] + prior) - gammaln(prior)).sum()
        rows[subset - 1] = fixed + gammaln(margin[0] + unseen + prior) - gammaln(prior) - whole
    return rows


def _weighty(weights: Floats) -> NDArray[np.int64]:
    """The graphs that remain when the lightest, negligible together, are left out."""
    order = np.argsort(weights, kind="stable")
    light = int(np.searchsorted(np.cumsum(weights[order]), NEGLIGIBLE))
    return np.sort(order[light:])


def _support(grid: Floats, log_mass: Floats) -> tuple[int, int]:
    """The range outside which less than a negligible share of the mass lies."""
    mass = np.exp(log_mass)
    below = np.cumsum(mass)
    above = np.cumsum(mass[::-1])[::-1]
    first = max(int(np.searchsorted(below, NEGLIGIBLE)) - 1, 0)
    last = min(len(grid) - int(np.searchsorted(above[::-1], NEGLIGIBLE)), len(grid) - 1)
    return int(grid[first]), int(grid[last])


def _medians(n: Floats, k: int, unseen: Floats, exponents: Floats, most: int = 50) -> Floats:
    """Median of the total for each of the first graphs; not a number for the others."""
    found = np.full(len(exponents), np.nan)
    logs = _log_joint(n, k, unseen, exponents[:most])
    for i, row in enumerate(logs):
        found[i] = n.sum() + _quantile(unseen, np.exp(row - logsumexp(row)), 0.5)
    return found


def _quantile(values: Floats, mass: Floats, share: float) -> float:
    at = int(np.searchsorted(np.cumsum(mass), share * mass.sum()))
    return float(values[min(at, len(values) - 1)])

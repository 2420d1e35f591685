"""Decomposable graphs over the lists: 8 of 3 lists, 61 of 4, 822 of 5, 18,154 of 6."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

MAX_LISTS = 6
"""Seven lists have 617,675 decomposable graphs (OEIS A058862)."""


def list_pairs(k: int) -> tuple[int, ...]:
    """The pairs of lists, as bit masks."""
    return tuple((1 << i) | (1 << j) for i, j in combinations(range(k), 2))


@lru_cache(maxsize=4)
def decomposable(k: int) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """All decomposable graphs of k lists.

    Returns (graphs, edges) of 0/1, and (graphs, 2^k - 1) of the exponent of each set of lists
    in the graph's factorisation: how often it is a clique minus how often a separator
    (Lauritzen 1996, section 4.4).
    """
    if not 2 <= k <= MAX_LISTS:
        raise ValueError(f"decomposable graphs are listed for 2 to {MAX_LISTS} lists, not {k}")
    pairs = list_pairs(k)
    chosen: list[int] = []
    rows: list[dict[int, int]] = []
    for graph in range(2 ** len(pairs)):
        near = _adjacency(graph, pairs, k)
        factors = _factors(near, k)
        if factors is not None:
            chosen.append(graph)
            rows.append(factors)
    exponents = np.zeros((len(rows), 2**k - 1))
    for i, factors in enumerate(rows):
        for subset, times in factors.items():
            exponents[i, subset - 1] = times
    graphs = (np.array(chosen)[:, None] >> np.arange(len(pairs)) & 1).astype(bool)
    return graphs, exponents


def _adjacency(graph: int, pairs: tuple[int, ...], k: int) -> list[int]:
    near = [0] * k
    for e, pair in enumerate(pairs):
        if graph >> e & 1:
            low = pair & -pair
            near[low.bit_length() - 1] |= pair ^ low
            near[(pair ^ low).bit_length() - 1] |= low
    return near


def _factors(near: list[int], k: int) -> dict[int, int] | None:
    """Exponents by perfect elimination; None where the graph is not decomposable.

    The next vertex is one whose remaining neighbours are all joined (Dirac 1961); it
    contributes p(vertex and neighbours) / p(neighbours).
    """
    factors: dict[int, int] = {}
    left = (1 << k) - 1
    while left:
        for v in range(k):
            if left >> v & 1 and _joined(near[v] & left, near):
                break
        else:
            return None
        around = near[v] & left
        clique = around | 1 << v
        factors[clique] = factors.get(clique, 0) + 1
        if around:
            factors[around] = factors.get(around, 0) - 1
        left &= ~(1 << v)
    return factors


def _joined(vertices: int, near: list[int]) -> bool:
    rest = vertices
    while rest:
        v = (rest & -rest).bit_length() - 1
        rest &= rest - 1
        if rest & ~near[v]:
            return False
    return True

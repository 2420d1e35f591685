"""Ties that may be missing or wrong, by chance from a seed."""

from __future__ import annotations

import numpy as np

from marfa.methods.networks.network import Graph

Pairs = list[tuple[int, int]]


def generator(seed: int, number: int) -> np.random.Generator:
    """The random numbers of one trial: the same whichever trials came before."""
    return np.random.default_rng([seed, number])


def add_ties(graph: Graph, rate: float, chance: np.random.Generator) -> Pairs:
    """All ties and ``rate`` times as many between pairs that have none."""
    pairs = graph.pairs()
    there = set(pairs)
    room = graph.nodes * (graph.nodes - 1) // 2 - len(pairs)
    for _ in range(min(round(rate * len(pairs)), room)):
        there.add(_absent_pair(graph, there, chance))
    return sorted(there)


def _absent_pair(
    graph: Graph, there: set[tuple[int, int]], chance: np.random.Generator
) -> tuple[int, int]:
    """A pair without a tie; where few are left they are listed instead of drawn."""
    for _ in range(100):
        a, b = sorted(int(v) for v in chance.integers(0, graph.nodes, 2))
        if a != b and (a, b) not in there:
            return a, b
    every = ((a, b) for b in range(graph.nodes) for a in range(b))
    absent = sorted(pair for pair in every if pair not in there)
    return absent[int(chance.integers(len(absent)))]


def disturb(
    graph: Graph,
    *,
    drop: float,
    add: float,
    chance: np.random.Generator,
    doubt: dict[tuple[int, int], float] | None = None,
) -> Graph:
    """Drop each tie with a chance, then add some. doubt: chances of single ties, where known."""
    pairs = graph.pairs()
    chances = np.array([(doubt or {}).get(pair, drop) for pair in pairs])
    out = chance.random(len(pairs)) < chances
    kept = [pair for pair, dropped in zip(pairs, out, strict=True) if not dropped]
    thinned = graph.with_pairs(kept)
    rate = add * len(pairs) / len(kept) if kept else 0.0
    return graph.with_pairs(add_ties(thinned, rate, chance))

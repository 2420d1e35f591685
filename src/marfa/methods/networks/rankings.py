"""Removal by rank: what exact search is compared with, and the curves of an attack.

Degree, betweenness (Freeman 1977), Katz (1953), collective influence (Morone and Makse,
Nature 524 (2015), ball of radius 1). Equal scores follow the order of the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import rustworkx as rx

from marfa.methods.networks.network import Graph, Neighbours
from marfa.methods.networks.search import component_sizes, greedy_set, pairs_without
from marfa.methods.networks.splitting import Splitter

Score = Callable[[Neighbours], Sequence[float]]

ALONE = 10**9
"""Nodes from which rustworkx may share work among threads, whose sums differ in the last digit."""

DIGITS = 9


def library_graph(neighbours: Neighbours) -> rx.PyGraph[int, int]:
    """The graph as rustworkx takes it."""
    graph: rx.PyGraph[int, int] = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(list(range(len(neighbours))))
    graph.add_edges_from([(a, b, 1) for a, row in enumerate(neighbours) for b in row if a < b])
    return graph


def degree(neighbours: Neighbours) -> list[float]:
    return [float(len(row)) for row in neighbours]


def betweenness(neighbours: Neighbours) -> list[float]:
    """Shares of shortest paths, 0 to 1."""
    found = rx.betweenness_centrality(library_graph(neighbours), parallel_threshold=ALONE)
    return [round(found[v], DIGITS) for v in range(len(neighbours))]


def katz(neighbours: Neighbours) -> list[float]:
    """Walks of all lengths, each step worth 0.9 of what the largest eigenvalue allows."""
    nodes = len(neighbours)
    matrix = np.zeros((nodes, nodes))
    for v, row in enumerate(neighbours):
        matrix[v, list(row)] = 1.0
    largest = float(np.linalg.eigvalsh(matrix)[-1]) if nodes else 0.0
    if largest <= 0:
        return [1.0] * nodes
    solved = np.linalg.solve(np.eye(nodes) - 0.9 / largest * matrix, np.ones(nodes))
    return [round(float(value), DIGITS) for value in solved]


def collective_influence(neighbours: Neighbours) -> list[float]:
    """(degree - 1) times the sum of (degree - 1) over the neighbours: a ball of radius 1."""
    spread = [len(row) - 1 for row in neighbours]
    return [float(spread[v] * sum(spread[w] for w in row)) for v, row in enumerate(neighbours)]


SCORES: dict[str, Score] = {
    "betweenness": betweenness,
    "degree": degree,
    "katz": katz,
    "ci": collective_influence,
}


def order_by(
    neighbours: Neighbours,
    score: Score,
    candidates: Sequence[int],
    *,
    number: int,
    recompute: bool,
) -> list[int]:
    """Nodes in the order of removal; with ``recompute`` scores are taken anew after each."""
    if not recompute:
        values = score(neighbours)
        return sorted(candidates, key=lambda v: -values[v])[:number]
    chosen: list[int] = []
    left = list(candidates)
    while left and len(chosen) < number:
        values = score(without(neighbours, chosen))
        best = max(left, key=values.__getitem__)
        left.remove(best)
        chosen.append(best)
    return chosen


def without(neighbours: Neighbours, gone: Sequence[int]) -> Neighbours:
    """The same nodes; those that are gone have no ties."""
    out = set(gone)
    return tuple(
        () if v in out else tuple(w for w in row if w not in out)
        for v, row in enumerate(neighbours)
    )


def compare_rankings(graph: Graph, k: int) -> dict[str, int]:
    """Pairs that stay connected after each ranking has chosen, among those who may stand."""
    candidates = graph.candidates
    k = min(k, len(candidates))
    split = Splitter(graph.neighbours)

    def chosen(score: Score, recompute: bool) -> list[int]:
        return order_by(graph.neighbours, score, candidates, number=k, recompute=recompute)

    sets = {
        "degree": chosen(degree, False),
        "betweenness": chosen(betweenness, False),
        "adaptive_betweenness": chosen(betweenness, True),
        "greedy": greedy_set(split, candidates, k),
    }
    return {name: pairs_without(split, nodes) for name, nodes in sets.items()}


def attack_curve(graph: Graph, by: str, *, recompute: bool) -> list[tuple[int, float]]:
    """Share of the largest component, of that before any removal, after 0, 1, 2 ... removals."""
    neighbours = graph.neighbours
    whole = max(component_sizes(neighbours), default=0)
    everyone = list(range(graph.nodes))
    order = order_by(neighbours, SCORES[by], everyone, number=graph.nodes, recompute=recompute)
    numbers = range(len(order) + 1 if order else 0)
    return [(n, _largest(neighbours, order[:n]) / whole) for n in numbers]


def _largest(neighbours: Neighbours, gone: Sequence[int]) -> int:
    out = set(gone)
    kept = [v for v in range(len(neighbours)) if v not in out]
    place = {v: i for i, v in enumerate(kept)}
    left = [[place[w] for w in neighbours[v] if w not in out] for v in kept]
    return max(component_sizes(left), default=0)

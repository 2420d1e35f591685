"""Figures of a network and of its nodes, and what missing ties would change.

Degree centralisation is Freeman's ("Centrality in social networks", Social Networks 1 (1978)),
cores are Seidman's (1983), closeness counts unreachable nodes as Wasserman and Faust do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

from marfa.methods.networks.canonical import MOST_NODES
from marfa.methods.networks.communities import Communities, agreement, find_communities
from marfa.methods.networks.network import Graph
from marfa.methods.networks.perturbation import add_ties, generator
from marfa.methods.networks.rankings import betweenness, library_graph
from marfa.methods.networks.search import component_sizes

DIGITS = 6
REPLICATES = 100
MISSING = 0.1
MUCH_WORK = 1_000_000
LEVEL = (5, 95)


@dataclass(frozen=True)
class Totals:
    """Figures of the whole network. None: it is too small for the figure to mean anything."""

    nodes: int
    ties: int
    density: float | None
    degree_centralisation: float | None
    components: int
    largest: int
    deepest_core: int


@dataclass(frozen=True)
class NodeFigures:
    """Figures by node, in the order of the graph."""

    degree: tuple[int, ...]
    betweenness: tuple[float, ...]
    closeness: tuple[float, ...]
    core: tuple[int, ...]
    community: tuple[int, ...]


@dataclass(frozen=True)
class Missing:
    """What ties that nobody recorded would change.

    rate: ties added at random, as a share of those recorded. totals: limits between which nine
    of ten trials fall. ranks: how far each measure keeps its order of nodes (Spearman, mean).
    communities: how far they stay (adjusted Rand index, mean).
    """

    rate: float
    replicates: int
    totals: dict[str, tuple[float, float]]
    ranks: dict[str, float | None]
    communities: float | None


@dataclass(frozen=True)
class Measured:
    totals: Totals
    figures: NodeFigures
    communities: Communities
    missing: Missing


def measure(graph: Graph, *, seed: int = 1, missing: float = MISSING) -> Measured:
    """All figures of a graph."""
    found = find_communities(graph, seed=seed)
    figures = measure_nodes(graph, found.member)
    return Measured(
        measure_whole(graph), figures, found, _missing(graph, figures, found, missing, seed)
    )


def measure_whole(graph: Graph) -> Totals:
    """Figures of the whole network."""
    nodes, ties = graph.nodes, graph.ties
    degrees = [len(row) for row in graph.neighbours]
    sizes = component_sizes(graph.neighbours)
    spread = sum(max(degrees) - d for d in degrees) if degrees else 0
    return Totals(
        nodes,
        ties,
        _share(ties, nodes * (nodes - 1) // 2),
        _share(spread, (nodes - 1) * (nodes - 2)) if nodes > 2 else None,
        len(sizes),
        max(sizes, default=0),
        max(cores(graph), default=0),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, DIGITS) if whole > 0 else None


def measure_nodes(graph: Graph, member: Sequence[int]) -> NodeFigures:
    """Figures of every node; who may see which of them is decided where they are written."""
    return NodeFigures(
        tuple(len(row) for row in graph.neighbours),
        tuple(round(value, DIGITS) for value in betweenness(graph.neighbours)),
        tuple(round(value, DIGITS) for value in closeness(graph)),
        tuple(cores(graph)),
        tuple(member),
    )


def closeness(graph: Graph) -> list[float]:
    """Closeness, times the share of nodes that can be reached at all."""
    found = rx.closeness_centrality(library_graph(graph.neighbours))
    return [found[v] for v in range(graph.nodes)]


def cores(graph: Graph) -> list[int]:
    """For each node the largest k such that it lies in a part where all have k ties."""
    # Its type stub promises one number; it gives one a node.
    found = cast("dict[int, int]", rx.graph_core_number(library_graph(graph.neighbours)))
    return [found[v] for v in range(graph.nodes)]


def _missing(
    graph: Graph, figures: NodeFigures, found: Communities, rate: float, seed: int
) -> Missing:
    replicates = _replicates(graph)
    totals: list[Totals] = []
    ranks: dict[str, list[float | None]] = {name: [] for name in RANKED}
    kept: list[float | None] = []
    for number in range(replicates):
        fuller = graph.with_pairs(add_ties(graph, rate, generator(seed, number)))
        totals.append(measure_whole(fuller))
        other = find_communities(fuller, seed=seed, runs=1)
        kept.append(agreement(found.member, other.member))
        for name, take in RANKED.items():
            ranks[name].append(spearman(getattr(figures, name), take(fuller)))
    limits = {name: _limits([getattr(t, name) for t in totals]) for name in LIMITED}
    return Missing(
        rate,
        replicates,
        {name: pair for name, pair in limits.items() if pair is not None},
        {name: _mean(values) for name, values in ranks.items()},
        _mean(kept),
    )


def _replicates(graph: Graph) -> int:
    """Fewer trials where each takes long."""
    if graph.nodes > MOST_NODES:
        return 2
    work = graph.nodes * (graph.nodes + graph.ties)
    return REPLICATES if work < MUCH_WORK else REPLICATES // 10


RANKED: dict[str, Callable[[Graph], Sequence[float]]] = {
    "degree": lambda graph: [len(row) for row in graph.neighbours],
    "betweenness": lambda graph: betweenness(graph.neighbours),
    "closeness": closeness,
    "core": cores,
}
LIMITED = ("density", "degree_centralisation", "components", "largest", "deepest_core")


def _limits(values: Sequence[float | None]) -> tuple[float, float] | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = np.percentile(known, LEVEL)
    return round(float(low), DIGITS), round(float(high), DIGITS)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 3) if known else None


def spearman(one: Sequence[float], two: Sequence[float]) -> float | None:
    """Rank correlation; None where one of them tells no two nodes apart."""
    first, second = _ranks(one), _ranks(two)
    if len(first) < 2 or first.std() == 0 or second.std() == 0:
        return None
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: Sequence[float]) -> NDArray[np.float64]:
    """Ranks, shared where values are equal."""
    rounded = np.round(np.asarray(values, dtype=np.float64), DIGITS)
    _values, place, counts = np.unique(rounded, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((2 * ends - counts - 1) / 2)[place].astype(np.float64)

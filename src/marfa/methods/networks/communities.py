"""Groups within which ties are dense, and how far they hold.

Louvain (Blondel and others, J. Stat. Mech. (2008) P10008) as networkx has it, from several
starts; the division of highest modularity is taken. Its stability is how far the starts agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import networkx as nx
import numpy as np

from marfa.methods.networks.network import Graph

RUNS = 10


@dataclass(frozen=True)
class Communities:
    """member: the community of each node, from 1, the largest first. stability: mean adjusted
    Rand index between starts, 1 where all give the same; None where there is nothing to divide."""

    member: tuple[int, ...]
    number: int
    modularity: float | None
    stability: float | None


def find_communities(graph: Graph, *, seed: int = 1, runs: int = RUNS) -> Communities:
    """The best division of several starts."""
    if not graph.ties:
        return Communities(tuple(range(1, graph.nodes + 1)), graph.nodes, None, None)
    library = nx.Graph()
    library.add_nodes_from(range(graph.nodes))
    library.add_edges_from(graph.pairs())
    divisions = []
    for run in range(runs):
        groups = nx.community.louvain_communities(library, seed=seed * 1000 + run)
        value = round(float(nx.community.modularity(library, groups)), 6)
        divisions.append((value, _numbered([sorted(group) for group in groups], graph.nodes)))
    modularity, member = max(divisions, key=lambda found: found[0])
    scores = [agreement(a[1], b[1]) for a, b in combinations(divisions, 2)]
    known = [score for score in scores if score is not None]
    stability = round(float(np.mean(known)), 3) if known else None
    return Communities(member, max(member), modularity, stability)


def _numbered(groups: Sequence[Sequence[int]], nodes: int) -> tuple[int, ...]:
    member = [0] * nodes
    for number, group in enumerate(sorted(groups, key=lambda g: (-len(g), g)), 1):
        for node in group:
            member[node] = number
    return tuple(member)


def agreement(one: Sequence[int], two: Sequence[int]) -> float | None:
    """Adjusted Rand index (Hubert and Arabie 1985) of two divisions of the same nodes."""
    whole = comb(len(one), 2)
    if whole == 0:
        return None
    both = sum(comb(n, 2) for n in Counter(zip(one, two, strict=True)).values())
    first = sum(comb(n, 2) for n in Counter(one).values())
    second = sum(comb(n, 2) for n in Counter(two).values())
    chance, most = first * second / whole, (first + second) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)

"""Networks made up by chance, the published ones, and the slow ways to the same answers."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import comb
from pathlib import Path
from random import Random

import pytest

from marfa.methods.networks import Graph, Network, Node, Tie, make_graph
from marfa.methods.networks.standing import STANDINGS, THINGS

Pairs = set[tuple[str, str]]


def folder() -> Path:
    """Where the published networks lie."""
    root = os.environ.get("MARFA_REFERENCE_DATA")
    if not root:
        pytest.skip("MARFA_REFERENCE_DATA is not set")
    return Path(root) / "networks"


def published(name: str, layer: str | None = None) -> Graph:
    """A published network in which every node may stand."""
    with (folder() / f"{name}.edges.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if layer in (None, row["layer"])]
    pairs = {(row["source"], row["target"]) for row in rows if row["source"] != row["target"]}
    names = {name for pair in pairs for name in pair}
    return make_graph(names, pairs, names)


def random_pairs(chance: Random, names: Sequence[str]) -> Pairs:
    share = chance.choice([0.05, 0.1, 0.2, 0.3, 0.5, 0.8])
    return {pair for pair in combinations(names, 2) if chance.random() < share}


def random_node(chance: Random, name: str) -> Node:
    """Persons of any standing or none, things, a few of which are somebody's, and unknown ends."""
    kind = chance.choice(["person", "person", "person", chance.choice(THINGS), ""])
    share = {"person": 0.8, "": 0.0}.get(kind, 0.2)
    standing = chance.choice(STANDINGS) if chance.random() < share else ""
    return Node(name, kind, standing)


def network_of(nodes: Iterable[Node], pairs: Iterable[tuple[str, str]]) -> Network:
    ties = tuple(Tie(source, target) for source, target in sorted(pairs))
    return Network({node.id: node for node in nodes}, ties, nodes_given=True)


def pairs_left(graph: Graph, gone: Iterable[int]) -> int:
    """Connected pairs by union and find: another way than the one that is tested."""
    out = set(gone)
    head = list(range(graph.nodes))

    def top(v: int) -> int:
        while head[v] != v:
            v = head[v]
        return v

    for a, b in graph.pairs():
        if not {a, b} & out:
            head[top(a)] = top(b)
    tops = [top(v) for v in range(graph.nodes) if v not in out]
    return sum(comb(tops.count(one), 2) for one in set(tops))


def best_by_trying(graph: Graph, k: int) -> tuple[int, set[frozenset[int]]]:
    """Fewest pairs and every set that leaves them, by trying all."""
    k = min(k, len(graph.candidates))
    values = {s: pairs_left(graph, s) for s in combinations(graph.candidates, k)}
    best = min(values.values())
    return best, {frozenset(s) for s, value in values.items() if value == best}

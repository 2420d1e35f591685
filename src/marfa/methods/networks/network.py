"""Nodes, ties, and the plain graph that the methods compute on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from marfa.domain.message import InputError, Message
from marfa.methods.networks.canonical import canonical_order
from marfa.methods.networks.standing import Node, may_stand

Neighbours = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Tie:
    """Two ends that something connects, in no direction.

    start, end: the first and last day of the tie, empty where not recorded. certainty: how sure
    the record is that the tie exists, 0 to 1, where it says so.
    """

    source: str
    target: str
    layer: str = ""
    weight: str = ""
    start: str = ""
    end: str = ""
    evidence: str = ""
    certainty: float | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """The ends in the order of their names."""
        first, second = sorted((self.source, self.target))
        return first, second


@dataclass(frozen=True)
class Graph:
    """Numbers instead of names: neighbours of each node, who may stand, what each is called.

    Its nodes are in an order that follows from the ties alone (``canonical``), so no answer
    depends on how nodes are called or in which order the rows of a file stand.
    """

    names: tuple[str, ...]
    neighbours: Neighbours
    may_stand: tuple[bool, ...]

    @property
    def nodes(self) -> int:
        return len(self.names)

    @property
    def ties(self) -> int:
        return sum(map(len, self.neighbours)) // 2

    @property
    def candidates(self) -> list[int]:
        return [node for node in range(self.nodes) if self.may_stand[node]]

    def pairs(self) -> list[tuple[int, int]]:
        """Every tie once, the smaller number first."""
        return [(a, b) for a, row in enumerate(self.neighbours) for b in row if a < b]

    def with_pairs(self, pairs: Iterable[tuple[int, int]]) -> Graph:
        """The same nodes with other ties."""
        return Graph(self.names, neighbours_of(self.nodes, pairs), self.may_stand)


@dataclass(frozen=True)
class Network:
    """What was read. notes: what was left out or is unusual, by row; never by name."""

    nodes: Mapping[str, Node]
    ties: tuple[Tie, ...]
    nodes_given: bool = False
    notes: tuple[Message, ...] = ()
    layers: tuple[str, ...] = field(default=())

    def in_layer(self, layer: str | None) -> Network:
        """The ties of one layer and their ends; all of it for None."""
        if layer is None:
            return self
        ties = tuple(tie for tie in self.ties if tie.layer == layer)
        if not ties:
            raise InputError.at(Message("methods.networks:no-such-layer"), column="layer")
        ends = {end for tie in ties for end in (tie.source, tie.target)}
        nodes = {name: node for name, node in self.nodes.items() if name in ends}
        return Network(nodes, ties, self.nodes_given, self.notes, self.layers)

    def graph(self, *, persons: bool = False) -> Graph:
        """The graph of all ties, without loops and duplicates."""
        allowed = {n.id for n in self.nodes.values() if may_stand(n, persons=persons)}
        pairs = {tie.pair for tie in self.ties if tie.source != tie.target}
        return make_graph(self.nodes, pairs, allowed)


def make_graph(
    names: Collection[str], pairs: Iterable[tuple[str, str]], allowed: Collection[str]
) -> Graph:
    """A graph in its own order. allowed: names of nodes that may stand in a set."""
    plain = sorted(names)
    number = {name: i for i, name in enumerate(plain)}
    near = neighbours_of(len(plain), ((number[a], number[b]) for a, b in pairs))
    order = canonical_order(near, [int(name in allowed) for name in plain])
    place = [0] * len(order)
    for new, old in enumerate(order):
        place[old] = new
    return Graph(
        tuple(plain[old] for old in order),
        tuple(tuple(sorted(place[other] for other in near[old])) for old in order),
        tuple(plain[old] in allowed for old in order),
    )


def neighbours_of(nodes: int, pairs: Iterable[tuple[int, int]]) -> Neighbours:
    """Each node's neighbours, in order."""
    near: list[set[int]] = [set() for _ in range(nodes)]
    for a, b in pairs:
        near[a].add(b)
        near[b].add(a)
    return tuple(tuple(sorted(row)) for row in near)

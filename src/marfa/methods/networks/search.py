"""The sets whose removal leaves the fewest connected pairs: all of them, and proof of it.

The objective is that of Borgatti, "Identifying sets of key players in a social network",
Computational & Mathematical Organization Theory 12 (2006), known elsewhere as the critical node
problem. Prefixes of k - 1 nodes are enumerated; one pass (``splitting``) tries every last node at
once. A prefix is left out only where a bound proves that no set from it is as good as the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import comb
from time import process_time

from marfa.methods.networks.network import Graph
from marfa.methods.networks.splitting import Splitter

SHOWN = 50
"""Sets that are kept; all are counted."""

WORTH_COMPILING = 3_000_000
"""Steps of the search below which loading machine code takes longer than it saves."""


@dataclass(frozen=True)
class BestSets:
    """What the search found.

    exact: no set leaves fewer pairs. bound: none can leave fewer than this. sets: the first
    SHOWN of the equally good ones, as numbers of nodes. total: how many there are;
    all_counted: whether the search came to its end, so that there are no more.
    """

    pairs_before: int
    pairs_after: int
    bound: int
    sets: tuple[tuple[int, ...], ...]
    total: int
    all_counted: bool

    @property
    def exact(self) -> bool:
        return self.bound >= self.pairs_after


class _TimeIsUpError(Exception):
    pass


@dataclass
class _Search:
    graph: Graph
    k: int
    order: list[int]
    split: Splitter
    best: int
    until: float | None
    prefix: list[int] = field(default_factory=list)
    sets: list[tuple[int, ...]] = field(default_factory=list)
    total: int = 0
    begun: int = 0

    def __post_init__(self) -> None:
        self.tails = [self.order[i:] for i in range(len(self.order) + 1)]
        self.spread = [len(self.graph.neighbours[v]) - 1 for v in self.order]
        self.components = len(component_sizes(self.graph.neighbours))

    def go(self, start: int, left: int, pieces: int) -> None:
        """All sets that begin with the prefix. pieces: how many it can have made at most."""
        if self.until is not None and process_time() > self.until:
            raise _TimeIsUpError
        total = self.split.run()
        if left == 1:
            self._finish(start, total)
            return
        lowest, largest = self._one_more(start, total) if left == 2 else ([], 0)
        for i in range(start, len(self.order) - left + 1):
            if not self.prefix:
                self.begun = i
            if self.even_bound(i, left, pieces) > self.best:
                return
            v = self.order[i]
            if left == 2 and lowest[i + 1 - start] - self._most_gain(v, largest) > self.best:
                continue
            self.prefix.append(v)
            self.split.gone[v] = 1
            try:
                self.go(i + 1, left - 1, pieces + self.spread[i])
            finally:
                self.split.gone[v] = 0
                self.prefix.pop()

    def even_bound(self, i: int, left: int, pieces: int) -> int:
        """Pairs that remain at least if ``left`` nodes go from place i on.

        A node that goes leaves no more pieces than it has ties, and pieces of even size have
        the fewest pairs. Nodes stand by number of ties, so the next ones have the most.
        """
        pieces += sum(self.spread[i : i + left])
        return even_pairs(self.graph.nodes - self.k, pieces)

    def _one_more(self, start: int, total: int) -> tuple[list[int], int]:
        """For each place the fewest pairs that one node from there on leaves; the largest piece."""
        loss = self.split.loss
        lowest = [total + 1]
        for v in reversed(self.tails[start]):
            lowest.append(min(lowest[-1], total - int(loss[v])))
        gone = self.split.gone
        sizes = (int(s) for s, out in zip(self.split.size, gone, strict=True) if not out)
        return lowest[::-1], max(sizes, default=0)

    def _most_gain(self, v: int, largest: int) -> int:
        """Pairs that v can still part when it goes after the other last one."""
        gone = self.split.gone
        ties = sum(1 for w in self.graph.neighbours[v] if not gone[w])
        return comb(largest, 2) - even_pairs(largest - 1, ties) if ties else 0

    def _finish(self, start: int, total: int) -> None:
        loss = self.split.loss
        tail = self.tails[start]
        value = total - max(map(loss.__getitem__, tail))
        if value > self.best:
            return
        if value < self.best:
            self.best, self.total, self.sets = int(value), 0, []
        equal = [v for v in tail if total - loss[v] == value]
        self.total += len(equal)
        for v in equal[: SHOWN - len(self.sets)]:
            self.sets.append((*self.prefix, v))


def find_best_sets(
    graph: Graph,
    k: int,
    *,
    seconds: float | None = None,
    fast: bool = True,
    known: int | None = None,
) -> BestSets:
    """The sets of k nodes that may stand whose removal leaves the fewest connected pairs.

    Where fewer than k nodes may stand, the sets hold all of them. seconds: processor time after
    which the best found so far is given, with a bound. fast: use machine code where it is
    installed and worth loading. known: pairs that some set is known to leave.
    """
    k = min(k, len(graph.candidates))
    before = connected_pairs(graph.neighbours)
    if k == 0:
        return BestSets(before, before, before, (), 0, True)
    until = None if seconds is None else process_time() + seconds
    split = Splitter(graph.neighbours, fast=fast and _steps(graph, k) > WORTH_COMPILING)
    order = sorted(graph.candidates, key=lambda v: -len(graph.neighbours[v]))
    start = improve(split, order, greedy_set(split, order, k))
    best = pairs_without(split, start)
    best = best if known is None else min(best, known)
    search = _Search(graph, k, order, split, best, until)
    try:
        search.go(0, k, search.components)
    except _TimeIsUpError:
        return _cut_short(search, before, start)
    return BestSets(before, search.best, search.best, tuple(search.sets), search.total, True)


def _cut_short(search: _Search, before: int, start: Sequence[int]) -> BestSets:
    """What is known when time is up: sets not yet tried begin at or after ``begun``."""
    bound = min(search.best, search.even_bound(search.begun, search.k, search.components))
    sets = tuple(search.sets) or (tuple(start),)
    return BestSets(before, search.best, bound, sets, max(search.total, 1), False)


def _steps(graph: Graph, k: int) -> int:
    return comb(len(graph.candidates), k - 1) * (graph.nodes + 2 * graph.ties)


def greedy_set(split: Splitter, order: Sequence[int], k: int) -> list[int]:
    """One node after the other, each the best at that moment."""
    chosen: list[int] = []
    for _ in range(k):
        split.run()
        chosen.append(max((v for v in order if v not in chosen), key=split.loss.__getitem__))
        split.gone[chosen[-1]] = 1
    for v in chosen:
        split.gone[v] = 0
    return chosen


def improve(split: Splitter, order: Sequence[int], chosen: Sequence[int]) -> list[int]:
    """Swap one node for a better one until no swap helps: a good start for the proof."""
    found = list(chosen)
    value = pairs_without(split, found)
    helped = True
    while helped:
        helped = False
        for i in range(len(found)):
            others = found[:i] + found[i + 1 :]
            _set_gone(split, others, 1)
            total = split.run()
            v = max((v for v in order if v not in others), key=split.loss.__getitem__)
            after = total - int(split.loss[v])
            _set_gone(split, others, 0)
            if after < value:
                found[i], value, helped = v, after, True
    return found


def pairs_without(split: Splitter, chosen: Sequence[int]) -> int:
    """Connected pairs once these nodes are gone."""
    _set_gone(split, chosen, 1)
    total = split.run()
    _set_gone(split, chosen, 0)
    return total


def _set_gone(split: Splitter, nodes: Sequence[int], value: int) -> None:
    for v in nodes:
        split.gone[v] = value


def even_pairs(nodes: int, pieces: int) -> int:
    """Fewest connected pairs of nodes in at most that many pieces."""
    if nodes <= 0 or pieces >= nodes:
        return 0
    if pieces <= 0:
        return comb(nodes, 2)
    each, more = divmod(nodes, pieces)
    return more * comb(each + 1, 2) + (pieces - more) * comb(each, 2)


def component_sizes(neighbours: Sequence[Sequence[int]]) -> list[int]:
    """Sizes of the components, the largest first."""
    seen: set[int] = set()
    sizes = []
    for root in range(len(neighbours)):
        if root in seen:
            continue
        seen.add(root)
        front, size = [root], 0
        while front:
            v = front.pop()
            size += 1
            fresh = [w for w in neighbours[v] if w not in seen]
            seen.update(fresh)
            front += fresh
        sizes.append(size)
    return sorted(sizes, reverse=True)


def connected_pairs(neighbours: Sequence[Sequence[int]]) -> int:
    """Pairs of nodes with a path between them."""
    return sum(comb(size, 2) for size in component_sizes(neighbours))

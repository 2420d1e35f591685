"""How many pairs stay connected when one more node goes: one pass for all nodes at once.

Articulation points by depth-first search (Tarjan, SIAM Journal on Computing 1 (1972)): below a
node, the subtrees whose low point does not climb above it are what falls off when it goes; all
else of its component stays in one piece. Their sizes give the pairs that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

Numbers = Any
"""A list of whole numbers, or an array of them where the loop is machine code."""

WORKING_ARRAYS = 9


def pass_over(
    starts: Numbers,
    ends: Numbers,
    gone: Numbers,
    seen: Numbers,
    low: Numbers,
    size: Numbers,
    parent: Numbers,
    edge: Numbers,
    stack: Numbers,
    cut: Numbers,
    cut_pairs: Numbers,
    loss: Numbers,
) -> int:
    """Pairs connected now; ``loss[v]``: how many fewer when ``v`` goes too.

    starts: of node v, the neighbours are ends[starts[v]:starts[v + 1]]. gone: 1 for nodes that
    have gone already. The others are room to work in, one number a node.
    """
    nodes = len(gone)
    for v in range(nodes):
        seen[v] = 0
        loss[v] = 0
    total = 0
    clock = 0
    for root in range(nodes):
        if gone[root] or seen[root]:
            continue
        first = clock
        clock += 1
        seen[root] = clock
        low[root] = clock
        size[root] = 1
        cut[root] = 0
        cut_pairs[root] = 0
        parent[root] = -1
        edge[root] = starts[root]
        v = root
        while v >= 0:
            if edge[v] < starts[v + 1]:
                w = ends[edge[v]]
                edge[v] += 1
                if gone[w]:
                    continue
                if seen[w] == 0:
                    stack[clock] = w
                    clock += 1
                    seen[w] = clock
                    low[w] = clock
                    size[w] = 1
                    cut[w] = 0
                    cut_pairs[w] = 0
                    parent[w] = v
                    edge[w] = starts[w]
                    v = w
                elif seen[w] < low[v]:
                    low[v] = seen[w]
            else:
                up = parent[v]
                if up >= 0:
                    size[up] += size[v]
                    if low[v] < low[up]:
                        low[up] = low[v]
                    if low[v] >= seen[up]:
                        cut[up] += size[v]
                        cut_pairs[up] += size[v] * (size[v] - 1) // 2
                v = up
        stack[first] = root
        whole = clock - first
        pairs = whole * (whole - 1) // 2
        total += pairs
        for i in range(first, clock):
            v = stack[i]
            rest = whole - 1 - cut[v]
            loss[v] = pairs - cut_pairs[v] - rest * (rest - 1) // 2
    return total


class Splitter:
    """The pass over one graph, with its room; ``fast`` asks for machine code if it is there."""

    def __init__(self, neighbours: Sequence[Sequence[int]], *, fast: bool = False) -> None:
        starts: list[int] = [0]
        ends: list[int] = []
        for row in neighbours:
            ends.extend(row)
            starts.append(len(ends))
        room = [[0] * len(neighbours) for _ in range(WORKING_ARRAYS + 1)]
        self._run: Callable[..., int] = pass_over
        self._arrays: list[Numbers] = [starts, ends, *room]
        compiled = machine_code() if fast else None
        if compiled is not None:
            self._run = compiled
            self._arrays = [np.array(part, dtype=np.int64) for part in self._arrays]
        self.gone: Numbers = self._arrays[2]
        self.loss: Numbers = self._arrays[-1]
        self.size: Numbers = self._arrays[5]

    def run(self) -> int:
        """Pairs that are connected among nodes not in ``gone``; sets ``loss``."""
        return int(self._run(*self._arrays))


_compiled: list[Any] = []


def machine_code() -> Callable[..., int] | None:
    """The pass as machine code, where the extra ``kernels`` is installed; else None.

    It is kept between runs where the file system lets it be.
    """
    if find_spec("numba") is None:
        return None
    if not _compiled:
        from numba import njit

        try:
            _compiled.append(njit(cache=True)(pass_over))
        except RuntimeError:
            _compiled.append(njit(pass_over))
    found: Callable[..., int] = _compiled[0]
    return found

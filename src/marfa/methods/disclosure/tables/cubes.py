"""Protection at any size: for each cell a swap of persons that leaves all published figures alone.

A swap takes an innermost cell and, in some dimensions, a second value; moving t persons along the
edges of that cube, with alternating signs, changes only the cells of the cube and the margins over
the dimensions that are kept (the hypercube method of Repsilber, here with margins as cells and
hierarchies). If all of these are suppressed and hold enough persons, the attacker cannot tell
the swapped table from the true one: the swap is a proof of the interval. Costs are found for
many cells at once; the work grows in proportion to the cells that need protection.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints
from marfa.methods.disclosure.tables.cells import Cells
from marfa.methods.disclosure.tables.classes import Classes

DENSE = 30_000_000
ROUNDS = 60
SHARE = 0.05
AT_ONCE = 32
"""Swaps taken in a round: a share of those that are open, and never fewer than a few."""

TRIES = 4
"""Sets of dimensions tried anew in each round after the first."""

PARTNERS = 12


@dataclass(frozen=True)
class Tasks:
    """Cells to protect. nodes: (n, dims) of the cell; leaf: (n, dims) of an innermost part;
    up, down: (n,) deviations to be possible; key: (n,) class."""

    key: Ints
    nodes: Ints
    leaf: Ints
    up: Ints
    down: Ints

    def take(self, chosen: Ints | Bools) -> Tasks:
        """The tasks at these positions."""
        return Tasks(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


class Cubes:
    """Swaps within one table."""

    def __init__(self, cells: Cells, classes: Classes) -> None:
        self.cells, self.classes = cells, classes
        sizes = [len(dimension.labels) for dimension in cells.dimensions]
        self._strides = np.cumprod([1, *sizes[:0:-1]], dtype=np.int64)[::-1]
        self._codes = cells.nodes @ self._strides
        self._dense: Ints | None = None
        if np.prod(sizes, dtype=float) <= DENSE:
            self._dense = np.full(int(np.prod(sizes)), -1, dtype=np.int64)
            self._dense[self._codes] = classes.of_cell
        self._edges = [_edges(d.chains) for d in cells.dimensions]
        self._random = np.random.default_rng(20171121)
        self._leaf_nodes = cells.nodes[cells.leaves]
        self._leaf_counts = cells.counts[cells.leaves]
        roots = np.sqrt(self._leaf_counts)
        self._chances = np.cumsum(roots)[:-1] / roots.sum()
        self._lines = [self._line_order(axis) for axis in range(len(sizes))]

    def tasks(self, up: Ints, down: Ints) -> Tasks:
        """A task for every class that needs room. up, down: (classes,) deviations needed."""
        classes, cells = self.classes, self.cells
        key = np.flatnonzero((up > 0) | (down > 0))
        member = np.zeros(len(classes.counts), dtype=np.int64)
        member[classes.of_cell] = np.arange(len(cells.counts))
        member[classes.leaf_class] = cells.leaves
        order = np.lexsort(
            (
                self._leaf_counts[classes.parts],
                np.repeat(np.arange(len(classes.counts)), np.diff(classes.starts)),
            )
        )
        largest = classes.parts[order][classes.starts[1:] - 1]
        return Tasks(
            key, cells.nodes[member[key]], self._leaf_nodes[largest[key]], up[key], down[key]
        )

    def protect(self, suppressed: Bools, up: Ints, down: Ints) -> Bools:
        """Suppressed classes and those that the swaps of all tasks need."""
        suppressed = suppressed.copy()
        todo = self.tasks(up, down)
        swap = todo.leaf.copy()
        for turn in range(ROUNDS):
            if not len(todo.key):
                return suppressed
            cost, swap = self.best(todo, suppressed, swap, every=turn == 0)
            free = cost <= 0
            chosen = np.flatnonzero(np.isfinite(cost) & ~free)
            chosen = chosen[np.argsort(cost[chosen], kind="stable")]
            # Few at a time: what one swap withholds makes the next ones cheaper.
            share = SHARE if turn < ROUNDS - 1 else 1.0
            chosen = chosen[: max(AT_ONCE, int(len(chosen) * share))]
            self._apply(todo.take(chosen), swap[chosen], suppressed)
            keep = ~free
            keep[chosen] = False
            todo, swap = todo.take(keep), swap[keep]
        for key, rise, fall in zip(todo.key, todo.up, todo.down, strict=True):
            self._transfer(int(key), int(rise), int(fall), suppressed)
        return suppressed

    def best(
        self, tasks: Tasks, suppressed: Bools, swap: Ints, *, every: bool
    ) -> tuple[Floats, Ints]:
        """The cheapest swap of each task among ``swap`` (the best so far) and new ones.

        Returns its cost (infinite: none yet) and the second values, (n, dimensions).
        """
        price = np.append(np.where(suppressed, 0.0, self.classes.weights), np.inf)
        swap = swap.copy()
        cost = self._cost(tasks, swap, price)
        for other in self._candidates(tasks, every=every):
            new = self._cost(tasks, other, price)
            better = new < cost
            cost[better] = new[better]
            swap[better] = other[better]
        return cost, swap

    def _candidates(self, tasks: Tasks, *, every: bool) -> Iterator[Ints]:
        """Second values to try, (n, dims) each; equal to the leaf's where a dimension is kept."""
        dims = len(self._edges)
        for axis in range(dims):
            other = tasks.leaf.copy()
            other[:, axis] = self._neighbour(tasks.leaf, axis, heaviest=every)
            yield other
        masks = [np.array(m) for m in product((False, True), repeat=dims) if sum(m) >= 2]
        if not masks:
            return
        number = len(masks) if every else min(TRIES, len(masks))
        order = self._random.permutation(len(masks))[:number]
        for place in order:
            for source in self._sources(tasks, heaviest=every):
                yield np.where(masks[place], source, tasks.leaf)

    def _sources(self, tasks: Tasks, *, heaviest: bool) -> tuple[Ints, Ints]:
        """Second values in every dimension: from any innermost cell, and from the leaf's lines."""
        far = self._leaf_nodes[np.searchsorted(self._chances, self._random.random(len(tasks.key)))]
        near = tasks.leaf.copy()
        for axis in range(len(self._edges)):
            near[:, axis] = self._neighbour(tasks.leaf, axis, heaviest=heaviest)
        return far, near

    def _line_order(self, axis: int) -> tuple[Ints, Ints, Ints]:
        """Leaves ordered by line along an axis and count; sorted codes of lines; line ends."""
        line = self._leaf_nodes @ np.where(np.arange(len(self._edges)) == axis, 0, self._strides)
        order = np.lexsort((-self._leaf_counts, line))
        codes, first = np.unique(line[order], return_index=True)
        return order, codes, np.append(first, len(order)).astype(np.int64)

    def _neighbour(self, leaf: Ints, axis: int, heaviest: bool) -> Ints:
        """(n,) another value on the axis that occurs with the leaf's other values."""
        order, codes, first = self._lines[axis]
        line = leaf @ np.where(np.arange(len(self._edges)) == axis, 0, self._strides)
        at = np.searchsorted(codes, line)
        length = first[at + 1] - first[at]
        pick = np.zeros(len(leaf), dtype=np.int64)
        if not heaviest:
            pick = self._random.integers(0, length)
        value = self._leaf_nodes[order[first[at] + pick], axis]
        same = (value == leaf[:, axis]) & (length > 1)
        again = self._leaf_nodes[order[first[at] + (pick + 1) % length], axis]
        other: Ints = np.where(same, again, value)
        return other

    def _cost(self, tasks: Tasks, other: Ints, price: Floats) -> Floats:
        """(n,) price of the classes to be suppressed yet; infinite where a swap is not possible."""
        cost = np.zeros(len(tasks.key))
        cost[(other == tasks.leaf).all(axis=1)] = np.inf
        hit = np.zeros(len(tasks.key), dtype=bool)
        counts = np.append(self.classes.counts, 0)
        for key, sign, real in self._members(tasks, other):
            cost += np.where(real, price[key], 0.0)
            room = np.where(sign > 0, tasks.down, tasks.up + 1)
            cost[real & (counts[key] < room)] = np.inf
            hit |= real & (key == tasks.key) & (sign > 0)
        cost[~hit] = np.inf
        return cost

    def _apply(self, tasks: Tasks, other: Ints, suppressed: Bools) -> None:
        for key, _sign, real in self._members(tasks, other):
            suppressed[key[real]] = True

    def _members(self, tasks: Tasks, other: Ints) -> Iterator[tuple[Ints, Ints, Bools]]:
        """Cells of each swap, one place of the cube at a time: class, sign, whether it exists."""
        parts: list[list[tuple[Ints, Ints]]] = []
        for axis, (nodes, signs) in enumerate(self._edges):
            first, second = tasks.leaf[:, axis], other[:, axis]
            parts.append(
                [
                    (nodes[first, second, place] * self._strides[axis], signs[first, second, place])
                    for place in range(nodes.shape[2])
                ]
            )
        for code, sign in _crossed(parts):
            real = sign != 0
            if real.any():
                yield self._class_at(code), sign, real

    def _class_at(self, code: Ints) -> Ints:
        """(n,) class of the cell with a code; -1 for a zero."""
        if self._dense is not None:
            dense: Ints = self._dense[code]
            return dense
        at = np.minimum(np.searchsorted(self._codes, code), len(self._codes) - 1)
        found: Ints = np.where(self._codes[at] == code, self.classes.of_cell[at], -1)
        return found

    def _transfer(self, key: int, up: int, down: int, suppressed: Bools) -> None:
        """Where no swap fits: move persons between the cell and one other innermost cell."""
        classes = self.classes
        leaves = classes.parts[classes.starts[key] : classes.starts[key + 1]]
        leaves = leaves[np.argsort(-self._leaf_counts[leaves], kind="stable")]
        moved = np.minimum(np.cumsum(self._leaf_counts[leaves]), down)
        used = leaves[np.diff(moved, prepend=0) > 0] if down else leaves[:1]
        able = self._leaf_counts > up
        able[leaves] = False
        partners = np.flatnonzero(able)
        above = [set(self._above(leaf)) for leaf in used]
        moving = set().union(*above)
        if not len(partners):
            # Nobody else to exchange with: the total itself must give way.
            suppressed[list(moving)] = True
            return
        apart = (self._leaf_nodes[partners] != self._leaf_nodes[used[0]]).sum(axis=1)
        nearest = partners[np.argpartition(apart, min(PARTNERS, len(apart)) - 1)[:PARTNERS]]
        together = set.intersection(*above)
        best: set[int] = set()
        cost = np.inf
        for partner in nearest:
            other = set(self._above(partner))
            # Cells with the partner and everyone who moves stay as they are.
            touched = (moving | other) - (together & other)
            price = sum(classes.weights[c] for c in touched if not suppressed[c])
            if price < cost:
                best, cost = touched, price
        suppressed[list(best)] = True

    def _above(self, leaf: np.int64) -> list[int]:
        """Classes of every cell that holds a leaf, itself included."""
        chains = [dimension.chains for dimension in self.cells.dimensions]
        sets = [chain[n] for chain, n in zip(chains, self._leaf_nodes[leaf], strict=True)]
        codes = np.array(list(product(*sets)), dtype=np.int64) @ self._strides
        return [int(found) for found in self._class_at(codes)]


def _crossed(parts: list[list[tuple[Ints, Ints]]]) -> Iterator[tuple[Ints, Ints]]:
    """Sum of codes and product of signs over one choice in each dimension."""
    if len(parts) == 1:
        yield from parts[0]
        return
    for code, sign in parts[0]:
        for rest, signs in _crossed(parts[1:]):
            yield code + rest, sign * signs


def _edges(chains: tuple[tuple[int, ...], ...]) -> tuple[Ints, Ints]:
    """For a pair of nodes, the nodes whose count changes when persons move from second to first.

    (nodes, nodes, places) node and sign; sign 0 fills up. An equal pair changes its whole chain.
    """
    longest = max(len(chain) for chain in chains)
    width = max(longest, 2 * (longest - 1))
    nodes = np.zeros((len(chains), len(chains), width), dtype=np.int64)
    signs = np.zeros((len(chains), len(chains), width), dtype=np.int64)
    for first, second in product(range(len(chains)), repeat=2):
        one, two = set(chains[first]), set(chains[second])
        gains = sorted(one - two) if first != second else sorted(one)
        both = [(node, 1) for node in gains] + [(node, -1) for node in sorted(two - one)]
        for place, (node, sign) in enumerate(both):
            nodes[first, second, place] = node
            signs[first, second, place] = sign
    return nodes, signs

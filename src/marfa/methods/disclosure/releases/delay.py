"""Dated tables of a growing population: who is counted now, and who only in a later table.

People who came or went are counted once they are k or more in a combination; until then it counts
who was counted before, in its cell and in every margin alike. So all figures of a table are about
the same people, and the difference of two tables is a count of k or more, or nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from marfa.methods.disclosure.releases.release import Released, Value
from marfa.methods.disclosure.tables.cells import Cells
from marfa.methods.disclosure.tables.dimension import UNSPECIFIED, Dimension

Combination = tuple[Value, ...]
Counts = Mapping[Combination, int]


@dataclass(frozen=True)
class Delay:
    """counts: who is counted, by combination. late: combinations that count who was counted by
    then; those in which nobody came or went are among them, so that it tells nothing."""

    counts: Counts
    late: frozenset[Combination]

    def rows(self) -> list[tuple[object, ...]]:
        """As ``count`` gives them: values and the count last."""
        return [(*values, number) for values, number in self.counts.items() if number]


def counts_of(cells: Cells) -> dict[Combination, int]:
    """The innermost cells by their values."""
    labels = [_plain_labels(dimension) for dimension in cells.dimensions]
    return {
        tuple(names[node] for names, node in zip(labels, nodes, strict=True)): int(count)
        for nodes, count in zip(
            cells.nodes[cells.leaves].tolist(), cells.counts[cells.leaves].tolist(), strict=True
        )
    }


def counts_before(release: Released) -> dict[Combination, int]:
    """Who was counted in the table before."""
    if release.true is None:
        raise ValueError("only a register knows who was counted")
    inner = np.flatnonzero(release.table.innermost)
    labels = [_plain_labels(dimension) for dimension in release.table.dimensions]
    return {
        tuple(names[node] for names, node in zip(labels, nodes, strict=True)): int(count)
        for nodes, count in zip(
            release.table.nodes[inner].tolist(), release.true[inner].tolist(), strict=True
        )
    }


def _plain_labels(dimension: Dimension) -> list[Value]:
    """Of each node; records that name a group alone have the group's own name."""
    return [
        None if label is None else label.removesuffix(UNSPECIFIED) for label in dimension.labels
    ]


def delayed_counts(
    before: Counts, now: Counts, dimensions: tuple[Dimension, ...], minimum: int
) -> Iterator[Delay]:
    """Who may be counted, from as many of those who came as possible to nobody.

    dimensions: with every value of both dates, so that margins can be added up.
    """
    every = sorted(before.keys() | now.keys(), key=lambda c: tuple((v is None, v or "") for v in c))
    change = {c: now.get(c, 0) - before.get(c, 0) for c in every}
    large = [c for c in every if abs(change[c]) >= minimum]
    large.sort(key=lambda c: -abs(change[c]))
    tried: set[frozenset[Combination]] = set()
    while True:
        kept = _without_small_sums(large, change, dimensions, minimum)
        if kept not in tried:
            tried.add(kept)
            counts = {c: now.get(c, 0) if c in kept else before.get(c, 0) for c in every}
            yield Delay(counts, frozenset(every) - kept)
        if not large:
            return
        large = large[: len(large) // 2]


def _without_small_sums(
    large: list[Combination],
    change: Counts,
    dimensions: tuple[Dimension, ...],
    minimum: int,
) -> frozenset[Combination]:
    """Those whose changes add up to no small number in any margin."""
    kept = list(large)
    while True:
        sums: dict[tuple[int, ...], int] = {}
        for combination in kept:
            for cell in _margins(combination, dimensions):
                sums[cell] = sums.get(cell, 0) + change[combination]
        wrong = [cell for cell, number in sums.items() if 0 < abs(number) < minimum]
        if not wrong:
            return frozenset(kept)
        cell = min(wrong)
        inside = [c for c in kept if cell in set(_margins(c, dimensions))]
        kept.remove(min(inside, key=lambda c: (abs(change[c]), change[c])))


def _margins(
    combination: Combination, dimensions: tuple[Dimension, ...]
) -> Iterator[tuple[int, ...]]:
    chains = [d.chains[d.leaf_for(v)] for d, v in zip(dimensions, combination, strict=True)]
    return product(*chains)

"""Which combinations of two and three values are counted: all, or as many as can be.

Where there are too many, those are counted that what was released before lets one expect to be
largest; it is chosen from released figures alone, and says nothing of the records.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from marfa.methods.disclosure.private.combinations import Group, Workload, whole_workload
from marfa.methods.disclosure.tables.arrays import Floats, Ints

MOST_CELLS = 60_000
"""Combinations of one length."""
MOST_GROUPS = 4_000
"""Groups of columns of one length."""
MOST_OF_GROUP = 2_000_000
"""Combinations of one group that are looked at."""


def single_values(sizes: Sequence[int]) -> Workload:
    """Every value of every column."""
    return whole_workload(sizes, [(column,) for column in range(len(sizes))])


def choose_candidates(
    sizes: Sequence[int], length: int, singles: Floats, pairs: Floats | None, number: float
) -> Workload:
    """Combinations of so many columns.

    sizes: values of each column. singles: (values,) the most that each may well count. pairs:
    (values, values) the same of two; None where they follow from the singles. number: of records.
    """
    groups = [
        each for each in combinations(range(len(sizes)), length) if all(sizes[c] for c in each)
    ]
    if not groups:
        return Workload((), tuple(sizes))
    cells = np.array([float(np.prod([sizes[c] for c in each])) for each in groups])
    if cells.sum() <= MOST_CELLS and len(groups) <= MOST_GROUPS:
        return whole_workload(sizes, groups)
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    ahead = pairs if pairs is not None else np.outer(singles, singles) / max(1.0, number)
    kept = _largest_groups(np.array(groups), ahead, offsets)
    bounds = [_bounds(each, ahead, singles, offsets) for each in kept]
    return Workload(tuple(_largest_cells(kept, bounds, sizes)), tuple(sizes))


def _largest_groups(groups: Ints, ahead: Floats, offsets: Ints) -> list[tuple[int, ...]]:
    """The groups of columns whose counts may come to most."""
    columns = len(offsets) - 1
    of = np.repeat(np.arange(columns), np.diff(offsets))
    totals = np.zeros((columns, columns))
    np.add.at(totals, (of[:, None], of[None, :]), np.maximum(ahead, 0.0))
    mass = np.min([totals[groups[:, a], groups[:, b]] for a, b in _pairs(groups.shape[1])], axis=0)
    order = np.argsort(-mass, kind="stable")[:MOST_GROUPS]
    return [tuple(each) for each in groups[np.sort(order)].tolist()]


def _bounds(
    group: tuple[int, ...], ahead: Floats, singles: Floats, offsets: Ints
) -> tuple[Ints, Floats]:
    """Codes of the combinations of a group that may count anything, and how much."""
    ranges = [np.arange(offsets[c], offsets[c + 1]) for c in group]
    kept = [each[np.argsort(-singles[each], kind="stable")] for each in ranges]
    while np.prod([float(len(each)) for each in kept]) > MOST_OF_GROUP:
        widest = max(range(len(kept)), key=lambda n: len(kept[n]))
        kept[widest] = kept[widest][: len(kept[widest]) // 2]
    bound = np.full([len(each) for each in kept], np.inf)
    for a, b in _pairs(len(group)):
        shape = [len(each) if n in (a, b) else 1 for n, each in enumerate(kept)]
        bound = np.minimum(bound, ahead[np.ix_(kept[a], kept[b])].reshape(shape))
    codes = np.zeros(bound.shape, dtype=np.int64)
    for n, each in enumerate(kept):
        shape = [len(each) if m == n else 1 for m in range(len(kept))]
        codes = codes * len(ranges[n]) + (each - offsets[group[n]]).reshape(shape)
    some = bound.ravel() > 0
    return codes.ravel()[some], bound.ravel()[some]


def _largest_cells(
    groups: Sequence[tuple[int, ...]], bounds: Sequence[tuple[Ints, Floats]], sizes: Sequence[int]
) -> list[Group]:
    everything = np.concatenate([bound for _codes, bound in bounds])
    least = 0.0
    if len(everything) > MOST_CELLS:
        least = float(np.partition(everything, -MOST_CELLS)[-MOST_CELLS])
    found = []
    for group, (codes, bound) in zip(groups, bounds, strict=True):
        if (bound > least).any():
            found.append(Group(group, np.sort(codes[bound > least])))
    return found


def _pairs(length: int) -> list[tuple[int, int]]:
    return list(combinations(range(length), 2))

"""From the odds of each pair by itself to the odds of it among the others, and to clusters.

Whoever is on both lists most of the time has a record on the other: where nothing else fits, what
fits a little fits more; where a list has nobody twice, two that fit share what there is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from marfa.methods.linkage.parts import Floats, Ints

MOST_COVERED = 0.98
ROUNDS = 12
FAR = 60.0


def odds_among_others(
    odds: Floats, left: Ints, right: Ints, lists: Ints, *, one_to_one: bool
) -> Floats:
    """Logarithms of odds, with what the other candidates of both records say.

    odds: of each pair by itself. one_to_one: whether no list has anybody twice; then a record has
    at most one on each other list, and the sums are passed to and fro (belief propagation) until
    they are what all say together.
    """
    if not len(odds):
        return odds
    odds = np.clip(odds, -FAR, FAR)
    count = int(lists.max()) + 1
    # Within one list a record is on the left of some pairs and on the right of others: all of them
    # are in one group.
    keys = np.concatenate(
        [
            own.astype(np.int64) * count + lists[other]
            for own, other in ((left, right), (right, left))
        ]
    )
    keys, places = np.unique(keys, return_inverse=True)
    groups = places[: len(odds)], places[len(odds) :]
    result = odds
    for _again in range(2):
        free = 1.0 - _covered(result, left, right, lists, keys)
        if one_to_one:
            result = _exclusive(odds, groups, free)
        else:
            known = _explained(result, groups)
            spare = [free[g] + (1.0 - free[g]) * k for g, k in zip(groups, known, strict=True)]
            result = odds - np.log(spare[0]) - np.log(spare[1])
    return result


Groups = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]
"""By pair the group of its left record and that of its right one."""


def _covered(
    odds: Floats, left: Ints, right: Ints, lists: Ints, keys: npt.NDArray[np.int64]
) -> Floats:
    """By group (a record and another list): which share of its list is on that list."""
    count = int(lists.max()) + 1
    sizes = np.bincount(lists, minlength=count).astype(np.float64)
    one, other = lists[left].astype(np.int64), lists[right]
    likely = np.bincount(one * count + other, weights=_share(odds), minlength=count * count)
    table = likely.reshape(count, count)
    table = table + table.T
    records, others = np.divmod(keys, count)
    share = table[lists[records], others] / sizes[lists[records]]
    return np.minimum(share, MOST_COVERED)


def _share(odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -FAR, FAR))))


def _explained(odds: Floats, groups: Groups) -> list[Floats]:
    """By side and pair, how sure it is that another candidate of its group is the one."""
    not_this = np.log1p(-np.minimum(_share(odds), 1.0 - 1e-12))
    total = _by_group(groups, (not_this, not_this))
    return [np.asarray(1.0 - np.exp(np.minimum(0.0, total[g] - not_this))) for g in groups]


def _by_group(groups: Groups, values: Sequence[Floats]) -> Floats:
    found = np.bincount(np.concatenate(groups), weights=np.concatenate(values))
    return np.asarray(found, dtype=np.float64)


def _exclusive(odds: Floats, groups: Groups, free: Floats) -> Floats:
    spare = [free[group] for group in groups]
    for _round in range(ROUNDS):
        messages = [np.exp(np.clip(odds - np.log(each), -FAR, FAR)) for each in reversed(spare)]
        total = _by_group(groups, messages)
        spare = [
            free[g] + np.maximum(0.0, total[g] - m) for g, m in zip(groups, messages, strict=True)
        ]
    return np.asarray(odds - np.log(spare[0]) - np.log(spare[1]))


def find_clusters(
    size: int,
    left: Ints,
    right: Ints,
    odds: Floats,
    barred: npt.NDArray[np.bool_],
    lists: Ints,
    *,
    one_to_one: bool,
) -> Ints:
    """By row the number of its cluster: pairs are joined, the surest first.

    Two clusters are not joined where a pair across them is barred, nor, with ``one_to_one``, where
    both have a record of one list.
    """
    cluster = np.arange(size, dtype=np.int32)
    members: dict[int, list[int]] = {}
    against: dict[int, set[int]] = {}
    for row in np.flatnonzero(barred).tolist():
        one, other = int(left[row]), int(right[row])
        against.setdefault(one, set()).add(other)
        against.setdefault(other, set()).add(one)
    chosen = np.flatnonzero((odds >= 0) & ~barred)
    order = chosen[np.lexsort((right[chosen], left[chosen], -odds[chosen]))]
    for row in order.tolist():
        one, other = int(cluster[left[row]]), int(cluster[right[row]])
        if one == other:
            continue
        ours = members.get(one, [one])
        theirs = members.get(other, [other])
        if any(against.get(member, _NOBODY) & set(theirs) for member in ours):
            continue
        if one_to_one and {int(lists[m]) for m in ours} & {int(lists[m]) for m in theirs}:
            continue
        joined = sorted(ours + theirs)
        members[joined[0]] = joined
        cluster[joined] = joined[0]
    return cluster


_NOBODY: set[int] = set()

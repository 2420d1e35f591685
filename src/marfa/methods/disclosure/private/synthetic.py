"""Records of nobody, drawn from the mixture; none has a combination that is not released.

What the mixture draws can join values that no count supports. In such a record the value that is in
most of these combinations is drawn anew, a few times, and then left out, until none is left: in the
end it reports less rather than something invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from marfa.methods.disclosure.private.combinations import Workload
from marfa.methods.disclosure.private.mixture import Mixture
from marfa.methods.disclosure.private.records import Column, Records
from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints

SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
Wrong = tuple[Ints, Ints]
"""Rows, and the values of a combination in each that is not released."""
REDRAWS = 3
"""Values of one record that are drawn anew."""


def draw_records(mixture: Mixture, parts: Ints, number: int, *, seed: int) -> Bools:
    """(number, values) which values each record has.

    parts: (parts + 1,) where the values begin of which a record has one at most. Within a class
    as many records have a value as the chance says, but for one: less left to chance.
    """
    draw = np.random.default_rng(seed)
    drawn = np.zeros((number, int(parts[-1])), dtype=bool)
    sizes = _sizes(mixture, number)
    begin = 0
    for size, chances in zip(sizes.tolist(), mixture.chances.T, strict=True):
        for first, last in zip(parts[:-1].tolist(), parts[1:].tolist(), strict=True):
            some = chances[first:last]
            times = _share_out(np.append(some, max(0.0, 1 - some.sum())), size, draw)
            values = np.repeat(np.arange(first, last + 1), times)
            draw.shuffle(values)
            held = values < last
            drawn[begin + np.flatnonzero(held), values[held]] = True
        begin += size
    return drawn


def _sizes(mixture: Mixture, number: int) -> Ints:
    """(classes,) records of each class; the same for the same mixture and number."""
    return _share_out(mixture.shares, number, np.random.default_rng(0))


def _share_out(shares: Floats, number: int, draw: np.random.Generator) -> Ints:
    """Whole numbers with the sum ``number``, each the share of it but for less than one."""
    ends = np.cumsum(shares / shares.sum()) * number
    ends[-1] = number
    whole = np.floor(ends + draw.random() * (ends < number)).astype(np.int64)
    parts: Ints = np.diff(whole, prepend=0)
    return parts


def remove_unreleased(
    drawn: Bools,
    mixture: Mixture,
    parts: Ints,
    released: Sequence[tuple[Workload, Bools]],
    *,
    seed: int,
) -> Bools:
    """The records without combinations that were counted and are not released.

    released: by length, what was counted, and (cells,) whether it may be there.
    """
    draw = np.random.default_rng(seed)
    kept = drawn.copy()
    classes = np.repeat(np.arange(len(mixture.shares)), _sizes(mixture, len(drawn)))
    groups = [each for workload, shown in released for each in _allowed(workload, shown)]
    if not groups:
        return kept
    left = np.arange(len(kept))
    for _time in range(REDRAWS):
        times = _count_values(_find_wrong(kept[left], groups), (len(left), kept.shape[1]))
        wrong = times.any(axis=1)
        left, items = left[wrong], times[wrong].argmax(axis=1)
        kept[left, items] = False
        _redraw(kept, left, items, classes, mixture, parts, draw)
    kept[left] = _without(kept[left], _find_wrong(kept[left], groups))
    return kept


def _without(rows: Bools, wrong: Sequence[Wrong]) -> Bools:
    """The rows without as few values as make an end of these combinations, the most frequent first.

    What is left out makes no new combination.
    """
    rows = rows.copy()
    while any(len(which) for which, _items in wrong):
        times = _count_values(wrong, rows.shape)
        worst = np.flatnonzero(times.any(axis=1))
        rows[worst, times[worst].argmax(axis=1)] = False
        still = [rows[which[:, None], items].all(axis=1) for which, items in wrong]
        wrong = [(w[s], i[s]) for (w, i), s in zip(wrong, still, strict=True)]
    return rows


def _count_values(wrong: Sequence[Wrong], shape: tuple[int, ...]) -> Ints:
    """(rows, values) in how many of the combinations each value is."""
    times = np.zeros(shape, dtype=np.int64)
    for which, items in wrong:
        for column in range(items.shape[1]):
            np.add.at(times, (which, items[:, column]), 1)
    return times


def _redraw(
    kept: Bools,
    rows: Ints,
    items: Ints,
    classes: Ints,
    mixture: Mixture,
    parts: Ints,
    draw: np.random.Generator,
) -> None:
    """Another value of the same column, or none, as the class has them."""
    part = np.searchsorted(parts, items, side="right") - 1
    for place in np.unique(part).tolist():
        first, last = int(parts[place]), int(parts[place + 1])
        some = rows[part == place]
        ends = np.cumsum(mixture.chances[first:last, classes[some]], axis=0)
        value = (draw.random(len(some)) > ends).sum(axis=0)
        held = value < last - first
        kept[some[held], first + value[held]] = True


def _allowed(workload: Workload, shown: Bools) -> list[tuple[tuple[Ints, ...], Ints]]:
    """For each group of columns, its values by column and which combinations are released."""
    offsets = np.concatenate([[0], np.cumsum(workload.values)])
    found = []
    for number, group in enumerate(workload.groups):
        ranges = tuple(np.arange(offsets[c], offsets[c + 1]) for c in group.columns)
        cells = slice(workload.starts[number], workload.starts[number + 1])
        some = group.codes[shown[cells]]
        found.append((ranges, some))
    return found


def _find_wrong(rows: Bools, groups: Sequence[tuple[tuple[Ints, ...], Ints]]) -> list[Wrong]:
    """All combinations of the rows that are not released, those of the same length together."""
    packed, back = np.unique(np.packbits(rows, axis=1), axis=0, return_inverse=True)
    distinct = np.unpackbits(packed, axis=1, count=rows.shape[1]).astype(bool)
    found: dict[int, list[Wrong]] = {}
    for ranges, released in groups:
        which, codes = np.arange(len(distinct)), np.zeros(len(distinct), dtype=np.int64)
        items = np.zeros((len(distinct), 0), dtype=np.int64)
        for values in ranges:
            place, value = np.nonzero(distinct[which, values[0] : values[-1] + 1])
            which, codes = which[place], codes[place] * len(values) + value
            items = np.concatenate([items[place], values[value][:, None]], axis=1)
        wrong = ~np.isin(codes, released)
        if wrong.any():
            found.setdefault(len(ranges), []).append((which[wrong], items[wrong]))
    return [_of_rows(parts, back.ravel()) for parts in found.values()]


def _of_rows(parts: list[Wrong], back: Ints) -> Wrong:
    """From distinct rows to all that are the same."""
    which = np.concatenate([each for each, _items in parts])
    items = np.concatenate([each for _which, each in parts])
    order = np.argsort(which, kind="stable")
    which, items = which[order], items[order]
    first, last = (np.searchsorted(which, back, side=side) for side in SIDES)
    number = last - first
    rows = np.repeat(np.arange(len(back)), number)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(number) - number, number)
    return rows, items[np.repeat(first, number) + within]


def as_records(drawn: Bools, columns: Sequence[Column]) -> Records:
    """Drawn records as ``records`` has them: distinct ones, and how often each occurs."""
    packed, times = np.unique(np.packbits(drawn, axis=1), axis=0, return_counts=True)
    rows = np.unpackbits(packed, axis=1, count=drawn.shape[1]).astype(bool)
    made, cells, first = [], [], 0
    for column in columns:
        held = rows[:, first : first + len(column.values)]
        first += len(column.values)
        texts, codes = np.unique(held, axis=0, return_inverse=True)
        found = [tuple(np.flatnonzero(text).tolist()) for text in texts]
        made.append(replace(column, cells=((), *found)))
        cells.append(codes.ravel() + 1)
    table = np.stack(cells, axis=1) if cells else np.zeros((len(rows), 0), dtype=np.int64)
    return Records(tuple(made), table, times.astype(np.int64))

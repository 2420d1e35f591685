"""Records of nobody, drawn from the mixture; none has a combination that is not released.

What the mixture draws can join values that no count supports. In such a record the value that is in
most of these combinations is drawn anew, a few times, and then left out, until none is left: in the
end it reports less rather than something invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from marfa.methods.disclosure.private.combinations import Workload
from marfa.methods.disclosure.private.mixture import Mixture
from marfa.methods.disclosure.private.records import Column, Records
from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints

REDRAWS = 4
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
    return np.diff(np.floor(ends + draw.random() * (ends < number)).astype(np.int64), prepend=0)


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
    left = np.flatnonzero(_times_wrong(kept, groups).any(axis=1))
    redrawn = np.zeros(len(drawn), dtype=np.int64)
    while len(left):
        times = _times_wrong(kept[left], groups)
        wrong = times.max(axis=1) > 0
        left, times = left[wrong], times[wrong]
        items = times.argmax(axis=1)
        kept[left, items] = False
        again = redrawn[left] < REDRAWS
        redrawn[left] += 1
        _redraw(kept, left[again], items[again], classes, mixture, parts, draw)
    return kept


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


def _times_wrong(rows: Bools, groups: Sequence[tuple[tuple[Ints, ...], Ints]]) -> Ints:
    """(rows, values) in how many combinations that are not released each value is."""
    packed, back = np.unique(np.packbits(rows, axis=1), axis=0, return_inverse=True)
    rows = np.unpackbits(packed, axis=1, count=rows.shape[1]).astype(bool)
    times = np.zeros(rows.shape, dtype=np.int64)
    for ranges, released in groups:
        which, codes = np.arange(len(rows)), np.zeros(len(rows), dtype=np.int64)
        items = np.zeros((len(rows), 0), dtype=np.int64)
        for values in ranges:
            place, value = np.nonzero(rows[which, values[0] : values[-1] + 1])
            which, codes = which[place], codes[place] * len(values) + value
            items = np.concatenate([items[place], values[value][:, None]], axis=1)
        wrong = ~np.isin(codes, released)
        for column in range(items.shape[1]):
            np.add.at(times, (which[wrong], items[wrong, column]), 1)
    return times[back.ravel()]


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

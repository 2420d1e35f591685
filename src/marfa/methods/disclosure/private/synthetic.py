"""Records of nobody, drawn from the mixture; none has a combination that is not released.

What the mixture draws can join values that no count supports. Such a record loses the value that
is in most of these combinations, until none is left: it reports less rather than something invented.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from marfa.methods.disclosure.private.combinations import Workload
from marfa.methods.disclosure.private.estimates import Figures
from marfa.methods.disclosure.private.mixture import Mixture
from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints


def draw_records(mixture: Mixture, parts: Ints, number: int, *, seed: int) -> Bools:
    """(number, values) which values each record has.

    parts: (parts + 1,) where the values begin of which a record has one at most. Within a class
    as many records have a value as the chance says, but for one: less left to chance.
    """
    draw = np.random.default_rng(seed)
    drawn = np.zeros((number, int(parts[-1])), dtype=bool)
    sizes = _share_out(mixture.shares, number, draw)
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


def _share_out(shares: Floats, number: int, draw: np.random.Generator) -> Ints:
    """Whole numbers with the sum ``number``, each the share of it but for less than one."""
    ends = np.cumsum(shares / shares.sum()) * number
    ends[-1] = number
    return np.diff(np.floor(ends + draw.random() * (ends < number)).astype(np.int64), prepend=0)


def remove_unreleased(
    drawn: Bools, workloads: Sequence[Workload], figures: Sequence[Figures]
) -> Bools:
    """The records without combinations that were counted and are not released."""
    rows, back = np.unique(np.packbits(drawn, axis=1), axis=0, return_inverse=True)
    kept = np.unpackbits(rows, axis=1, count=drawn.shape[1]).astype(bool)
    for workload, figure in zip(workloads, figures, strict=True):
        groups = _allowed(workload, figure)
        open_rows = np.arange(len(kept))
        while len(open_rows):
            times = _times_wrong(kept[open_rows], groups)
            wrong = times.max(axis=1) > 0
            open_rows, times = open_rows[wrong], times[wrong]
            kept[open_rows, times.argmax(axis=1)] = False
    return kept[back.ravel()]


def _allowed(workload: Workload, figure: Figures) -> list[tuple[tuple[Ints, ...], Bools]]:
    """For each group of columns, its values by column and which combinations are released."""
    offsets = np.concatenate([[0], np.cumsum(workload.values)])
    found = []
    for number, group in enumerate(workload.groups):
        ranges = tuple(np.arange(offsets[c], offsets[c + 1]) for c in group.columns)
        cells = slice(workload.starts[number], workload.starts[number + 1])
        some = group.codes[figure.shown[cells]]
        found.append((ranges, some))
    return found


def _times_wrong(rows: Bools, groups: Sequence[tuple[tuple[Ints, ...], Ints]]) -> Ints:
    """(rows, values) in how many combinations that are not released each value is."""
    times = np.zeros(rows.shape, dtype=np.int64)
    for ranges, released in groups:
        which, items = np.arange(len(rows)), np.zeros((len(rows), 0), dtype=np.int64)
        codes = np.zeros(len(rows), dtype=np.int64)
        for values in ranges:
            place, value = np.nonzero(rows[which][:, values])
            which, codes = which[place], codes[place] * len(values) + value
            items = np.concatenate([items[place], values[value][:, None]], axis=1)
        wrong = ~np.isin(codes, released)
        for column in range(items.shape[1]):
            np.add.at(times, (which[wrong], items[wrong, column]), 1)
    return times

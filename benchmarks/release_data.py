"""Made-up case records of many kinds, for benchmarks and tests of private release.

Columns follow one another: each depends on up to three earlier ones by odds that are drawn anew, so
that no two files are alike and none is a mixture of independent columns. Some columns have many
values with few of most, some are marks that are either there or not reported, and what is reported
at all depends on who reported it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Kind:
    """What a file is like.

    sizes: values of each column; 1 is a mark. several: how many of the last columns may hold more
    than one value. linked: how strongly columns depend on one another.
    """

    records: int
    sizes: tuple[int, ...]
    several: int = 0
    linked: float = 1.5
    reported: float = 0.5


KINDS = {
    "small": Kind(1_500, (9, 3, 4, 2, *[1] * 6)),
    "places": Kind(21_000, (60, 45, 9, 3, 12, 7, 4, *[1] * 7), linked=1.0),
    "marks": Kind(60_000, (9, 6, *[1] * 22), reported=0.3),
    "strong": Kind(40_000, (12, 9, 8, 6, 5, 4, 3, 3, *[1] * 6), linked=3.0, reported=0.8),
    "several": Kind(18_000, (9, 4, 30, 3, *[1] * 5, 8, 6), several=2),
    "large": Kind(400_000, (20, 9, 9, 5, *[1] * 10)),
}


def make_records(kind: Kind, seed: int) -> tuple[list[str], list[list[str]]]:
    """Header and rows; an empty cell is not reported, ";" stands between several values."""
    draw = np.random.default_rng(seed)
    sources = draw.integers(4, size=kind.records)
    columns: list[NDArray[np.int64]] = []
    cells: list[list[str]] = []
    for place, size in enumerate(kind.sizes):
        held = _column(draw, kind, size, sources, columns)
        columns.append(held)
        texts = [f"c{place}v{value}" if value else "" for value in range(size + 1)]
        row = [texts[value] for value in held.tolist()]
        if place >= len(kind.sizes) - kind.several:
            more = _column(draw, kind, size, sources, columns[-2:])
            row = [
                ";".join(sorted({a, texts[b]} - {""}))
                for a, b in zip(row, more.tolist(), strict=True)
            ]
        cells.append(row)
    return [f"c{place}" for place in range(len(cells))], [
        list(row) for row in zip(*cells, strict=True)
    ]


def _column(
    draw: np.random.Generator,
    kind: Kind,
    size: int,
    sources: NDArray[np.int64],
    before: list[NDArray[np.int64]],
) -> NDArray[np.int64]:
    """(records,) 0 where not reported, otherwise the value from 1."""
    base = -np.log(np.arange(1, size + 1)) * draw.uniform(0.5, 1.5)
    odds = np.zeros((kind.records, size + 1))
    odds[:, 1:] = base - np.log(np.exp(base).sum())
    share = draw.uniform(0.3, 1.7, size=4) * kind.reported
    share = np.clip(share, 0.02, 0.97)[sources]
    odds[:, 0] = np.log((1 - share) / share)
    for place in draw.permutation(len(before))[:3].tolist():
        earlier = before[place]
        effect = kind.linked * draw.normal(size=(int(earlier.max()) + 1, size + 1)) / np.sqrt(3)
        odds += effect[earlier]
    odds += draw.gumbel(size=odds.shape)
    return np.asarray(odds.argmax(axis=1), dtype=np.int64)

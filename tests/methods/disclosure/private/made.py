"""Records for tests, and noise with a seed; only tests may know the noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from marfa.methods.disclosure.private.records import Column, Records
from marfa.methods.disclosure.tables.arrays import Ints


class SeededNoise:
    """Gaussian noise rounded to whole numbers, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._draw = np.random.default_rng(seed)

    def draw(self, number: int, scale: float) -> Ints:
        return np.rint(self._draw.normal(size=number) * scale).astype(np.int64)


class NoNoise:
    """For tests of everything but the noise."""

    def draw(self, number: int, scale: float) -> Ints:
        return np.zeros(number, dtype=np.int64)


def records_of(rows: Sequence[Sequence[str]], separators: dict[int, str] | None = None) -> Records:
    """Records from rows of cells; an empty cell is not reported."""
    separators = separators or {}
    columns, codes = [], []
    for place, texts in enumerate(zip(*rows, strict=True)):
        mark = separators.get(place)
        parts = {text: (text.split(mark) if mark else [text]) if text else [] for text in texts}
        values = tuple(sorted({part for each in parts.values() for part in each}))
        known = sorted(text for text in parts if text)
        cells = tuple(tuple(sorted(values.index(p) for p in set(parts[text]))) for text in known)
        columns.append(Column(f"c{place}", values, ((), *cells), mark))
        codes.append([known.index(text) + 1 if text else 0 for text in texts])
    return Records(
        tuple(columns), np.array(codes, dtype=np.int64).T, np.ones(len(rows), dtype=np.int64)
    )


def with_record(records: Records, codes: Sequence[int]) -> Records:
    """The neighbour that has one record more."""
    cells = np.concatenate([records.cells, np.array([codes], dtype=np.int64)])
    return Records(records.columns, cells, np.append(records.times, 1))


def random_rows(
    number: int, seed: int, sizes: Sequence[int] = (3, 2, 4, 1, 1, 1)
) -> list[list[str]]:
    """Rows in which a third of the cells is not reported."""
    draw = np.random.default_rng(seed)
    table = [draw.integers(-(size // 2 + 1), size, size=number) for size in sizes]
    return [[f"v{v}" if v >= 0 else "" for v in row] for row in np.stack(table, axis=1).tolist()]

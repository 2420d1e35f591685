"""How good a release is, said by itself: errors to be expected, what is missing, what is invented.

All but one figure follow from what was released already and cost nothing. How far the synthetic
records are from the true ones is asked of the records once, with noise, and is paid for.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, islice
from typing import Any

import numpy as np
from scipy.special import ndtr

from marfa.methods.disclosure.private.combinations import Workload
from marfa.methods.disclosure.private.estimates import Figures
from marfa.methods.disclosure.private.intervals import LEVEL
from marfa.methods.disclosure.private.measurement import Question
from marfa.methods.disclosure.private.mixture import Mixture
from marfa.methods.disclosure.private.noise import UNIT
from marfa.methods.disclosure.private.records import Records
from marfa.methods.disclosure.tables.arrays import Floats, Ints

BANDS = (1, 10, 100, 1_000, 10_000)
"""Where bands of counts begin."""
MOST_TABLES = 1_000
"""Tables of three columns (fewer where there are fewer) whose distance is measured."""
TEN = 10
GOOD, FAIR = 0.1, 0.25
"""Relative error up to which a figure is fit for comparing groups, and for orders of magnitude."""


def describe_figures(
    figures: Sequence[Figures], mixture: Mixture, workloads: Sequence[Workload], number: float
) -> list[dict[str, Any]]:
    """For each length: errors by band of counts, and the shares missed and invented.

    Errors are half the length of the error bars, halved again for the standard deviation they
    stand for; missed and invented shares are what the mixture lets one expect.
    """
    found = []
    for figure, workload in zip(figures, workloads, strict=True):
        expected = mixture.expect(workload.items, number)
        shown = figure.shown
        found.append(
            {
                "length": workload.items.shape[1],
                "counted": workload.size,
                "released": int(shown.sum()),
                "relative_error": _share(
                    (figure.doubts[shown] * np.sqrt(2 / np.pi)).sum(), figure.counts[shown].sum()
                ),
                "missed": _share((expected[~shown] >= TEN).sum(), (expected >= TEN).sum()),
                "invented_at_most": _share(_invented(figure), shown.sum()),
                "bands": [_band(figure, low) for low in BANDS],
            }
        )
    return found


def _band(figure: Figures, low: int) -> dict[str, Any]:
    within = figure.shown & (figure.counts >= low)
    later = [each for each in BANDS if each > low]
    if later:
        within &= figure.counts < later[0]
    half = (figure.high - figure.low)[within] / 2
    return {
        "from": low,
        "to": later[0] - 1 if later else None,
        "released": int(within.sum()),
        "half_error_bar": round(float(np.median(half)), 1) if within.any() else None,
        "relative": _share(np.median(half), np.median(figure.counts[within]))
        if within.any()
        else None,
        "fit_for": _fit(half, figure.counts[within]),
    }


def _fit(half: Floats, counts: Ints) -> str | None:
    """comparison, magnitude or presence: what half of the figures of a band are good enough for."""
    if not len(counts):
        return None
    typical = float(np.median(half / counts))
    return "comparison" if typical <= GOOD else "magnitude" if typical <= FAIR else "presence"


def _invented(figure: Figures) -> float:
    """How many of those shown would be, were nobody in any: each by the noise of its own alone.

    Of those whose error bar begins at 0, since the others are known to have somebody.
    """
    doubtful = figure.shown & (figure.low == 0)
    return float(
        doubtful.sum() * (1 - LEVEL) + ndtr(-figure.counts / figure.doubts)[doubtful].sum()
    )


def measure_distance(
    records: Records, made: Records, question: Question, number: float, *, seed: int
) -> dict[str, float | int]:
    """The mean total variation between true and synthetic tables of three columns, with noise.

    made: the synthetic records, in the same columns. What is not reported is a value of its own.
    """
    tables = choose_tables(len(records.columns), seed)
    answer = np.array([distance_units(records, made, tables)], dtype=np.int64)
    # One record more moves one cell of each table by one: the mean over tables by one at most,
    # and one unit for the division in whole numbers.
    noisy, scale = question.ask("distance", answer, UNIT + 1)
    of = 2 * max(1.0, number)
    half = 1.96 * scale / of
    value = float(noisy[0]) / of
    return {
        "tables": len(tables),
        "columns": len(tables[0]) if tables else 0,
        "distance": round(min(1.0, max(0.0, value)), 4),
        "low": round(min(1.0, max(0.0, value - half)), 4),
        "high": round(min(1.0, max(0.0, value + half)), 4),
    }


def distance_units(records: Records, made: Records, tables: Sequence[tuple[int, ...]]) -> int:
    """The mean over tables of all differences of their cells, in whole units."""
    total = 0
    for columns in tables:
        counts: dict[tuple[object, ...], int] = {}
        for sign, some in ((1, records), (-1, made)):
            for key, times in _table(some, columns).items():
                counts[key] = counts.get(key, 0) + sign * times
        total += sum(map(abs, counts.values()))
    return total * UNIT // max(1, len(tables))


def choose_tables(columns: int, seed: int) -> list[tuple[int, ...]]:
    """Tables of three columns (fewer where there are fewer), at most MOST_TABLES."""
    length = min(3, columns)
    if not length:
        return []
    found = list(islice(combinations(range(columns), length), 20 * MOST_TABLES))
    if len(found) <= MOST_TABLES:
        return found
    draw = np.random.default_rng(seed)
    chosen = [sorted(draw.choice(columns, size=length, replace=False)) for _ in range(MOST_TABLES)]
    return sorted({tuple(map(int, each)) for each in chosen})


def _table(records: Records, columns: tuple[int, ...]) -> dict[tuple[object, ...], int]:
    sizes = [len(records.columns[c].cells) for c in columns]
    codes = np.zeros(len(records.cells), dtype=np.int64)
    for column, size in zip(columns, sizes, strict=True):
        codes = codes * size + records.cells[:, column]
    found, back = np.unique(codes, return_inverse=True)
    times = np.zeros(len(found), dtype=np.int64)
    np.add.at(times, back, records.times)
    parts = []
    for column, size in reversed(list(zip(columns, sizes, strict=True))):
        found, code = np.divmod(found, size)
        parts.append([records.columns[column].cells[each] for each in code.tolist()])
    # Two codes can stand for the same values, written in another order.
    table: dict[tuple[object, ...], int] = {}
    for key, number in zip(zip(*parts, strict=True), times.tolist(), strict=True):
        table[key] = table.get(key, 0) + number
    return table


def _share(part: Any, whole: Any) -> float | None:
    return round(float(part) / float(whole), 4) if whole else None

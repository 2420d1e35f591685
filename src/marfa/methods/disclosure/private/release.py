"""A private release: figures of combinations with error bars, synthetic records, and a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.private.estimates import Figures, estimate_figures
from marfa.methods.disclosure.private.intervals import LEVEL
from marfa.methods.disclosure.private.losses import kept_parts, raise_counts
from marfa.methods.disclosure.private.measurement import (
    SHARES,
    Measurement,
    Promise,
    Question,
    measure_records,
)
from marfa.methods.disclosure.private.mixture import Measured, Mixture, fit_mixture
from marfa.methods.disclosure.private.noise import MOST_RECORDS, NAME, Noise
from marfa.methods.disclosure.private.records import Column, Records
from marfa.methods.disclosure.private.synthetic import (
    as_records,
    draw_records,
    remove_unreleased,
)
from marfa.methods.disclosure.private.utility import describe_figures, measure_distance

METHOD = "marfa-private-release"
VERSION = 1
LONGEST = 3
DEFAULT_DELTA = 1e-6
LOWEST, HIGHEST = 0.01, 15.0
"""An epsilon below which nothing is left, and above which the promise is one in name."""


@dataclass(frozen=True)
class Release:
    """What goes out. combinations: items (column, value) of each figure that is shown, its count
    and its error bar, longest last. synthetic: rows in the columns of the input. report: the rest.
    """

    columns: tuple[Column, ...]
    combinations: tuple[tuple[tuple[tuple[str, str], ...], int, int, int], ...]
    synthetic: Records
    report: dict[str, Any]


def check_promise(epsilon: float, delta: float) -> Promise:
    """The promise. Raises InputError for one that cannot be made or says nothing."""
    if not LOWEST <= epsilon <= HIGHEST:
        raise _error("epsilon-wrong", lowest=LOWEST, highest=HIGHEST)
    promise = Promise(epsilon, delta)
    if not 0 < delta < 1e-2 or promise.slack > delta / 100:
        raise _error("delta-wrong")
    return promise


def make_release(
    records: Records,
    promise: Promise,
    noise: Noise,
    *,
    length: int = LONGEST,
    seed: int = 0,
    spend: Callable[[], None] = lambda: None,
) -> Release:
    """Measure, fit, and make what goes out.

    length: of the longest combinations, 1 to 3. seed: of what is left to chance after the noise;
    it protects nobody and need not be secret. spend: notes in the ledger what is spent, called
    before the first noise is drawn.
    """
    if records.number > MOST_RECORDS:
        raise _error("records-many", limit=MOST_RECORDS)
    question = Question(noise, promise, length)
    spend()
    found = measure_records(records, question)
    number = max(1.0, found.number)
    counts = _raised(found, records, number, seed)
    figures = estimate_figures(counts, records.parts, number, seed=seed)
    mixture = fit_mixture(counts, records.parts, number, seed=seed)
    made = _synthetic(mixture, records, found, figures, max(0, round(found.number)), seed)
    distance = measure_distance(records, made, question, number, seed=seed)
    return Release(
        records.columns,
        tuple(_combinations(records, figures)),
        made,
        {
            "format": METHOD,
            "version": VERSION,
            "promise": _promised(promise, length),
            "records": _number(found),
            "longest_combinations": length,
            "caps": [round(cap, 4) for cap in found.caps],
            "error_bars": LEVEL,
            "columns": [_described(column) for column in records.columns],
            "figures": describe_figures(figures, mixture, found.workloads, number),
            "synthetic": {"records": made.number, **distance},
            "seed": seed,
        },
    )


def _raised(found: Measurement, records: Records, number: float, seed: int) -> tuple[Measured, ...]:
    """Counts without what long records lost."""
    first = fit_mixture(found.measured[:2], records.parts, number, seed=seed)
    return tuple(
        raise_counts(each, kept_parts(first, records, workload, cap, seed=seed))
        for each, workload, cap in zip(found.measured, found.workloads, found.caps, strict=True)
    )


def _synthetic(
    mixture: Mixture,
    records: Records,
    found: Measurement,
    figures: list[Figures],
    number: int,
    seed: int,
) -> Records:
    drawn = draw_records(mixture, records.parts, number, seed=seed)
    released = [
        (workload, figure.shown) for workload, figure in zip(found.workloads, figures, strict=True)
    ]
    kept = remove_unreleased(drawn, mixture, records.parts, released, seed=seed)
    return as_records(kept, records.columns)


def _combinations(
    records: Records, figures: list[Figures]
) -> list[tuple[tuple[tuple[str, str], ...], int, int, int]]:
    names = [(column.name, value) for column in records.columns for value in column.values]
    return [
        (tuple(names[item] for item in items), count, low, high)
        for figure in figures
        for items, count, low, high in zip(
            figure.items[figure.shown].tolist(),
            figure.counts[figure.shown].tolist(),
            figure.low[figure.shown].tolist(),
            figure.high[figure.shown].tolist(),
            strict=True,
        )
    ]


def _promised(promise: Promise, length: int) -> dict[str, Any]:
    return {
        "epsilon": promise.epsilon,
        "delta": promise.delta,
        "neighbours": "one record more or less",
        "size": promise.size,
        "delta_for_whole_units": promise.slack,
        "accounting": "exact, Gaussian",
        "shares": dict(SHARES[length]),
        "noise": NAME,
    }


def _number(found: Measurement) -> dict[str, int]:
    half = 1.96 * found.number_scale
    number = max(0, round(found.number))
    return {
        "count": number,
        "low": max(0, round(found.number - half)),
        "high": max(number, round(found.number + half)),
    }


def _described(column: Column) -> dict[str, Any]:
    return {
        "column": column.name,
        "values": "declared" if column.declared else "taken from the records",
        **({"separator": column.separator} if column.separator is not None else {}),
    }


def _error(code: str, **params: object) -> InputError:
    return InputError.at(Message(f"methods.disclosure.private:{code}", params))

"""All that is asked of the records, and what each answer costs.

The promise is divided once, by shares of the squared size (``accounting``): the number of records,
for each length a histogram of how long records are and the counts themselves, and how far the
synthetic records are from the true ones. Nothing else reads the records; whatever follows is made
of the answers. Which counts are asked for, and how long a record may be, follows from earlier
answers and from the domains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from marfa.methods.disclosure.private.accounting import mu_of
from marfa.methods.disclosure.private.candidates import choose_candidates, single_values
from marfa.methods.disclosure.private.caps import bin_lengths, choose_cap, longest
from marfa.methods.disclosure.private.combinations import (
    Workload,
    count_combinations,
    lengths_of,
)
from marfa.methods.disclosure.private.mixture import Measured
from marfa.methods.disclosure.private.noise import UNIT, Noise, add_noise, slack
from marfa.methods.disclosure.private.records import Records
from marfa.methods.disclosure.tables.arrays import Floats, Ints

SHARES: Mapping[int, Mapping[str, float]] = {
    1: {"number": 0.01, "lengths-1": 0.03, "counts-1": 0.95, "distance": 0.01},
    2: {
        "number": 0.01,
        "lengths-1": 0.01,
        "counts-1": 0.1,
        "lengths-2": 0.03,
        "counts-2": 0.84,
        "distance": 0.01,
    },
    3: {
        "number": 0.005,
        "lengths-1": 0.005,
        "counts-1": 0.03,
        "lengths-2": 0.01,
        "counts-2": 0.15,
        "lengths-3": 0.02,
        "counts-3": 0.77,
        "distance": 0.01,
    },
}
"""By length of the longest combinations, the parts of the squared size; they add up to one."""
SEVERAL = 3
"""Values of one cell up to which the histogram of lengths reaches."""


@dataclass(frozen=True)
class Promise:
    """What a release promises to everybody whose record it is made of. slack: the part of delta
    that whole units take (``noise``)."""

    epsilon: float
    delta: float

    @property
    def slack(self) -> float:
        """How much of delta whole units take."""
        return slack(self.epsilon)

    @property
    def size(self) -> float:
        """mu of all noise together. Raises ValueError where delta does not suffice."""
        return mu_of(self.epsilon, self.delta - self.slack)


@dataclass(frozen=True)
class Question:
    """Asks the records with the noise that a share of the promise buys."""

    noise: Noise
    promise: Promise
    length: int

    def size(self, name: str) -> float:
        """mu of one question."""
        return float(self.promise.size * SHARES[self.length][name] ** 0.5)

    def ask(self, name: str, answers: Ints, moves: int) -> tuple[Floats, float]:
        """Answers in persons, and the standard deviation of their noise.

        answers: in units. moves: by how many units one record moves them (Euclidean length).
        """
        size = self.size(name)
        noisy = add_noise(self.noise, answers, moves=moves, mu=size)
        return noisy / UNIT, moves / size / UNIT


@dataclass(frozen=True)
class Measurement:
    """All answers but the distance. number: of records, with the standard deviation of its noise.

    Of each length: which combinations were counted, how long a record could be, and the counts.
    """

    number: float
    number_scale: float
    workloads: tuple[Workload, ...]
    caps: tuple[float, ...]
    measured: tuple[Measured, ...]


def measure_records(records: Records, question: Question) -> Measurement:
    """Ask for the number of records and the counts of all lengths."""
    # One record more adds one to the number.
    answer = np.array([records.number * UNIT], dtype=np.int64)
    number, number_scale = question.ask("number", answer, UNIT)
    workloads: list[Workload] = []
    caps: list[float] = []
    measured: list[Measured] = []
    sizes = [len(column.values) for column in records.columns]
    for length in range(1, question.length + 1):
        workload = _workload(sizes, length, measured, float(number[0]))
        if not workload.size:
            break
        cap, counts = _count(records, workload, question, length)
        workloads.append(workload)
        caps.append(cap)
        measured.append(counts)
    return Measurement(
        float(number[0]), number_scale, tuple(workloads), tuple(caps), tuple(measured)
    )


def _workload(
    sizes: Sequence[int], length: int, measured: Sequence[Measured], number: float
) -> Workload:
    if length == 1:
        return single_values(sizes)
    singles = measured[0].counts + measured[0].scales
    pairs: Floats | None = None
    if length == 3:
        pairs = np.zeros((len(singles), len(singles)))
        first, second = measured[1].items.T
        pairs[first, second] = pairs[second, first] = measured[1].counts + measured[1].scales
    return choose_candidates(sizes, length, singles, pairs, number)


def _count(
    records: Records, workload: Workload, question: Question, length: int
) -> tuple[float, Measured]:
    each = tuple(
        min(SEVERAL, len(column.values)) if column.separator else 1 for column in records.columns
    )
    top = longest(workload, each)
    bins = bin_lengths(lengths_of(records, workload), records.times, top)
    # One record more adds one to one bin at most.
    histogram, scale = question.ask(f"lengths-{length}", bins * UNIT, UNIT)
    cap = choose_cap(histogram, scale, top, question.size(f"counts-{length}"))
    counts, moves = count_combinations(records, workload, cap)
    noisy, deviation = question.ask(f"counts-{length}", counts, moves)
    weights = workload.cell_weights
    return cap, Measured(workload.items, noisy / weights, deviation / weights)

"""A model of records that is fitted to noisy counts alone: a mixture of independent columns.

Each class has a share of the records and, for each column, how often it holds each value or
nothing; within a class columns are independent (latent class analysis: Lazarsfeld and Henry, Latent
Structure Analysis (1968); for tables of many columns Dunson and Xing, Journal of the American
Statistical Association 104 (2009)). The expected count of a combination is a sum of products, so
that counts of all lengths are fitted at once, by least squares with the known noise (Adam: Kingma
and Ba, ICLR 2015). The model sees nothing but what was released: fitting spends no budget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from marfa.methods.disclosure.tables.arrays import Bools, Floats, Ints

CLASSES = 64
STEPS = 300
MOST_PASSES = 2
"""How many times as many steps are taken where there are many batches."""
Halves = NDArray[np.floating[Any]]
"""Numbers of half the digits, or of all."""
BATCH = 6_000
"""Combinations that one step looks at."""
RATE = 0.1
EXTREME = 30.0
"""The largest logarithm of odds."""


@dataclass(frozen=True)
class Measured:
    """Noisy counts of combinations of one length.

    items: (cells, length) values, numbered over all columns. counts: (cells,) persons. scales:
    (cells,) standard deviations of their noise.
    """

    items: Ints
    counts: Floats
    scales: Floats

    def subset(self, which: Bools) -> Measured:
        """Those of the combinations alone."""
        return Measured(self.items[which], self.counts[which], self.scales[which])


@dataclass(frozen=True)
class Mixture:
    """shares: (classes,) of the records. chances: (values, classes) of each value."""

    shares: Floats
    chances: Floats

    def expect(self, items: Ints, number: float) -> Floats:
        """(cells,) expected counts of combinations among so many records."""
        parts = [
            number
            * (_product([self.chances[some[:, n]] for n in range(some.shape[1])]) @ self.shares)
            for some in np.array_split(items, max(1, len(items) // BATCH))
        ]
        return np.concatenate(parts)


def fit_mixture(
    measured: Sequence[Measured], offsets: Ints, number: float, *, seed: int
) -> Mixture:
    """The mixture that comes nearest to noisy counts.

    offsets: (columns + 1,) where the values of each column begin. number: of records, as released.
    """
    draw = np.random.default_rng(seed)
    columns = _Columns(offsets)
    # Half the digits take half the time; what is fitted is noisy in its second digit.
    state: list[Halves] = [
        _start_shares(draw).astype(np.float32),
        _start_chances(measured, columns, number, draw).astype(np.float32),
    ]
    batches = _batches(measured, int(offsets[-1]), draw)
    steps = STEPS * min(MOST_PASSES, len(batches))
    mean, square = [np.zeros_like(part) for part in state], [np.zeros_like(part) for part in state]
    for step in range(steps):
        slopes = _slopes(state, batches[step % len(batches)], columns, number)
        rate = RATE * min(1.0, max(0.02, 2 * (1 - step / steps)))
        for n, slope in enumerate(slopes):
            mean[n] = 0.9 * mean[n] + 0.1 * slope
            square[n] = 0.99 * square[n] + 0.01 * slope * slope
            size = np.sqrt(square[n] / (1 - 0.99 ** (step + 1))) + 1e-8
            state[n] = state[n] - np.float32(rate / (1 - 0.9 ** (step + 1))) * mean[n] / size
    shares, chances = _shares(state[0]), columns.chances(state[1])
    return Mixture(shares.astype(float), chances.astype(float))


class _Columns:
    """The values of columns, and what each leaves for "not reported"."""

    def __init__(self, offsets: Ints) -> None:
        sizes = np.diff(offsets)
        self.of = np.repeat(np.arange(len(sizes)), sizes)
        self.sums = csr_array(
            (np.ones(len(self.of), np.float32), (self.of, np.arange(len(self.of)))),
            shape=(len(sizes), len(self.of)),
        )

    def chances(self, odds: Halves) -> Halves:
        """(values, classes) from logarithms of odds against "not reported"."""
        weights = np.exp(np.clip(odds, -EXTREME, EXTREME))
        chances: Halves = weights / (1 + self.sums @ weights)[self.of]
        return chances

    def slope(self, chances: Halves, slope: Halves) -> Halves:
        """The slope by the logarithms of odds, from that by the chances."""
        down = chances * slope
        result: Halves = down - chances * (self.sums @ down)[self.of]
        return result


@dataclass(frozen=True)
class _Part:
    measured: Measured
    spread: tuple[csr_array, ...]


def _batches(
    measured: Sequence[Measured], values: int, draw: np.random.Generator
) -> list[list[_Part]]:
    """Combinations of all lengths, divided by chance into batches of about BATCH."""
    number = max(1, round(sum(len(each.counts) for each in measured) / BATCH))
    found: list[list[_Part]] = [[] for _ in range(number)]
    for each in measured:
        place = draw.permutation(len(each.counts)) % number
        for batch, parts in enumerate(found):
            some = each.subset(place == batch)
            if size := len(some.counts):
                spread = tuple(
                    csr_array(
                        (np.ones(size, np.float32), (some.items[:, n], np.arange(size))),
                        shape=(values, size),
                    )
                    for n in range(some.items.shape[1])
                )
                parts.append(_Part(some, spread))
    return found


def _slopes(
    state: list[Halves], batch: list[_Part], columns: _Columns, number: float
) -> list[Halves]:
    """Slopes of the mean squared error, in units of the noise, by shares and chances."""
    shares, chances = _shares(state[0]), columns.chances(state[1])
    by_shares, by_chances = np.zeros_like(shares), np.zeros_like(chances)
    size = sum(len(part.measured.counts) for part in batch)
    for part in batch:
        seen = part.measured
        factors = [chances[seen.items[:, n]] for n in range(seen.items.shape[1])]
        product = _product(factors)
        error = (number * (product @ shares) - seen.counts) / seen.scales**2 * number / size
        error = error.astype(np.float32)
        by_shares += error @ product
        for n, spread in enumerate(part.spread):
            others = _product(
                [each for m, each in enumerate(factors) if m != n] or [np.ones(1, np.float32)]
            )
            by_chances += spread @ (error[:, None] * others * shares)
    return [
        shares * (by_shares - (shares * by_shares).sum()),
        columns.slope(chances, by_chances),
    ]


def _product(factors: Sequence[Halves]) -> Halves:
    found = factors[0]
    for factor in factors[1:]:
        found = found * factor
    return found


def _shares(odds: Halves) -> Halves:
    weights = np.exp(odds - odds.max())
    shares: Halves = weights / weights.sum()
    return shares


def _start_shares(draw: np.random.Generator) -> Floats:
    return 0.3 * draw.normal(size=CLASSES)


def _start_chances(
    measured: Sequence[Measured], columns: _Columns, number: float, draw: np.random.Generator
) -> Floats:
    """Independent columns, each class a little different."""
    sizes = np.bincount(columns.of)
    share = 0.5 / sizes[columns.of]
    for each in measured:
        if each.items.shape[1] == 1:
            share[each.items[:, 0]] = np.clip(each.counts / number, 1e-4, 0.999)
    nothing = np.maximum(1e-3, 1 - columns.sums @ share)[columns.of]
    noise = draw.normal(size=(len(share), CLASSES))
    return np.asarray(np.log(share / nothing)[:, None] + noise, dtype=float)

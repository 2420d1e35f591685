"""A capture table: how many people were seen by each combination of lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_LISTS = 12
"""4,095 cells; beyond that no published method has been shown to work."""


@dataclass(frozen=True)
class CaptureTable:
    """Counts of people by capture history.

    lists: names of the k lists, in order.
    counts: 2^k - 1 counts. ``counts[h - 1]`` belongs to the history whose bit i is set where
        the person is on list i; people on no list are not in the table.
    """

    lists: tuple[str, ...]
    counts: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.counts) != 2 ** len(self.lists) - 1:
            raise ValueError(f"{len(self.counts)} counts for {len(self.lists)} lists")

    @classmethod
    def of(
        cls, lists: Iterable[str], histories: Mapping[int, float] | Iterable[tuple[int, float]]
    ) -> CaptureTable:
        """A table from ``{history: count}``; histories not named have count 0."""
        names = tuple(lists)
        counts = np.zeros(2 ** len(names) - 1)
        pairs = histories.items() if isinstance(histories, Mapping) else histories
        for history, count in pairs:
            counts[history - 1] += count
        return cls(names, tuple(counts.tolist()))

    @cached_property
    def n(self) -> Floats:
        """The counts as an array of shape (2^k - 1,)."""
        return np.asarray(self.counts, dtype=np.float64)

    @property
    def k(self) -> int:
        """Number of lists."""
        return len(self.lists)

    @property
    def observed(self) -> float:
        """People on at least one list."""
        return float(self.n.sum())

    @cached_property
    def sizes(self) -> Floats:
        """People on each list, shape (k,)."""
        return self.n @ membership(self.k)

    def overlap(self, term: int) -> float:
        """People on every list of a set, whatever other lists they are on."""
        cells = np.arange(1, 2**self.k)
        return float(self.n[(cells & term) == term].sum())

    @property
    def shared(self) -> float:
        """People on two lists or more."""
        return float(self.n[membership(self.k).sum(axis=1) >= 2].sum())

    def name(self, term: int) -> str:
        """A set of lists in words: ``"A:E"``."""
        return ":".join(name for i, name in enumerate(self.lists) if term >> i & 1)

    def with_counts(self, counts: Iterable[float]) -> CaptureTable:
        """The same lists with other counts."""
        return CaptureTable(self.lists, tuple(float(count) for count in counts))


def membership(k: int) -> Floats:
    """Shape (2^k - 1, k): 1 where the history has the list."""
    cells = np.arange(1, 2**k)
    return ((cells[:, None] >> np.arange(k)) & 1).astype(np.float64)


def term_order(term: int) -> int:
    """Number of lists in a set."""
    return term.bit_count()

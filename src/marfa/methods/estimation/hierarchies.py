"""Hierarchical log-linear models of a capture table, as sets of interactions.

A model holds the constant, every main effect, and a set of interactions in which each
subset (of two lists or more) of an interaction is present too. An interaction is a bit
mask over the lists; a model is a row of 0/1 over the candidate interactions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]

EXHAUSTIVE_LIMIT = 40_000
"""More models than this are searched, not enumerated (six lists in pairs are 32,768)."""


def interactions(k: int, max_order: int) -> tuple[int, ...]:
    """Candidate interactions of 2 to max_order lists, lower orders first.

    The interaction of all k lists cannot be told from the number unseen and is left out.
    """
    return tuple(
        sum(1 << i for i in chosen)
        for size in range(2, min(max_order, k - 1) + 1)
        for chosen in combinations(range(k), size)
    )


def proper_parts(term: int) -> tuple[int, ...]:
    """The subsets of an interaction with one list less, if they are interactions themselves."""
    if term.bit_count() <= 2:
        return ()
    return tuple(term & ~(1 << i) for i in range(term.bit_length()) if term >> i & 1)


@lru_cache(maxsize=8)
def all_models(k: int, max_order: int) -> Bools | None:
    """Every hierarchical model, shape (models, interactions); None beyond EXHAUSTIVE_LIMIT.

    Counts agree with the Dedekind numbers: 9 models of 3 lists with the saturated one,
    114 of 4, 6,894 of 5 (OEIS A006126); the saturated one is left out here.
    """
    terms = interactions(k, max_order)
    pairs = [term for term in terms if term.bit_count() == 2]
    if 2 ** len(pairs) > EXHAUSTIVE_LIMIT:
        return None
    rows: list[int] = []
    for model in _grow(0, terms, 2):
        rows.append(model)
        if len(rows) > EXHAUSTIVE_LIMIT:
            return None
    packed = np.array(sorted(rows, key=lambda row: (row.bit_count(), row)), dtype=object)
    return np.array([[row >> j & 1 for j in range(len(terms))] for row in packed], dtype=bool)


def _grow(model: int, terms: tuple[int, ...], size: int) -> Iterator[int]:
    """Models that agree with ``model`` below an order, by every choice of that order and above."""
    have = {term for j, term in enumerate(terms) if model >> j & 1}
    free = [
        j
        for j, term in enumerate(terms)
        if term.bit_count() == size and all(part in have for part in proper_parts(term))
    ]
    if not free:
        yield model
        return
    for choice in range(2 ** len(free)):
        grown = model | sum(1 << j for i, j in enumerate(free) if choice >> i & 1)
        if choice:
            yield from _grow(grown, terms, size + 1)
        else:
            yield grown


def model_row(terms: Iterable[int], candidates: tuple[int, ...]) -> Bools:
    """A model as a row of 0/1 over the candidates; its missing parts are added."""
    wanted: set[int] = set()
    stack = list(terms)
    while stack:
        term = stack.pop()
        wanted.add(term)
        stack.extend(proper_parts(term))
    unknown = wanted - set(candidates)
    if unknown:
        raise ValueError(f"not among the candidate interactions: {sorted(unknown)}")
    return np.array([term in wanted for term in candidates], dtype=bool)


def neighbours(row: Bools, candidates: tuple[int, ...]) -> Bools:
    """Models that differ by one interaction, shape (neighbours, interactions)."""
    have = {term for term, present in zip(candidates, row, strict=True) if present}
    found = []
    for j, term in enumerate(candidates):
        if row[j]:
            allowed = not any(other != term and other & term == term for other in have)
        else:
            allowed = all(part in have for part in proper_parts(term))
        if allowed:
            other = row.copy()
            other[j] = not row[j]
            found.append(other)
    return np.array(found, dtype=bool).reshape(len(found), len(candidates))

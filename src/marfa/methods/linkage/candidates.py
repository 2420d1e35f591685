"""Which pairs of records are looked at: those that share enough to be one person.

A pair is a candidate where the two have a document, an exact date of birth (day and month either
way), two parts of a name, or one part and the year. What is so common that it says little (two
parts that everybody has) has to come with the year of birth, or with a third part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt

from marfa.methods.linkage.parts import Alike, Floats, Ints, Level
from marfa.methods.linkage.pool import Pool

Keys = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.int64]
"""Pairs of rows as numbers: ``lower * size + higher``."""

BY_CHANCE = 40.0
"""So many records, at most, may share by chance what makes a candidate by itself ..."""
BY_CHANCE_WITH_YEAR = 25.0
"""... and so many what makes one with the year of birth."""
BY_ONE_PART = 8.0
MOST_BEARERS = 30
"""A document that more records have is nobody's (0000, unknown)."""
MIN_NUMBER = 4
YEARS_NEAR = (-1, 0, 1)

_PARTS, _PARTS_YEAR, _THREE, _PART_YEAR, _PART, _DATE, _DATE_PART = range(1, 8)
_MIX = np.int64(0x9E3779B97F4A7C15 - (1 << 64))


@dataclass(frozen=True)
class Scope:
    """Which pairs there are: of two lists, and within one where ``within`` says so."""

    lists: Ints
    within: bool

    def allows(self, left: Ints, right: Ints) -> npt.NDArray[np.bool_]:
        if self.within:
            return np.asarray(left != right)
        return np.asarray(self.lists[left] != self.lists[right])

    @property
    def pairs(self) -> int:
        """How many pairs there are in all."""
        sizes = [int(count) for count in np.bincount(self.lists)]
        total = sum(sizes)
        if self.within:
            return total * (total - 1) // 2
        return (total * total - sum(size * size for size in sizes)) // 2


def find_candidates(pool: Pool, alike: Alike, scope: Scope) -> Pairs:
    """Pairs of rows, in order, each once."""
    blocks = _Blocks(pool, alike, scope)
    found = [np.unique(chunk) for chunk in blocks.all()]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class _Filed:
    """Rows under keys."""

    keys: Keys
    rows: Ints

    @classmethod
    def of(cls, chunks: Sequence[tuple[Keys, Ints]]) -> _Filed:
        if not chunks:
            return cls(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32))
        keys = np.concatenate([keys for keys, _rows in chunks])
        rows = np.concatenate([rows for _keys, rows in chunks]).astype(np.int32)
        order = np.lexsort((rows, keys))
        return cls(keys[order], rows[order])


class _Blocks:
    def __init__(self, pool: Pool, alike: Alike, scope: Scope) -> None:
        self._pool, self._scope = pool, scope
        self._size = len(pool)
        self._rows = np.arange(self._size, dtype=np.int32)
        self._year = pool.births.year
        near = alike.matrix(Level.NEAR)
        close = alike.matrix(Level.CLOSE)
        self._near = near.indptr, near.indices
        self._close = close.indptr, close.indices
        having = _having(pool, alike.size)
        self._share = np.asarray(close @ having) / max(1, self._size)

    def all(self) -> Iterator[Pairs]:
        yield from self._by_documents()
        yield from self._by_dates()
        yield from self._by_two_parts()
        yield from self._by_three_parts()
        yield from self._by_one_part()

    def _by_documents(self) -> Iterator[Pairs]:
        bearers: dict[str, list[int]] = {}
        for row, documents in enumerate(self._pool.documents):
            for key in {d.key for d in documents if len(d.key) >= MIN_NUMBER}:
                bearers.setdefault(key, []).append(row)
        held = [rows for rows in bearers.values() if 1 < len(rows) <= MOST_BEARERS]
        if held:
            keys = np.repeat(np.arange(len(held)), [len(rows) for rows in held])
            rows = np.concatenate([np.array(rows, dtype=np.int32) for rows in held])
            filed = _Filed.of([(keys.astype(np.int64), rows)])
            yield from self._joined(filed, filed)

    def _by_dates(self) -> Iterator[Pairs]:
        """By exact dates; where many have one, with a part of the name."""
        days = self._pool.births.day_either_way
        known = days > 0
        _values, places, counts = np.unique(days, return_inverse=True, return_counts=True)
        many = counts[places] > BY_CHANCE
        few = known & ~many
        filed = _Filed.of([(_key(_DATE, days[few]), self._rows[few])])
        yield from self._joined(filed, filed)
        plain, spread = [], []
        for role in range(3):
            part = self._pool.parts[:, role]
            rows = self._rows[known & many & (part >= 0)]
            plain.append((_key(_DATE_PART, days[rows], part[rows]), rows))
            rows, others = _expanded(part, rows, self._near)
            spread.append((_key(_DATE_PART, days[rows], others), rows))
        yield from self._joined(_Filed.of(spread), _Filed.of(plain))

    def _by_two_parts(self) -> Iterator[Pairs]:
        """By two parts; common ones with the year of birth, in which dates are a year out."""
        plain, spread, dated, spread_dated = [], [], [], []
        for one, other in permutations(range(3), 2):
            rows, x, y = self._two(one, other)
            by_chance = self._share[x] * self._share[y] * self._size
            rare = by_chance <= BY_CHANCE
            if one < other:
                low, high = np.minimum(x, y), np.maximum(x, y)
                plain.append((_key(_PARTS, low, high), rows))
                # Whoever meets a common pair may have a rare one.
                known = self._year[rows] > 0
                kept = rows[known]
                keys = _key(_PARTS_YEAR, low[known], high[known], self._year[kept])
                dated.append((keys, kept))
                each = _expanded_twice(rows[rare], x[rare], y[rare], self._close)
                spread.append((_key(_PARTS, *_ordered(each[1], each[2])), each[0]))
                each = _expanded_twice(rows[known], x[known], y[known], self._close)
                for step in YEARS_NEAR:
                    year = self._year[each[0]] + step
                    keys = _key(_PARTS_YEAR, *_ordered(each[1], each[2]), year)
                    spread_dated.append((keys, each[0]))
            # The one the same name, the other further off.
            r, far = _expanded_values(rows[rare], y[rare], self._near)
            first = x[rare][r[1]]
            spread.append((_key(_PARTS, *_ordered(first, far)), r[0]))
        yield from self._joined(_Filed.of(spread), _Filed.of(plain))
        yield from self._joined(_Filed.of(spread_dated), _Filed.of(dated), thinned=True)

    def _two(self, one: int, other: int) -> tuple[Ints, Ints, Ints]:
        parts = self._pool.parts
        rows = self._rows[(parts[:, one] >= 0) & (parts[:, other] >= 0)]
        return rows, parts[rows, one], parts[rows, other]

    def _by_three_parts(self) -> Iterator[Pairs]:
        parts = self._pool.parts
        rows = self._rows[(parts >= 0).all(axis=1)]
        if not len(rows):
            return
        chance = np.prod(self._share[parts[rows]], axis=1) * self._size
        plain = _Filed.of([(_key(_THREE, *np.sort(parts[rows], axis=1).T), rows)])
        rows = rows[chance <= BY_CHANCE]
        found, x, y = _expanded_twice(rows, parts[rows, 0], parts[rows, 1], self._close)
        (found, places), z = _expanded_values(found, parts[found, 2], self._close)
        three = np.sort(np.stack((x[places], y[places], z), axis=1), axis=1)
        yield from self._joined(_Filed.of([(_key(_THREE, *three.T), found)]), plain)

    def _by_one_part(self) -> Iterator[Pairs]:
        """By a rare part, or by one and the year of birth."""
        years = np.bincount(self._year, minlength=1) / max(1, self._size)
        plain, spread, dated, spread_dated = [], [], [], []
        for role in range(3):
            part = self._pool.parts[:, role]
            rows = self._rows[part >= 0]
            plain.append((_key(_PART, part[rows]), rows))
            known = rows[self._year[rows] > 0]
            dated.append((_key(_PART_YEAR, part[known], self._year[known]), known))
            rare = rows[self._share[part[rows]] * self._size <= BY_ONE_PART]
            found, others = _expanded(part, rare, self._close)
            spread.append((_key(_PART, others), found))
            found, others = _expanded(part, known, self._close)
            for step in YEARS_NEAR:
                year = self._year[found] + step
                year_share = years[np.clip(year, 0, len(years) - 1)]
                kept = self._share[part[found]] * year_share * self._size <= BY_CHANCE_WITH_YEAR
                keys = _key(_PART_YEAR, others[kept], year[kept])
                spread_dated.append((keys, found[kept]))
        yield from self._joined(_Filed.of(spread), _Filed.of(plain))
        yield from self._joined(_Filed.of(spread_dated), _Filed.of(dated))

    def _joined(self, asked: _Filed, filed: _Filed, *, thinned: bool = False) -> Iterator[Pairs]:
        """Pairs of rows with one key, a chunk at a time."""
        starts = np.searchsorted(filed.keys, asked.keys, side="left")
        counts = np.searchsorted(filed.keys, asked.keys, side="right") - starts
        met = np.flatnonzero(counts)
        starts, counts, rows = starts[met], counts[met], asked.rows[met]
        ends = np.cumsum(counts)
        done = 0
        while done < len(counts):
            before = ends[done - 1] if done else 0
            until = max(done + 1, int(np.searchsorted(ends, before + CHUNK, side="right")))
            yield self._pairs(starts[done:until], counts[done:until], rows[done:until], filed)
            done = until

    def _pairs(self, starts: Keys, counts: Keys, rows: Ints, filed: _Filed) -> Pairs:
        left = np.repeat(rows, counts)
        offsets = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
        right = filed.rows[np.repeat(starts, counts) + offsets]
        kept = self._scope.allows(left, right)
        left, right = left[kept], right[kept]
        low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right)
        return np.unique(low * self._size + high)


CHUNK = 4_000_000


def _having(pool: Pool, size: int) -> Floats:
    """In how many records each part is, in whatever place."""
    found = np.zeros(size)
    for role in range(3):
        part = pool.parts[:, role]
        found += np.bincount(part[part >= 0], minlength=size)
    return found


_Sparse = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]


def _expanded(part: Ints, rows: Ints, alike: _Sparse) -> tuple[Ints, Ints]:
    """Rows once for each part that is like theirs, and those parts."""
    (found, _places), others = _expanded_values(rows, part[rows], alike)
    return found, others


def _expanded_values(
    rows: Ints, values: Ints, alike: _Sparse
) -> tuple[tuple[Ints, Ints], Ints]:
    """The same of parts beside rows; with the place in which each row stood."""
    pointers, indices = alike
    counts = pointers[values + 1] - pointers[values]
    places = np.repeat(np.arange(len(rows)), counts)
    offsets = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
    return (rows[places], places), indices[pointers[values][places] + offsets]


def _expanded_twice(
    rows: Ints, x: Ints, y: Ints, alike: _Sparse
) -> tuple[Ints, Ints, Ints]:
    (found, places), first = _expanded_values(rows, x, alike)
    (again, where), second = _expanded_values(found, y[places], alike)
    return again, first[where], second


def _ordered(x: Ints, y: Ints) -> tuple[Ints, Ints]:
    return np.minimum(x, y), np.maximum(x, y)


def _key(sort: int, *columns: npt.NDArray[np.integer]) -> Keys:
    """One number from several; two that come out alike by chance add a candidate, no more."""
    with np.errstate(over="ignore"):
        found = np.full(len(columns[0]), sort, dtype=np.int64)
        for column in columns:
            found = (found ^ (found >> np.int64(29))) * _MIX + column.astype(np.int64)
    return found

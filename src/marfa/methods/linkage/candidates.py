"""Which pairs of records are looked at: those that share enough to be one person.

A pair is a candidate where the two share a document, a household, words of an address, an exact
date of birth (day and month either way), two parts of a name, or one part and the year. What is so
common that it says little (two parts that everybody has) has to come with the year of birth, or
with a third part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from marfa.methods.linkage.alike import Alike
from marfa.methods.linkage.parts import Floats, Ints, Level
from marfa.methods.linkage.pool import Pool
from marfa.methods.linkage.row_keys import Keys, distinct

Pairs = Keys
"""Pairs of rows as numbers: ``lower * size + higher``."""

BY_CHANCE = 40.0
"""So many records, at most, may share by chance what makes a candidate by itself ..."""
BY_CHANCE_WITH_YEAR = 25.0
"""... and so many what makes one with the year of birth."""
BY_ONE_PART = 8.0
MOST_BEARERS = 30
"""A document that more records have is nobody's (0000, unknown); likewise a household."""
RAREST = 4
MIN_NUMBER = 4
YEARS_NEAR = (-1, 0, 1)

_PARTS, _PARTS_YEAR, _THREE, _PART_YEAR, _PART, _DATE, _DATE_PART, _SHARED = range(1, 9)
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


@dataclass(frozen=True)
class Candidates:
    """pairs: in order, each once. sought: by row, whether it has anything by which another record
    of the same person would have been found; of the others nothing is known."""

    pairs: Pairs
    sought: npt.NDArray[np.bool_]


def find_candidates(
    pool: Pool,
    alike: Alike,
    scope: Scope,
    progress: Callable[[float], None] = lambda share: None,
) -> Candidates:
    """Pairs of rows that are worth a look."""
    found: list[Pairs] = [np.zeros(0, dtype=np.int64)]
    waiting: list[Pairs] = []
    blocks = _Blocks(pool, alike, scope, progress)
    for chunk in blocks.all():
        waiting.append(chunk)
        if sum(map(len, waiting)) > CHUNK:
            found, waiting = [distinct(*found, *waiting)], []
    return Candidates(distinct(*found, *waiting), blocks.sought)


_BITS = 24


class _Filed:
    """Rows under keys."""

    def __init__(self, chunks: Sequence[tuple[Keys, Ints]]) -> None:
        keys = np.concatenate([np.zeros(0, dtype=np.int64), *(keys for keys, _rows in chunks)])
        rows = np.concatenate([np.zeros(0, dtype=np.int32), *(rows for _keys, rows in chunks)])
        order = np.argsort(keys, kind="stable")
        self._keys, self._rows = keys[order], rows[order].astype(np.int32)
        # Most keys that are asked for are nobody's: one bit says so before any search.
        self._held = np.zeros(1 << _BITS, dtype=np.bool_)
        self._held[_place(keys)] = True

    def met(self, keys: Keys, rows: Ints) -> tuple[Keys, Keys, Ints]:
        """Of keys that are asked for by rows, those that are held: where each begins, how many
        rows it has, and who asks."""
        kept = np.flatnonzero(self._held[_place(keys)])
        keys, rows = keys[kept], rows[kept]
        starts = np.searchsorted(self._keys, keys, side="left")
        counts = np.searchsorted(self._keys, keys, side="right") - starts
        some = np.flatnonzero(counts)
        return starts[some], counts[some], rows[some]

    def at(self, places: Keys) -> Ints:
        return self._rows[places]


def _place(keys: Keys) -> Keys:
    return np.asarray((keys >> np.int64(64 - _BITS)) & np.int64((1 << _BITS) - 1), dtype=np.int64)


class _Blocks:
    def __init__(
        self, pool: Pool, alike: Alike, scope: Scope, progress: Callable[[float], None]
    ) -> None:
        self._pool, self._scope, self._progress = pool, scope, progress
        self._done = 0.0
        self._size = len(pool)
        self._rows = np.arange(self._size, dtype=np.int32)
        self.sought = np.zeros(self._size, dtype=np.bool_)
        self._year = pool.births.year
        self._years = np.bincount(self._year, minlength=1) / max(1, self._size)
        self._names = np.where(pool.parts >= 0, alike.names[pool.parts], -1).astype(np.int32)
        held = [self._names[:, role] for role in range(3)]
        self._count = int(alike.names.max(initial=-1)) + 1
        having = sum((np.bincount(n[n >= 0], minlength=self._count) for n in held), np.zeros(1))
        near = _alike_names(alike, Level.NEAR, having / max(1, self._size))
        close = _alike_names(alike, Level.CLOSE, having / max(1, self._size))
        self._near = near.indptr, near.indices
        self._close = close.indptr, close.indices
        self._share = np.asarray(close @ having) / max(1, self._size)

    def all(self) -> Iterator[Pairs]:
        yield from self._by_documents()
        yield from self._by_home()
        yield from self._by_dates()
        yield from self._by_two_parts()
        yield from self._by_three_parts()
        yield from self._by_one_part()

    def _by_documents(self) -> Iterator[Pairs]:
        yield from self._shared(
            {d.key for d in documents if len(d.key) >= MIN_NUMBER}
            for documents in self._pool.documents
        )

    def _by_home(self) -> Iterator[Pairs]:
        """By household, and by two of the rarest words of an address."""
        pool = self._pool
        yield from self._shared({n} if n else set() for n in pool.households.tolist())
        counts: Counter[str] = Counter()
        for number in pool.addresses.tolist():
            counts.update(pool.address_words[number])
        rarest = [
            sorted(words, key=lambda word: (counts[word], word))[:RAREST]
            for words in pool.address_words
        ]
        twos = [{f"{a} {b}" for a, b in combinations(sorted(words), 2)} for words in rarest]
        yield from self._shared(twos[number] for number in pool.addresses.tolist())

    def _shared(self, keys: Iterable[AbstractSet[Hashable]]) -> Iterator[Pairs]:
        """Pairs of rows with a key in common that not many have. keys: by row."""
        bearers: dict[Hashable, list[int]] = {}
        for row, of_row in enumerate(keys):
            for key in of_row:
                bearers.setdefault(key, []).append(row)
        few = [rows for rows in bearers.values() if len(rows) <= MOST_BEARERS]
        for rows in few:
            self.sought[rows] = True
        held = [rows for rows in few if len(rows) > 1]
        if held:
            numbers = np.repeat(np.arange(len(held)), [len(rows) for rows in held])
            every = np.concatenate([np.array(rows, dtype=np.int32) for rows in held])
            keys = _key(_SHARED, numbers)
            yield from self._joined(keys, every, _Filed([(keys, every)]))

    def _by_dates(self) -> Iterator[Pairs]:
        """By exact dates; where many have one, with a part of the name."""
        days = self._pool.births.day_either_way
        known = days > 0
        _values, places, counts = np.unique(days, return_inverse=True, return_counts=True)
        many = counts[places] > BY_CHANCE
        few = known & ~many
        self.sought |= few
        keys, rows = _key(_DATE, days[few]), self._rows[few]
        yield from self._joined(keys, rows, _Filed([(keys, rows)]))
        plain, spread = [], []
        for role in range(3):
            part = self._names[:, role]
            rows = self._rows[known & many & (part >= 0)]
            rows = rows[self._share[part[rows]] * counts[places[rows]] <= BY_CHANCE]
            self.sought[rows] = True
            plain.append((_key(_DATE_PART, days[rows], part[rows]), rows))
            rows, others = _expanded(part, rows, self._near)
            spread.append((_key(_DATE_PART, days[rows], others), rows))
        filed = _Filed(plain)
        for keys, rows in spread:
            yield from self._joined(keys, rows, filed)

    def _by_two_parts(self) -> Iterator[Pairs]:
        """By two parts; common ones with the year of birth, in which dates are a year out."""
        plain, dated = [], []
        for one, other in combinations(range(3), 2):
            rows, x, y = self._two(self._rows, one, other)
            plain.append((_key(_PARTS, *_ordered(x, y)), rows))
            known = self._year[rows] > 0
            rows, pair = rows[known], _ordered(x[known], y[known])
            for step in YEARS_NEAR:
                dated.append((_key(_PARTS_YEAR, *pair, self._year[rows] + step), rows))
        filed, filed_dated = _Filed(plain), _Filed(dated)
        close, near = np.diff(self._close[0]), np.diff(self._near[0])
        widest = np.maximum(close**2, near)[self._names].max(axis=1)
        for asking in self._chunks(self._rows, widest, 1.0 / PASSES):
            for one, other in permutations(range(3), 2):
                rows, x, y = self._two(asking, one, other)
                rare = self._share[x] * self._share[y] * self._size <= BY_CHANCE
                by_chance = self._share[x] * self._share[y] * self._years[self._year[rows]]
                common = ~rare & (self._year[rows] > 0) & (by_chance * self._size <= BY_CHANCE)
                self.sought[rows[rare | common]] = True
                # The one the same name, the other further off.
                (found, places), far = _expanded_values(rows[rare], y[rare], self._near)
                keys = _key(_PARTS, *_ordered(x[rare][places], far))
                yield from self._joined(keys, found, filed)
                if one > other:
                    continue
                found, first, second = _expanded_twice(rows[rare], x[rare], y[rare], self._close)
                keys = _key(_PARTS, *_ordered(first, second))
                yield from self._joined(keys, found, filed)
                found, first, second = _expanded_twice(
                    rows[common], x[common], y[common], self._close
                )
                keys = _key(_PARTS_YEAR, *_ordered(first, second), self._year[found])
                yield from self._joined(keys, found, filed_dated)

    def _chunks(self, rows: Ints, cost: Keys, share: float) -> Iterator[Ints]:
        """Rows, as many at once as cost together what fits. share: of all the work."""
        ends = np.cumsum(cost.astype(np.int64))
        done = 0
        while done < len(rows):
            before = int(ends[done - 1]) if done else 0
            until = max(done + 1, int(np.searchsorted(ends, before + AT_ONCE, side="right")))
            yield rows[done:until]
            self._done += share * (until - done) / len(rows)
            self._progress(min(1.0, self._done))
            done = until

    def _two(self, rows: Ints, one: int, other: int) -> tuple[Ints, Ints, Ints]:
        x, y = self._names[rows, one], self._names[rows, other]
        kept = (x >= 0) & (y >= 0)
        return rows[kept], x[kept], y[kept]

    def _by_three_parts(self) -> Iterator[Pairs]:
        """By three parts of which any two are common."""
        names = self._names
        rows = self._rows[(names >= 0).all(axis=1)]
        share = self._share[names[rows]]
        least = np.minimum.reduce([share[:, a] * share[:, b] for a, b in combinations(range(3), 2)])
        rows, share = rows[least * self._size > BY_CHANCE], share[least * self._size > BY_CHANCE]
        plain = _Filed([(_key(_THREE, *np.sort(names[rows], axis=1).T), rows)])
        rows = rows[share.prod(axis=1) * self._size <= BY_CHANCE]
        self.sought[rows] = True
        cost = np.diff(self._close[0])[names[rows]].astype(np.int64).prod(axis=1)
        for asking in self._chunks(rows, cost, 1.0 / PASSES):
            found, x, y = _expanded_twice(asking, names[asking, 0], names[asking, 1], self._close)
            (found, places), z = _expanded_values(found, names[found, 2], self._close)
            three = np.sort(np.stack((x[places], y[places], z), axis=1), axis=1)
            yield from self._joined(_key(_THREE, *three.T), found, plain)

    def _by_one_part(self) -> Iterator[Pairs]:
        """By a rare part, or by one and the year of birth."""
        years = self._years
        plain, dated = [], []
        for role in range(3):
            part = self._names[:, role]
            rows = self._rows[part >= 0]
            plain.append((_key(_PART, part[rows]), rows))
            known = rows[self._year[rows] > 0]
            dated.append((_key(_PART_YEAR, part[known], self._year[known]), known))
        filed, filed_dated = _Filed(plain), _Filed(dated)
        cost = np.diff(self._close[0])[self._names].max(axis=1)
        for asking in self._chunks(self._rows, cost, 1.0 / PASSES):
            for role in range(3):
                part = self._names[:, role]
                rows = asking[part[asking] >= 0]
                rare = rows[self._share[part[rows]] * self._size <= BY_ONE_PART]
                self.sought[rare] = True
                found, others = _expanded(part, rare, self._close)
                yield from self._joined(_key(_PART, others), found, filed)
                known = rows[self._year[rows] > 0]
                found, others = _expanded(part, known, self._close)
                for step in YEARS_NEAR:
                    year = self._year[found] + step
                    of_year = years[np.clip(year, 0, len(years) - 1)]
                    by_chance = self._share[part[found]] * of_year * self._size
                    kept = by_chance <= BY_CHANCE_WITH_YEAR
                    if not step:
                        self.sought[found[kept & (others == part[found])]] = True
                    keys = _key(_PART_YEAR, others[kept], year[kept])
                    yield from self._joined(keys, found[kept], filed_dated)

    def _joined(self, keys: Keys, asking: Ints, filed: _Filed) -> Iterator[Pairs]:
        """Pairs of rows with one key, a chunk at a time."""
        starts, counts, rows = filed.met(keys, asking)
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
        right = filed.at(np.repeat(starts, counts) + offsets)
        kept = self._scope.allows(left, right)
        left, right = left[kept], right[kept]
        low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right)
        return distinct(low * self._size + high)


CHUNK = 4_000_000
AT_ONCE = 1_500_000
"""So many keys are made at once."""
PASSES = 3


COMMON = 0.002


def _alike_names(alike: Alike, least: Level, share: Floats) -> sparse.csr_array:
    """One where two names are alike by so much, a name with itself included.

    A name that many bear does not stand for every pair of names that it is one of.
    """
    chosen = alike.levels >= least
    rows, columns = np.divmod(alike.keys[chosen], alike.size)
    uneven = alike.lengths[rows] != alike.lengths[columns]
    rows, columns = alike.names[rows], alike.names[columns]
    kept = ~uneven | (np.maximum(share[rows], share[columns]) < COMMON)
    own = np.arange(len(share))
    rows, columns = np.concatenate((rows[kept], own)), np.concatenate((columns[kept], own))
    found = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(share),) * 2)
    found.sum_duplicates()
    found.data[:] = 1.0
    return found


_Sparse = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]


def _expanded(part: Ints, rows: Ints, alike: _Sparse) -> tuple[Ints, Ints]:
    """Rows once for each part that is like theirs, and those parts."""
    (found, _places), others = _expanded_values(rows, part[rows], alike)
    return found, others


def _expanded_values(rows: Ints, values: Ints, alike: _Sparse) -> tuple[tuple[Ints, Ints], Ints]:
    """The same of parts beside rows; with the place in which each row stood."""
    pointers, indices = alike
    counts = pointers[values + 1] - pointers[values]
    places = np.repeat(np.arange(len(rows), dtype=np.int32), counts)
    offsets = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
    others = np.asarray(indices[pointers[values][places] + offsets], dtype=np.int32)
    return (rows[places], places), others


def _expanded_twice(rows: Ints, x: Ints, y: Ints, alike: _Sparse) -> tuple[Ints, Ints, Ints]:
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

"""Candidate pairs compared field by field, as columns: a level for each field, and how often two
records that have nothing to do with each other are so alike.

That second number is what makes a rare name say more than a common one. Of parts of names and of
dates it is counted for the very value: how many of all records have a part as near to this one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from marfa.methods.linkage.alike import Alike
from marfa.methods.linkage.births import BirthLevel
from marfa.methods.linkage.candidates import Scope
from marfa.methods.linkage.parts import Floats, Ints, Level, Levels
from marfa.methods.linkage.pool import Pool
from marfa.methods.names.context import compare_documents

ROLES = 3
GIVEN, FATHER, FAMILY = range(ROLES)

LEVELS = len(Level) - 1
BIRTH_LEVELS = len(BirthLevel) - 1
UNKNOWN = -1


class Two(IntEnum):
    """Of what is the same or not."""

    UNKNOWN = -1
    OTHER = 0
    SAME = 1


class DocumentLevel(IntEnum):
    UNKNOWN = -1
    OTHER = 0
    SIMILAR = 1
    """One letter or digit is another, missing or exchanged with the next."""
    SAME = 2


class AddressLevel(IntEnum):
    UNKNOWN = -1
    OTHER = 0
    PARTLY = 1
    CLOSE = 2
    SAME = 3


ADDRESS_FLOORS = (
    (AddressLevel.PARTLY, 55.0),
    (AddressLevel.CLOSE, 80.0),
    (AddressLevel.SAME, 95.0),
)
LONG_NUMBER = 6
RANDOM_PAIRS = 400_000
SEED = 2388
A_LITTLE = 2.0
"""What is counted of a value is mixed with so much of what is usual: one bearer in a short list may
be chance."""


@dataclass(frozen=True)
class Comparisons:
    """Candidates by column. left, right: rows of the pool, the lower first.

    parts: (role of the left, role of the right) -> level by pair. part_chances: the same -> the
    logarithm of how often two unrelated records are so alike there; 0 where unknown. births and the
    others likewise, with their chances.
    """

    left: Ints
    right: Ints
    parts: dict[tuple[int, int], Levels]
    part_chances: dict[tuple[int, int], npt.NDArray[np.float32]]
    births: Levels
    birth_chances: npt.NDArray[np.float32]
    sexes: Levels
    households: Levels
    household_chances: npt.NDArray[np.float32]
    addresses: Levels
    documents: Levels
    children: npt.NDArray[np.bool_]
    not_compared: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.left)

    def joined(self, more: Comparisons) -> Comparisons:
        """These and more of them."""
        names = [each.name for each in fields(self) if each.name not in ("parts", "part_chances")]
        columns = {n: np.concatenate((getattr(self, n), getattr(more, n))) for n in names}
        return Comparisons(
            parts={k: np.concatenate((v, more.parts[k])) for k, v in self.parts.items()},
            part_chances={
                k: np.concatenate((v, more.part_chances[k])) for k, v in self.part_chances.items()
            },
            **columns,
        )


@dataclass(frozen=True)
class Chances:
    """How often two unrelated records are how alike, in what is not counted by value."""

    births: Floats
    sexes: Floats
    addresses: Floats
    documents: Floats


PartColumns = tuple[dict[tuple[int, int], Levels], dict[tuple[int, int], npt.NDArray[np.float32]]]


class PairComparer:
    """Compares pairs of rows of one pool."""

    def __init__(self, pool: Pool, alike: Alike, scope: Scope) -> None:
        self.pool, self.alike, self.scope = pool, alike, scope
        self.part_chances = _part_chances(pool, alike)
        self._take(pool)

    def _take(self, pool: Pool) -> None:
        self._numbers = [documents[0].key if documents else "" for documents in pool.documents]
        self._one = np.array([len(d) <= 1 for d in pool.documents], dtype=np.bool_)
        self._addresses = [" ".join(sorted(words)) for words in pool.address_words]

    def _compare_parts(self, left: Ints, right: Ints) -> PartColumns:
        parts: dict[tuple[int, int], Levels] = {}
        chances: dict[tuple[int, int], npt.NDArray[np.float32]] = {}
        for one in range(ROLES):
            for other in range(ROLES):
                x, y = self.pool.parts[left, one], self.pool.parts[right, other]
                levels = self.alike.levels_of(x, y)
                parts[one, other] = levels
                chances[one, other] = self._chance_of(levels, x, y, one, other)
        return parts, chances

    def compare(self, left: Ints, right: Ints) -> Comparisons:
        """left, right: rows, the lower of each pair on the left."""
        pool = self.pool
        parts, chances = self._compare_parts(left, right)
        births = pool.births.levels_of(left, right)
        households = _two(pool.households, left, right)
        own = parts[GIVEN, GIVEN]
        named = (pool.parts[left] >= 0).any(axis=1) & (pool.parts[right] >= 0).any(axis=1)
        nothing = np.logical_and.reduce([column == UNKNOWN for column in parts.values()])
        return Comparisons(
            left,
            right,
            parts,
            chances,
            births,
            self._birth_chances(births, left, right),
            _two(pool.sexes, left, right),
            households,
            self._household_chances(households, left, right),
            self._address_levels(left, right),
            self._document_levels(left, right),
            pool.children[left] | pool.children[right],
            named & nothing & (own == UNKNOWN),
        )

    def chances(self) -> Chances:
        """Counted in pairs drawn by lot, the same for the same records."""
        left, right = self._random_pairs()
        births = self.pool.births.levels_of(left, right)
        return Chances(
            _shares(births, BIRTH_LEVELS),
            _shares(_two(self.pool.sexes, left, right), 2),
            _shares(self._address_levels(left, right), len(AddressLevel) - 1),
            _shares(self._document_levels(left, right), len(DocumentLevel) - 1),
        )

    def _random_pairs(self) -> tuple[Ints, Ints]:
        size = len(self.pool)
        if size < 2:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
        if size * (size - 1) // 2 <= RANDOM_PAIRS:
            left, right = (each.astype(np.int32) for each in np.triu_indices(size, 1))
        else:
            drawn = np.random.default_rng(SEED).integers(0, size, (2, RANDOM_PAIRS))
            left, right = drawn.min(axis=0).astype(np.int32), drawn.max(axis=0).astype(np.int32)
        kept = self.scope.allows(left, right) & (left != right)
        return left[kept], right[kept]

    def _chance_of(
        self, levels: Levels, x: Ints, y: Ints, one: int, other: int
    ) -> npt.NDArray[np.float32]:
        """The larger of what either part says of the other."""
        known = levels >= 0
        found = np.zeros(len(levels), dtype=np.float32)
        of_left = self.part_chances[other, one == other][levels[known], x[known]]
        of_right = self.part_chances[one, one == other][levels[known], y[known]]
        found[known] = np.log(np.maximum(of_left, of_right))
        return found

    def _birth_chances(self, levels: Levels, left: Ints, right: Ints) -> npt.NDArray[np.float32]:
        """Of the same day, and of what may be the same, by how many have it; 0 for others, whose
        chances are those of all."""
        found = np.zeros(len(levels), dtype=np.float32)
        births = self.pool.births
        same = levels == BirthLevel.SAME
        found[same] = np.log(np.maximum(births.share_same(left[same]), 1e-7))
        agree = levels == BirthLevel.AGREE
        one, other = births.share_near(left[agree]), births.share_near(right[agree])
        found[agree] = np.log(np.maximum(np.maximum(one, other), 1e-7))
        return found

    def _household_chances(
        self, levels: Levels, left: Ints, right: Ints
    ) -> npt.NDArray[np.float32]:
        numbers = self.pool.households
        counts = np.bincount(numbers).astype(np.float64)
        total = max(1.0, float((numbers > 0).sum()))
        share = counts[numbers[left]] / total
        same = np.log(np.maximum(share, 1e-7))
        return np.where(levels == Two.SAME, same, 0.0).astype(np.float32)

    def _address_levels(self, left: Ints, right: Ints) -> Levels:
        numbers = self.pool.addresses
        found = np.full(len(left), UNKNOWN, dtype=np.int8)
        known = (numbers[left] > 0) & (numbers[right] > 0)
        one, other = numbers[left[known]].astype(np.int64), numbers[right[known]]
        keys, places = np.unique(one * (numbers.max(initial=0) + 1) + other, return_inverse=True)
        ones, others = np.divmod(keys, numbers.max(initial=0) + 1)
        values = process.cpdist(
            [self._addresses[n] for n in ones.tolist()],
            [self._addresses[n] for n in others.tolist()],
            scorer=fuzz.ratio,
        )
        levels = np.zeros(len(keys), dtype=np.int8)
        for level, floor in ADDRESS_FLOORS:
            levels[values >= floor] = level
        found[known] = levels[places]
        return found

    def _document_levels(self, left: Ints, right: Ints) -> Levels:
        held = np.array([bool(number) for number in self._numbers], dtype=np.bool_)
        found = np.full(len(left), UNKNOWN, dtype=np.int8)
        rows = np.flatnonzero(held[left] & held[right])
        lefts = [self._numbers[n] for n in left[rows].tolist()]
        rights = [self._numbers[n] for n in right[rows].tolist()]
        distance = process.cpdist(lefts, rights, scorer=OSA.distance)
        sizes = [min(len(a), len(b)) for a, b in zip(lefts, rights, strict=True)]
        long = np.array(sizes, dtype=np.int64) >= LONG_NUMBER
        found[rows] = np.where((distance == 1) & long, DocumentLevel.SIMILAR, DocumentLevel.OTHER)
        several = ~(self._one[left[rows]] & self._one[right[rows]])
        for row in rows[(distance == 0) | several].tolist():
            one, other = self.pool.documents[left[row]], self.pool.documents[right[row]]
            said = compare_documents(one, other)
            if said == "document-same":
                found[row] = DocumentLevel.SAME
            elif distance[np.searchsorted(rows, row)] == 0:
                # One number of two issuers, or too short a one.
                found[row] = UNKNOWN
        return found


def _two(numbers: npt.NDArray[np.integer], left: Ints, right: Ints) -> Levels:
    one, other = numbers[left], numbers[right]
    found = (one == other).astype(np.int8)
    found[(one == 0) | (other == 0)] = UNKNOWN
    return np.asarray(found, dtype=np.int8)


def _shares(levels: Levels, size: int) -> Floats:
    """Which share of pairs that can be compared has each level; none is taken to be impossible."""
    counts = np.bincount(levels[levels >= 0], minlength=size) + 0.5
    return np.asarray(counts / counts.sum())


def _part_chances(pool: Pool, alike: Alike) -> dict[tuple[int, bool], Floats]:
    """By role of the other record, and whether it is one's own role: level by part -> how often
    another record has a part so alike there."""
    found: dict[tuple[int, bool], Floats] = {}
    matrices = {
        level: alike.matrix(level, level) for level in (Level.NEAR, Level.CLOSE, Level.SAME)
    }
    for role in range(ROLES):
        part = pool.parts[:, role]
        held = np.bincount(part[part >= 0], minlength=alike.size).astype(np.float64)
        total = max(1.0, float(held.sum()))
        for own in (False, True):
            rows = np.zeros((LEVELS, alike.size))
            for level, matrix in matrices.items():
                # Among the others a record is not itself.
                counts = np.asarray(matrix @ held) - (own and level is Level.SAME)
                usual = float((counts * held).sum()) / total**2
                rows[level] = (np.maximum(counts, 0.0) + A_LITTLE * usual + 0.5) / total
            rows[Level.DIFFERENT] = np.maximum(0.05, 1.0 - rows.sum(axis=0))
            found[role, own] = np.minimum(rows, 1.0)
    return found


def random_order(size: int) -> npt.NDArray[np.intp]:
    """Numbers in an order drawn by lot, always the same."""
    return np.random.default_rng(SEED).permutation(size)

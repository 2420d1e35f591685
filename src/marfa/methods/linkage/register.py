"""A register that stands ready, and one record beside all of it.

    register = Register(records, as_of=day)
    for link in register.candidates(record):
        link.right.id, link.score, link.signs

What is learnt and counted is the register's own, when it was made. It holds names in clear, as an
index of names does; of what is asked it keeps nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt

from marfa.methods.linkage.candidates import Scope
from marfa.methods.linkage.comparisons import ROLES, PairComparer, PartColumns
from marfa.methods.linkage.links import Link, Linker, Options, Teller
from marfa.methods.linkage.model import EXPECTED_SHARE, Kind, Parameters, starting_parameters
from marfa.methods.linkage.parts import Ints, Level, Levels, NameReader, Vocabulary
from marfa.methods.linkage.pool import Pool, make_pool
from marfa.methods.linkage.records import Record
from marfa.methods.linkage.signs import barred_pairs
from marfa.methods.linkage.word_finder import WordFinder


class Register:
    """Records to which others are compared, one at a time.

    options: as for :func:`link_lists`; ``one_to_one`` and ``within`` say nothing here. parameters:
    what a linkage of such lists has learnt (``Linkage.parameters``), where the register, which has
    hardly anybody twice, can teach little. One in ten who are asked for is taken to be there. Not
    safe for use by several threads at once.
    """

    def __init__(
        self,
        records: Sequence[Record],
        *,
        as_of: date,
        options: Options | None = None,
        parameters: Parameters | None = None,
    ) -> None:
        chosen = replace(options or Options(), within=True, one_to_one=False)
        linker = Linker(make_pool([records], as_of), chosen)
        self._comparer, self._model, _pairs = linker.learnt()
        self._pool = self._comparer.pool
        learnt = self._model.parameters
        expected = EXPECTED_SHARE * max(1, len(records) - 1) / 2
        counts = starting_parameters(expected).counts
        counts |= {k: max(n, learnt.counts[k]) for k, n in counts.items() if k is not Kind.SAME}
        self._model.parameters = replace(parameters or learnt, counts=counts)
        self._words = WordFinder(self._pool.vocabulary)

    def __len__(self) -> int:
        return len(self._pool)

    def candidates(self, record: Record, most: int = 20) -> list[Link]:
        """Records of the register that may be one person's with another record, the surest first.

        The other record is the left one of each link. One of the register with the same id is not
        compared. most: how many at most; those with a sign are always there.
        """
        alone = make_pool([[record]], self._pool.as_of)
        pool = self._pool.joined(alone)
        comparer = _OneComparer(self._comparer, pool, self._words, record)
        rows = comparer.rows_worth_it()
        others = np.full(len(rows), len(pool) - 1, dtype=np.int32)
        found = comparer.compare(rows, others)
        weights = self._model.weigh(found)
        barred = barred_pairs(found, weights, self._model)
        odds = np.where(barred, np.minimum(weights.odds, -1.0), weights.odds)
        # Each by itself: who is found twice here may be there twice.
        clusters = np.arange(len(pool), dtype=np.int32)
        clusters[rows[(odds >= 0) & ~barred]] = len(pool) - 1
        links = Teller(pool, self._model, found, weights, odds, clusters).links()
        kept = [link for link in links if link.right.id != record.id]
        kept.sort(key=lambda link: (-link.weight, link.right.id))
        return [link for n, link in enumerate(kept) if n < most or link.signs]


class _OneComparer(PairComparer):
    """Compares rows of a register with the last row of a pool, which is the record asked for."""

    def __init__(self, known: PairComparer, pool: Pool, words: WordFinder, record: Record) -> None:
        self.pool, self.alike = pool, known.alike
        self.scope = Scope(pool.lists, within=True)
        self.part_chances = known.part_chances
        self._take(pool)
        vocabulary = Vocabulary()
        numbers = NameReader(vocabulary).parts_of(record)
        self._levels = [
            None if number < 0 else words.levels_of(vocabulary, number) for number in numbers
        ]
        self._held = [_held(known.pool, role) for role in range(ROLES)]

    def rows_worth_it(self) -> Ints:
        """Rows that share a date, a document or a household, or any part of a name that is near."""
        pool, last = self.pool, len(self.pool) - 1
        rows = np.arange(last, dtype=np.int32)
        near = np.zeros(last, dtype=np.int8)
        for levels in self._levels:
            if levels is not None:
                met = [_of_parts(levels, pool.parts[:last, role]) > 0 for role in range(ROLES)]
                near += np.logical_or.reduce(met)
        days = pool.births.day_either_way
        worth = (near >= 2) | ((days[:last] == days[last]) & (days[last] > 0))
        worth |= (near >= 1) & (np.abs(pool.births.year[:last] - pool.births.year[last]) <= 1)
        worth |= (pool.households[:last] == pool.households[last]) & (pool.households[last] > 0)
        keys = {document.key for document in pool.documents[last]}
        if keys:
            worth |= np.array([any(d.key in keys for d in some) for some in pool.documents[:last]])
        return np.asarray(rows[worth], dtype=np.int32)

    def _compare_parts(self, left: Ints, right: Ints) -> PartColumns:
        parts: dict[tuple[int, int], Levels] = {}
        chances: dict[tuple[int, int], npt.NDArray[np.float32]] = {}
        for one in range(ROLES):
            part = self.pool.parts[left, one]
            for other in range(ROLES):
                levels = _of_parts(self._levels[other], part)
                chance = np.zeros(len(left), dtype=np.float32)
                known = levels >= 0
                asked = self._levels[other]
                if asked is not None and known.any():
                    of_asked = self._chance_of_asked(asked, one)
                    of_other = self.part_chances[other, False][levels[known], part[known]]
                    chance[known] = np.log(np.maximum(of_asked[levels[known]], of_other))
                parts[one, other] = levels
                chances[one, other] = chance
        return parts, chances

    def _chance_of_asked(self, levels: Levels, role: int) -> npt.NDArray[np.float64]:
        held = self._held[role]
        total = max(1.0, float(held.sum()))
        counts = np.bincount(np.maximum(levels, 0), weights=held, minlength=len(Level) - 1)
        return np.asarray((counts + 0.5) / (total + 0.5))


def _of_parts(levels: Levels | None, part: Ints) -> Levels:
    if levels is None or not len(levels):
        return np.full(len(part), Level.UNKNOWN, dtype=np.int8)
    found = levels[part]
    found[part < 0] = Level.UNKNOWN
    return found


def _held(pool: Pool, role: int) -> npt.NDArray[np.float64]:
    part = pool.parts[:, role]
    counts = np.bincount(part[part >= 0], minlength=len(pool.vocabulary))
    return counts.astype(np.float64)

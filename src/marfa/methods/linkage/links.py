"""Who is twice in a list, and who is on two lists.

    found = link_lists([left, right], as_of=date(2026, 12, 1))
    for link in found.links:
        link.left.id, link.right.id, link.score, link.match

A score is no probability, and a match no finding: a person looks before two records become one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from marfa.methods.linkage.alike import compare_vocabulary
from marfa.methods.linkage.births import BirthLevel
from marfa.methods.linkage.candidates import Candidates, Scope, find_candidates
from marfa.methods.linkage.comparisons import (
    FAMILY,
    FATHER,
    GIVEN,
    AddressLevel,
    Comparisons,
    DocumentLevel,
    PairComparer,
    Two,
    random_order,
)
from marfa.methods.linkage.fields import Field
from marfa.methods.linkage.model import (
    ARRANGEMENTS,
    EXPECTED_SHARE,
    MEETINGS,
    MOST_PAIRS,
    PRIOR_WEIGHT,
    Arrangement,
    Kind,
    Model,
    Parameters,
    Weights,
    fit_model,
)
from marfa.methods.linkage.parts import Floats, Ints, Level
from marfa.methods.linkage.pool import Pool, make_pool
from marfa.methods.linkage.records import Record
from marfa.methods.linkage.resolution import find_clusters, odds_among_others
from marfa.methods.linkage.signs import Sign, barred_pairs, signs_of

VERSION = "1"
"""Of the method: a result says it, and a score of another version is another score."""

AT_ONCE = 250_000
KEPT_FROM = -7.0
"""Pairs whose odds by themselves are lower than this, as a natural logarithm, are forgotten."""
BITS = float(np.log(2.0))
GENTLE = 4.0
"""A score rises by one step of odds for so many bits, so that the surest pairs are told apart."""
SHOWN_FROM = -4.0
"""Pairs below these odds are no links, not even unlikely ones, where they bear no sign."""


@dataclass(frozen=True)
class Options:
    """What the caller says of the lists.

    one_to_one: no list has anybody twice. within: look within each list too; of one list alone this
    is what is done. count_sex: opposite sexes count against a pair, never where one may be a child.
    cores: how many processes share the work; the result is the same.
    """

    one_to_one: bool = False
    within: bool = False
    count_sex: bool = False
    cores: int = 1


@dataclass(frozen=True)
class FieldWeight:
    """What one field says: bits for one person (above 0) or against. level: how alike they are."""

    field: Field
    level: str
    weight: float

    def as_json(self) -> dict[str, object]:
        return {"level": self.level, "weight": round(self.weight, 2)}


@dataclass(frozen=True)
class Link:
    """Two records and how sure it is that they are one person's.

    score: in (0, 1), the higher the surer, at least 0.5 for a match; no probability. weight: the
    logarithm of the odds behind it, in bits. fields: what each field says. signs: what a person
    should see whatever the score.
    """

    left: Record
    right: Record
    left_list: int
    right_list: int
    weight: float
    match: bool
    fields: tuple[FieldWeight, ...]
    arrangement: Arrangement
    signs: tuple[Sign, ...] = ()

    @property
    def score(self) -> float:
        return score_of(self.weight)

    def as_json(self) -> dict[str, object]:
        """Plain data for programs."""
        return {
            "left_id": self.left.id,
            "right_id": self.right.id,
            "left_list": self.left_list,
            "right_list": self.right_list,
            "score": round(self.score, 6),
            "match": self.match,
            "signs": [sign.value for sign in self.signs],
            "fields": {each.field.value: each.as_json() for each in self.fields},
            "arrangement": self.arrangement.value,
        }


def score_of(weight: float) -> float:
    """The score of a weight in bits."""
    return float(1.0 / (1.0 + 2.0 ** (-weight / GENTLE)))


@dataclass(frozen=True)
class Linkage:
    """What came of comparing lists.

    links: pairs in the order of their lists, the surest first within two lists. clusters: by list
    and id the number of the person, for all records. parameters: what the lists themselves taught.
    not_sought: records that have nothing to be found by, or only what too many have: whether they
    are anywhere else is not known.
    """

    links: Sequence[Link]
    clusters: dict[tuple[int, str], int]
    parameters: Parameters
    candidates: int
    not_compared: int
    not_understood: Sequence[tuple[int, Record, Field]]
    not_sought: Sequence[tuple[int, Record]]
    options: Options
    version: str = VERSION

    @property
    def taught_little(self) -> bool:
        """Whether what is expected beforehand weighs more than what the lists themselves teach."""
        return self.parameters.counts[Kind.SAME] < PRIOR_WEIGHT

    @property
    def matches(self) -> list[Link]:
        return [link for link in self.links if link.match]

    @cached_property
    def signs(self) -> list[Link]:
        """Pairs that a person should see whatever their score."""
        return [link for link in self.links if link.signs]


Progress = Callable[[str, float], None]


def _silent(stage: str, share: float) -> None:
    """Tells nobody."""


def link_lists(
    lists: Sequence[Sequence[Record]],
    *,
    as_of: date,
    options: Options | None = None,
    progress: Progress = _silent,
) -> Linkage:
    """Pairs of records that may be one person's: between lists, and within one.

    as_of: the day on which told ages were true. progress: is told the stage and how much of it is
    done. Nothing depends on the order of the rows or on the ids; lists exchanged are links
    exchanged. Ids are distinct within a list.
    """
    chosen = options or Options()
    within = chosen.within or len(lists) == 1
    pool = make_pool(lists, as_of)
    progress("reading", 1.0)
    linker = Linker(pool, replace(chosen, within=within), progress)
    return linker.linked()


class Linker:
    """The steps from a pool to links."""

    def __init__(self, pool: Pool, options: Options, progress: Progress = _silent) -> None:
        self._pool, self._options, self._progress = pool, options, progress
        self._scope = Scope(pool.lists, options.within)

    def learnt(self) -> tuple[PairComparer, Model, Candidates]:
        """What compares and weighs pairs, and the candidates that it was learnt from."""
        pool = self._pool
        alike = compare_vocabulary(
            pool.vocabulary,
            _uses(pool),
            self._options.cores,
            lambda share: self._progress("names", share),
        )
        candidates = find_candidates(
            pool, alike, self._scope, lambda share: self._progress("candidates", share)
        )
        comparer = PairComparer(pool, alike, self._scope)
        return comparer, self._fitted(comparer, candidates.pairs), candidates

    def linked(self) -> Linkage:
        """Everything."""
        comparer, model, candidates = self.learnt()
        kept = self._weighed(comparer, model, candidates.pairs)
        found = comparer.compare(*self._sides(kept))
        weights = model.weigh(found)
        return self._resolved(comparer, model, found, weights, candidates)

    def _sides(self, pairs: npt.NDArray[np.int64]) -> tuple[Ints, Ints]:
        left, right = np.divmod(pairs, max(1, len(self._pool)))
        return left.astype(np.int32), right.astype(np.int32)

    def _fitted(self, comparer: PairComparer, pairs: npt.NDArray[np.int64]) -> Model:
        drawn = np.sort(random_order(len(pairs))[:MOST_PAIRS])
        sample = comparer.compare(*self._sides(pairs[drawn]))
        return fit_model(
            sample,
            comparer.chances(),
            self._scope.pairs,
            self._expected(),
            scale=len(pairs) / max(1, len(drawn)),
            count_sex=self._options.count_sex,
            progress=lambda share: self._progress("learning", share),
        )

    def _expected(self) -> float:
        """How many pairs of one person there may be, before anything is seen."""
        sizes = np.bincount(self._pool.lists) if len(self._pool) else np.zeros(1)
        between = sum(float(min(a, b)) for n, a in enumerate(sizes) for b in sizes[n + 1 :])
        within = float(sizes.sum()) / 2 if self._options.within else 0.0
        return max(1.0, EXPECTED_SHARE * (between + within))

    def _weighed(
        self, comparer: PairComparer, model: Model, pairs: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """Pairs that are worth a second look, or have a document in common."""
        kept = [np.zeros(0, dtype=np.int64)]
        for start in range(0, len(pairs), AT_ONCE):
            some = pairs[start : start + AT_ONCE]
            found = comparer.compare(*self._sides(some))
            odds = model.weigh(found).odds
            kept.append(some[(odds >= KEPT_FROM) | (found.documents == DocumentLevel.SAME)])
            self._progress("weighing", min(1.0, (start + AT_ONCE) / len(pairs)))
        return np.concatenate(kept)

    def _resolved(
        self,
        comparer: PairComparer,
        model: Model,
        found: Comparisons,
        weights: Weights,
        candidates: Candidates,
    ) -> Linkage:
        pool, one_to_one = self._pool, self._options.one_to_one
        barred = barred_pairs(found, weights, model)
        odds = odds_among_others(
            weights.odds, found.left, found.right, pool.lists, one_to_one=one_to_one
        )
        odds = np.where(barred, np.minimum(odds, BARRED), odds)
        apart = barred | (odds <= APART)
        clusters = find_clusters(
            len(pool), found.left, found.right, odds, apart, pool.lists, one_to_one=one_to_one
        )
        found, weights, odds = self._completed(comparer, model, found, weights, odds, clusters)
        self._progress("weighing", 1.0)
        teller = Teller(pool, model, found, weights, odds, clusters)
        return Linkage(
            teller.links(),
            _by_list(pool, clusters),
            model.parameters,
            len(candidates.pairs),
            int(found.not_compared.sum()),
            [(int(pool.lists[row]), pool.records[row], of) for row, of in pool.not_understood],
            [
                (int(pool.lists[row]), pool.records[row])
                for row in np.flatnonzero(~candidates.sought).tolist()
            ],
            self._options,
        )

    def _completed(
        self,
        comparer: PairComparer,
        model: Model,
        found: Comparisons,
        weights: Weights,
        odds: Floats,
        clusters: Ints,
    ) -> tuple[Comparisons, Weights, Floats]:
        """With the pairs of a cluster that were not looked at by themselves."""
        size = max(1, len(self._pool))
        known = found.left.astype(np.int64) * size + found.right
        implied = _pairs_of(clusters, size)
        left, right = self._sides(np.setdiff1d(implied, known))
        allowed = self._scope.allows(left, right)
        if not allowed.any():
            return found, weights, odds
        more = comparer.compare(left[allowed], right[allowed])
        every = found.joined(more)
        beside = model.weigh(more).odds
        return every, model.weigh(every), np.concatenate((odds, beside))


BARRED = -1.0
"""Odds, at most, of pairs that are no match whatever else agrees."""
APART = -3.0
"""Two records of such odds are not made one person by a third that is like both."""


def _uses(pool: Pool) -> Floats:
    found = np.zeros(len(pool.vocabulary))
    for role in range(pool.parts.shape[1]):
        part = pool.parts[:, role]
        found += np.bincount(part[part >= 0], minlength=len(found))
    return found


def _pairs_of(clusters: Ints, size: int) -> npt.NDArray[np.int64]:
    order = np.argsort(clusters, kind="stable")
    _numbers, starts = np.unique(clusters[order], return_index=True)
    found = []
    for start, end in itertools.pairwise([*starts.tolist(), len(order)]):
        if end - start > 1:
            rows = np.sort(order[start:end]).astype(np.int64)
            ones, others = np.triu_indices(len(rows), 1)
            found.append(rows[ones] * size + rows[others])
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _by_list(pool: Pool, clusters: Ints) -> dict[tuple[int, str], int]:
    """Numbers of people from 1, in the order of the lists' own records."""
    return {
        (int(pool.lists[row]), record.id): int(clusters[row])
        for row, record in enumerate(pool.records)
    }


@dataclass
class Teller:
    """Links from columns."""

    pool: Pool
    model: Model
    found: Comparisons
    weights: Weights
    odds: Floats
    clusters: Ints
    _left_first: npt.NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        lists = self.pool.lists
        self._left_first = lists[self.found.left] <= lists[self.found.right]

    def links(self) -> list[Link]:
        found = self.found
        match = self.clusters[found.left] == self.clusters[found.right]
        signs = signs_of(found, self.weights, match)
        shown = match | (self.odds >= SHOWN_FROM) | (signs > 0)
        lists = self.pool.lists
        one, other = lists[found.left], lists[found.right]
        rows = np.flatnonzero(shown)
        low, high = np.minimum(one, other)[rows], np.maximum(one, other)[rows]
        order = np.lexsort((found.right[rows], found.left[rows], -self.odds[rows], high, low))
        return [self._link(int(row), bool(match[row]), int(signs[row])) for row in rows[order]]

    def _link(self, row: int, match: bool, signs: int) -> Link:
        sides = int(self.found.left[row]), int(self.found.right[row])
        left, right = sides if self._left_first[row] else sides[::-1]
        bits = float(self.odds[row]) / BITS
        if match:
            # What others say of the same person may make one of what two alone do not.
            bits = max(bits, 0.0)
        elif bits >= 0:
            bits = -0.01
        lists = self.pool.lists
        return Link(
            self.pool.records[left],
            self.pool.records[right],
            int(lists[left]),
            int(lists[right]),
            bits,
            match,
            tuple(self._fields(row)),
            ARRANGEMENTS[int(self.weights.arrangement[row])],
            Sign.of(signs),
        )

    def _fields(self, row: int) -> Iterator[FieldWeight]:
        found, weights = self.found, self.weights
        of_role = {GIVEN: Field.GIVEN, FATHER: Field.FATHER, FAMILY: Field.FAMILY}
        for roles in MEETINGS[ARRANGEMENTS[int(weights.arrangement[row])]]:
            level = int(found.parts[roles][row])
            if level >= 0:
                weight = float(self.model.part_weight_at(found, roles, row)) / BITS
                yield FieldWeight(of_role[roles[0]], Level(level).name.lower(), weight)
        for of, column, levels, values in (
            (Field.BIRTH, found.births, BirthLevel, weights.births),
            (Field.SEX, found.sexes, Two, weights.sexes),
            (Field.HOUSEHOLD, found.households, Two, weights.households),
            (Field.ADDRESS, found.addresses, AddressLevel, weights.addresses),
            (Field.DOCUMENT, found.documents, DocumentLevel, weights.documents),
        ):
            level = int(column[row])
            if level >= 0:
                name = levels(level).name.lower().replace("_", "-")
                yield FieldWeight(of, name, float(values[row]) / BITS)

"""What a search finds among names, and in which order it tells of it."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass, replace

from marfa.methods.names.compare import Comparison, Match


@dataclass(frozen=True)
class Hit:
    """A name found: the caller's key, the name as it was added, and how it compares."""

    key: str
    name: str
    comparison: Comparison
    standing: float = 0.0
    """What the hits are ranked by: the score, and where nothing but the own name is wanting as
    much more as the rest is rare (``scores.Score``)."""

    @property
    def score(self) -> float:
        return self.comparison.score


@dataclass(frozen=True)
class Beginning:
    """A name of which each part of a query is a part, or the beginning of one.

    parts: pairs of what was typed and the part of the name, in the order of the query.
    share: how much of the name was met, in (0, 1].
    written: the same pairs as they were typed and written.
    """

    key: str
    name: str
    parts: tuple[tuple[str, str], ...]
    share: float
    written: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A name that was compared in full; standing: the best of any name of its key."""

    value: float
    standing: float
    slot: int
    match: Match
    exactness: int

    @property
    def rank(self) -> tuple[float, float, int, int]:
        """Best standing first, then the best score, then what is written like the query, then what
        was added first."""
        return (-self.standing, -self.value, self.exactness, self.slot)

    @property
    def by_score(self) -> tuple[float, int, int]:
        return (-self.value, self.exactness, self.slot)

    def beside(self, other: Found) -> Found:
        """The better by score of two names of one key, with the better standing."""
        standing = max(self.standing, other.standing)
        return replace(self if self.by_score < other.by_score else other, standing=standing)


def by_turns(found: Collection[Found]) -> list[Found]:
    """The best by standing and the best by score, by turns: a family whose own names are wanting
    leaves nobody out who is likely, and many who are likely leave out nobody of it."""
    standing = sorted(found, key=lambda each: each.rank)
    scored = sorted(found, key=lambda each: each.by_score)
    turns = itertools.chain.from_iterable(zip(standing, scored, strict=True))
    return list({each.slot: each for each in turns}.values())

"""Names of which one part is written in another script than the rest.

A record often writes a name twice, once in each script: then each is a reading of the whole name.
A script in which one part alone is written is no second writing of a name of two parts or more,
unless it sounds like all of them together. It is one part more (Mohamed كشلاف is no Mohamed), or,
where it sounds like one of the others, that part once more (Mohamed محمد Kashlaf).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from marfa.methods.names.phones import skeletons_of

if TYPE_CHECKING:
    from marfa.methods.names.tokens import Reading, Token

ALIKE = 0.6
"""So near, at least, are the consonants of two writings of a whole name ..."""
PART_ALIKE = 0.75
"""... and so near those of two writings of one part, of two consonants or more."""

MOST_FORMS = 4


def group_readings(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Readings by the name that they are of, in the order written; most stand alone.

    A name of two parts or more in each of two scripts may be two names of one bearer: the two stay
    two readings, whatever they sound like. What only says a part once more is left out.
    """
    readable = [reading for reading in readings if reading.readable]
    if len(readable) < 2:
        return [[reading] for reading in readings]
    whole = max(readable, key=lambda reading: reading.parts)
    joined, again = [whole], []
    for reading in readable:
        others = [other for other in readable if other is not reading]
        if reading is whole or reading.parts > 1 or any(_is_same(reading, o) for o in others):
            continue
        if not any(_is_part(reading, other) for other in others):
            joined.append(reading)
        elif whole.parts > 1:
            again.append(reading)
    found: list[list[Reading]] = []
    for reading in readings:
        if reading is whole:
            found.append([each for each in readings if _is_in(each, joined)])
        elif not _is_in(reading, joined) and not _is_in(reading, again):
            found.append([reading])
    return found


def _is_in(reading: Reading, some: Sequence[Reading]) -> bool:
    return any(reading is each for each in some)


def _is_same(lone: Reading, other: Reading) -> bool:
    """Whether one sounds like all of the other."""
    if len(lone.tokens) == len(other.tokens) == 1 and _is_part(lone, other):
        return True
    one, whole = _consonants(lone), _consonants(other)
    floor = ALIKE if len(other.tokens) > 1 else PART_ALIKE
    return one == whole or OSA.normalized_similarity(one, whole) >= floor


def _consonants(reading: Reading) -> str:
    return "".join(token.skeleton for token in reading.tokens)


def _is_part(lone: Reading, other: Reading) -> bool:
    """Whether a part of one is a part of the other again."""
    return any(_alike(one, token) for one in lone.tokens for token in other.tokens)


def _alike(one: Token, other: Token) -> bool:
    if (one.families | one.shorts) & (other.families | other.shorts):
        return True
    return any(
        min(len(a), len(b)) > 1 and OSA.normalized_similarity(a, b) >= PART_ALIKE
        for a in _skeletons(one)
        for b in _skeletons(other)
    )


def _skeletons(token: Token) -> set[str]:
    return {found for form in token.forms[:MOST_FORMS] for found in skeletons_of(form)}

"""Names of which one part is written in another script than the rest.

A record often writes a name twice, once in each script: then each is a reading of the whole name.
A script in which one part alone is written, like which nothing in the other sounds, is no second
writing but a part of it: Mohamed كشلاف is no Mohamed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from marfa.methods.names.phones import skeletons_of

if TYPE_CHECKING:
    from marfa.methods.names.tokens import Reading, Token

ALIKE = 0.6
"""So near, at least, are the consonants of two writings of one name."""

MOST_FORMS = 4


def group_readings(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Readings by the name that they are of, in the order written; most stand alone.

    A name of two parts or more in each of two scripts may be two names of one bearer: the two stay
    two readings, whatever they sound like.
    """
    readable = [reading for reading in readings if reading.readable]
    if len(readable) < 2:
        return [[reading] for reading in readings]
    whole = max(readable, key=lambda reading: reading.parts)
    beside = [
        reading
        for reading in readable
        if reading is not whole
        and reading.parts <= 1
        and not any(_sound_alike(reading, other) for other in readable if other is not reading)
    ]
    found: list[list[Reading]] = []
    for reading in readings:
        if reading is whole:
            joined = (whole, *beside)
            found.append([each for each in readings if any(each is one for one in joined)])
        elif not any(reading is each for each in beside):
            found.append([reading])
    return found


def _sound_alike(lone: Reading, other: Reading) -> bool:
    """Whether a part of one is a part of the other again, or all of it."""
    if any(_alike(one, token) for one in lone.tokens for token in other.tokens):
        return True
    return _near(
        "".join(t.skeleton for t in lone.tokens), "".join(t.skeleton for t in other.tokens)
    )


def _alike(one: Token, other: Token) -> bool:
    if (one.families | one.shorts) & (other.families | other.shorts):
        return True
    return any(_near(a, b) for a in _skeletons(one) for b in _skeletons(other))


def _skeletons(token: Token) -> set[str]:
    return {found for form in token.forms[:MOST_FORMS] for found in skeletons_of(form)}


def _near(one: str, other: str) -> bool:
    return one == other or OSA.normalized_similarity(one, other) >= ALIKE

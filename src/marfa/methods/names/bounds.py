"""What the names of an index could score at most with a query, all at once.

Each part of the query brings the names that have a part like it. From what a name shares and what
it lacks follows a bound of its score, by the function that scores (``scores.worth``): a name is
left out of a search only where its bound says so. The order of parts, kin and how common a part is
only ever lower a score, so they need not be known here.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from marfa.methods.names.multimap import Multimap
from marfa.methods.names.scores import WEIGHING, Rates, doubt_of, rates_for, worth
from marfa.methods.names.similarity import INITIAL
from marfa.methods.names.tokens import COUNTS, WEIGHTS, Reading, Role, Token
from marfa.methods.names.vocabulary import Like, Vocabulary

Slots = npt.NDArray[np.uint32]
Met = npt.NDArray[np.float64]

COMMON = 1500
"""The commonest part of a query, where more names than this have it, only confirms names that
other parts have found: one shared part alone is no match."""

BARE = (Role.INITIAL, Role.HEAD)
"""Parts of which a letter or the first word alone is written: they fit many and are not sought."""

_INITIAL_WEIGHT = WEIGHTS[Role.INITIAL]


class Bounds:
    """Sums by name, reused from query to query; what a query touched is wiped when it is done."""

    def __init__(self, vocabulary: Vocabulary, places: Multimap[int]) -> None:
        self._vocabulary = vocabulary
        self._places = places
        self._sure = np.zeros(0)
        self._paired = np.zeros(0)
        self._doubted = np.zeros(0)
        self._shared = np.zeros(0)
        self._met_by = np.zeros(0, dtype=np.int16)

    def of_reading(
        self,
        reading: Reading,
        joined: Sequence[Token],
        weights: array[float],
        initials: array[int],
        asked: bool,
    ) -> tuple[Slots, Met]:
        """Names with a part like one of a reading of a query, and what each could score.

        joined: neighbours of the query as one word. weights, initials: of each name, what its
        parts weigh without initials, and how many initials it has.
        """
        self._grow(len(weights))
        sought = [t for t in reading.tokens if t.weight >= COUNTS] or list(reading.tokens)
        own = [token for token in sought if token.role not in BARE] or sought
        touched = self._gather(own, joined)
        if not len(touched):
            return touched, np.zeros(0)
        theirs = np.frombuffer(weights, dtype=np.float32)[touched].astype(np.float64)
        letters = np.frombuffer(initials, dtype=np.uint8)[touched].astype(np.float64)
        sure, paired = self._sure[touched], self._paired[touched]
        doubted, shared = self._doubted[touched], self._shared[touched]
        self._wipe(touched)
        ours = sum(token.weight for token in own)
        left = np.maximum(0.0, ours - paired)
        right = np.maximum(0.0, theirs - paired)
        bare = sum(token.role in BARE for token in reading.tokens)
        # An initial may stand for any part that is left over.
        fit = np.minimum(bare, right) + np.minimum(letters, left)
        left = np.maximum(0.0, left - letters)
        right = np.maximum(0.0, right - bare)
        sure += fit * _INITIAL_WEIGHT * INITIAL
        paired += fit * _INITIAL_WEIGHT
        rates = rates_for(reading, reading, "left" if asked else None)
        values = worth(sure, np.maximum(paired, 1e-9), left, right, doubted, rates)
        alone = (shared + fit <= 1) & (np.maximum(ours, theirs + letters) > 1.01)
        return touched, np.minimum(1.0, values - alone * (WEIGHING.one_part / 2))

    def _gather(self, own: Sequence[Token], joined: Sequence[Token]) -> Slots:
        parts: list[tuple[int, Token, Like, bool]] = []
        for token, together in [*((t, False) for t in own), *((t, True) for t in joined)]:
            like = self._vocabulary.like(token, exact=together)
            size = sum(len(self._places.get(number)) for number, _value in like)
            if size:
                parts.append((size, token, like, together))
        parts.sort(key=lambda entry: entry[0])
        touched: list[Slots] = []
        for order, (size, token, like, together) in enumerate(parts, 1):
            confirms = order > 1 and order == len(parts) and size > COMMON
            touched += self._add(order, token, like, confirms, 2 if together else 1)
        return np.concatenate(touched) if touched else np.zeros(0, dtype=np.uint32)

    def _add(
        self, order: int, token: Token, like: Like, confirms: bool, words: int
    ) -> Iterable[Slots]:
        """One part of the query: each name once, with the likest of its parts."""
        found: list[Slots] = []
        for number, value in like:
            slots = np.asarray(self._places.get(number), dtype=np.uint32)
            slots = slots[self._met_by[slots] != order]
            if confirms:
                slots = slots[self._met_by[slots] > 0]
            if not len(slots):
                continue
            new = slots[self._met_by[slots] == 0]
            if len(new):
                found.append(new)
            self._met_by[slots] = order
            weight = token.weight * words
            doubt = doubt_of(value)
            self._sure[slots] += weight * (1.0 - doubt) * value
            self._paired[slots] += weight
            self._doubted[slots] += weight * doubt
            if doubt < 0.5:
                self._shared[slots] += words
        return found

    def _grow(self, size: int) -> None:
        if len(self._sure) < size:
            room = size + size // 8 + 64
            self._sure, self._paired = np.zeros(room), np.zeros(room)
            self._doubted, self._shared = np.zeros(room), np.zeros(room)
            self._met_by = np.zeros(room, dtype=np.int16)

    def _wipe(self, slots: Slots) -> None:
        for held in (self._sure, self._paired, self._doubted, self._shared, self._met_by):
            held[slots] = 0


__all__ = ["Bounds", "Met", "Rates", "Slots"]

"""What the names of an index could score at most with a query, all at once.

Each part of the query brings the names that have a part like it. From what a name shares and what
it lacks follows a bound of its score, by the function that scores (``scores.worth``): a name is
left out of a search only where its bound says so. The order of parts and kin only ever lower a
score, so they need not be known here.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from marfa.methods.names.alignment import JOINED_FLOOR, JOINED_FLOOR_ACROSS
from marfa.methods.names.multimap import Multimap
from marfa.methods.names.scores import WEIGHING, Rates, Weighing, doubt_of, rates_for, worth
from marfa.methods.names.similarity import INITIAL
from marfa.methods.names.tokens import COUNTS, WEIGHTS, Reading, Role, Token
from marfa.methods.names.vocabulary import Vocabulary

Slots = npt.NDArray[np.uint32]
Met = npt.NDArray[np.float64]
Sums = npt.NDArray[np.float32]

COMMON = 1500
"""The commonest part of a query, where more names than this have it, only confirms names that
other parts have found: one shared part alone is no match."""

MOST_REMEMBERED = 4_000_000
"""So many places of parts are remembered from query to query; then all are forgotten."""

BARE = (Role.INITIAL, Role.HEAD)
"""Parts of which a letter or the first word alone is written: they fit many and are not sought."""

_INITIAL_WEIGHT = WEIGHTS[Role.INITIAL]
_SURE, _PAIRED, _DOUBTED, _SHARED, _TOLD, _MET = range(6)
_SUMS = 6


class Reached(NamedTuple):
    """The names that have a part like one of a query, each once and in order, and what that part
    adds to the sums of each: sure, paired, doubted, shared, told apart, as in ``scores``, and how
    many parts met."""

    slots: Slots
    sums: Sums
    twice: Slots
    """Those of them that have two such parts or more."""


class Bounds:
    """Sums by name, reused from query to query; what a query touched is wiped when it is done."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        places: Multimap[int],
        common: Callable[[Token], float],
    ) -> None:
        self._vocabulary = vocabulary
        self._places = places
        self._common = common
        self._sums: Sums = np.zeros((0, _SUMS), dtype=np.float32)
        self._last = np.zeros(0, dtype=np.int32)
        self._reached: dict[tuple[str, str, str, str, bool], Reached] = {}
        self._remembered = 0

    def forget(self) -> None:
        """Forget what earlier queries reached, since names were added or taken away."""
        if self._reached:
            self._reached.clear()
            self._remembered = 0

    def of_reading(
        self,
        reading: Reading,
        joined: Sequence[Token],
        weights: array[float],
        initials: array[int],
        bodies: array[int],
        asked: bool,
        floor: float = 0.0,
    ) -> tuple[Slots, Met]:
        """Names with a part like one of a reading of a query, and what each could score.

        joined: neighbours of the query as one word. weights, initials, bodies: of each name, what
        its parts weigh without initials, how many initials it has, whether it may be a body's.
        floor: names that cannot score it may be left out.
        """
        self._grow(len(weights))
        sought = [t for t in reading.tokens if t.weight >= COUNTS] or list(reading.tokens)
        own = [token for token in sought if token.role not in BARE] or sought
        rates = rates_for(reading, reading, "left" if asked else None)
        held = np.frombuffer(initials, dtype=np.uint8)
        touched = self._gather(own, joined, held, _Least(floor, rates, reading, asked))
        if not len(touched):
            return touched, np.zeros(0)
        theirs = np.frombuffer(weights, dtype=np.float32)[touched].astype(np.float64)
        letters = held[touched].astype(np.float64)
        sums = self._sums[touched].astype(np.float64)
        self._sums[touched] = 0.0
        sure, paired = sums[:, _SURE], sums[:, _PAIRED]
        ours = sum(token.weight for token in own)
        left = np.maximum(0.0, ours - paired)
        # A part of the name may weigh more than that of the query which it met.
        right = np.maximum(0.0, theirs - np.maximum(paired, sums[:, _MET]))
        bare = sum(token.role in BARE for token in reading.tokens)
        # An initial may stand for any part that is left over.
        fit = np.minimum(bare, right) + np.minimum(letters, left)
        both = np.minimum(bare, letters)
        left = np.maximum(0.0, left - letters)
        right = np.maximum(0.0, right - bare)
        sure = sure + (fit * INITIAL + both) * _INITIAL_WEIGHT
        fit = fit + both
        paired = paired + fit * _INITIAL_WEIGHT
        told = sums[:, _TOLD] + fit * _INITIAL_WEIGHT
        doubted = sums[:, _DOUBTED]
        values = worth(sure, np.maximum(paired, 1e-9), left, right, doubted, rates)
        alone = _cost_alone(reading, told) * (np.maximum(ours, theirs + letters) > 1.01)
        unmet = left + right + doubted
        body = np.frombuffer(bodies, dtype=np.uint8)[touched] > 0
        common = _cost_common(told, unmet, asked) * ~(body | reading.is_body)
        # Which of the two it costs is not known: two parts of a query may have met the same one.
        cost = np.where(sums[:, _SHARED] + fit <= 1, alone, np.minimum(alone, common))
        return touched, np.minimum(1.0, values - cost)

    def _gather(
        self,
        own: Sequence[Token],
        joined: Sequence[Token],
        initials: npt.NDArray[np.uint8],
        least: _Least,
    ) -> Slots:
        """Adds up what each part of the query brings; the names that any of them brought."""
        parts = [
            (self._reach_again(token) if _stands_before(token, own[:place]) else self._reach(token))
            for place, token in enumerate(own)
        ]
        together = [self._reach(token, together=True) for token in joined]
        if least.wants_two([(token.weight, 1.0 - self._common(token)) for token in own]):
            return self._gather_two(parts, together, initials)
        touched = [self._add(part) for part in together]
        parts.sort(key=lambda part: len(part.slots))
        for number, part in enumerate(parts, 1):
            if 1 < number == len(parts) and len(part.slots) > COMMON:
                found = self._sums[part.slots, _PAIRED] > 0
                part = Reached(part.slots[found], part.sums[found], part.twice)
            touched.append(self._add(part))
        return self._once(np.concatenate(touched))[0]

    def _gather_two(
        self,
        parts: Sequence[Reached],
        together: Sequence[Reached],
        initials: npt.NDArray[np.uint8],
    ) -> Slots:
        """The same where a name must have two parts of the query, or one and an initial."""
        every = np.sort(np.concatenate([part.slots for part in parts]))
        found = [part.slots for part in together]
        found.append(every[1:][every[1:] == every[:-1]])
        if initials.any():
            found.append(every[initials[every] > 0])
        touched = np.unique(np.concatenate(found))
        for part in (*parts, *together) if len(touched) else ():
            if len(part.slots):
                places = np.searchsorted(part.slots, touched)
                places[places == len(part.slots)] = 0
                held = part.slots[places] == touched
                self._sums[touched[held]] += part.sums[places[held]]
        return touched

    def _add(self, part: Reached) -> Slots:
        self._sums[part.slots] += part.sums
        return part.slots

    def _reach_again(self, token: Token) -> Reached:
        """The same for the second Muhammad of a query: a name with one Muhammad met the first."""
        slots, sums, twice = self._reach(token)
        self._last[slots] = np.arange(len(slots), dtype=np.int32)
        return Reached(twice, sums[self._last[twice]], twice)

    def _reach(self, token: Token, *, together: bool = False) -> Reached:
        """The names that have a part like one of the query, remembered."""
        script = token.script.value
        key = (token.text, token.written, script, token.role.value, together)
        known = self._reached.get(key)
        if known is None:
            known = self._find(token, together)
            self._remembered += len(known.slots)
            if self._remembered > MOST_REMEMBERED:
                self.forget()
                self._remembered = len(known.slots)
            self._reached[key] = known
        return known

    def _find(self, token: Token, together: bool) -> Reached:
        slots = array("I")
        counts: list[int] = []
        values: list[float] = []
        # The likest last: of several parts of one name it is the one that stays.
        for number, value in reversed(self._vocabulary.like(token, exact=together)):
            if together and value < self._floor_together(token, number):
                continue
            held = self._places.get(number)
            slots.extend(held)
            counts.append(len(held))
            values.append(value)
        if not slots:
            none = np.zeros(0, dtype=np.uint32)
            return Reached(none, np.zeros((0, _SUMS), dtype=np.float32), none)
        words = 2 if together else 1
        rare = 1.0 - self._common(token)
        kinds = np.array([_sums_of(token.weight * words, value, words, rare) for value in values])
        found = np.frombuffer(slots, dtype=np.uint32)
        once, places = self._once(found)
        twice = self._once(np.delete(found, places))[0]
        order = np.argsort(once)
        once, places = once[order], places[order]
        sums = np.repeat(kinds, counts, axis=0)[places].astype(np.float32)
        return Reached(once, sums, twice)

    def _floor_together(self, token: Token, number: int) -> float:
        """How alike words written together are at least, as in ``alignment``."""
        within = self._vocabulary.token(number).script is token.script
        return JOINED_FLOOR if within else JOINED_FLOOR_ACROSS

    def _once(self, slots: Slots) -> tuple[Slots, npt.NDArray[np.intp]]:
        """Each slot once, where it stands last, and those places."""
        places = np.arange(len(slots), dtype=np.int32)
        self._last[slots] = places
        kept = np.flatnonzero(self._last[slots] == places)
        return slots[kept], kept

    def _grow(self, size: int) -> None:
        if len(self._last) < size:
            room = size + size // 8 + 64
            self._sums = np.zeros((room, _SUMS), dtype=np.float32)
            self._last = np.zeros(room, dtype=np.int32)


class _Least(NamedTuple):
    """The score below which a name need not be found, and what a reading of a query scores by."""

    floor: float
    rates: Rates
    reading: Reading
    asked: bool

    def wants_two(self, parts: Sequence[tuple[float, float]]) -> bool:
        """Whether no name scores as much that has but one part of the query.

        parts: of the query, what each weighs and how much of it tells people apart. The best that
        one part can do is a name of nothing but it.
        """
        bare = any(token.role in BARE for token in self.reading.tokens)
        if self.floor <= 0.0 or bare or len(parts) < 2:
            return False
        lacking = sum(weight for weight, _rare in parts)
        return all(self._alone(*part, lacking - part[0]) < self.floor for part in parts)

    def _alone(self, weight: float, rare: float, lacking: float) -> float:
        value = worth(weight, weight, lacking, 0.0, 0.0, self.rates)
        return value - float(_cost_alone(self.reading, np.array([weight * rare]))[0])


def _stands_before(token: Token, before: Sequence[Token]) -> bool:
    """Whether the same name, in whatever spelling, stands before it in a query."""
    return any(
        other.text == token.text or (token.families and token.families == other.families)
        for other in before
    )


def _sums_of(weight: float, value: float, words: int, rare: float) -> tuple[float, ...]:
    doubt = doubt_of(value)
    certain = weight * (1.0 - doubt)
    met = doubt < 0.5
    return certain * value, weight, weight * doubt, words * met, certain * rare * met, words


def _cost_alone(reading: Reading, told: Met) -> Met:
    """What it costs at least that one part alone is shared: half where a title may be shared."""
    light = any(token.weight < COUNTS for token in reading.tokens)
    share = 0.5 if light else 1.0
    return WEIGHING.one_part * (share + np.maximum(0.0, 1.0 - told) / 2)


def _cost_common(told: Met, unmet: Met, asked: bool, w: Weighing = WEIGHING) -> Met:
    """What it costs at least that too little of what is shared tells people apart."""
    across = w.common_across * np.maximum(0.0, w.told_apart_across - told)
    within = w.common * np.maximum(0.0, w.told_apart - told)
    least = across if asked else np.minimum(across, within)
    return least * np.where(unmet < COUNTS, 0.0, np.minimum(1.0, unmet))

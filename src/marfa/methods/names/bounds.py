"""What the names of an index could score at most with a query, all at once.

Each part of the query brings the names that have a part like it. From what a name shares and what
it lacks follows a bound of its score, by the function that scores (``scores.worth``): a name is
left out of a search only where its bound says so. The order of parts and kin only ever lower a
score, so they need not be known here.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from marfa.methods.names.alignment import (
    ACRONYM,
    MAX_RUN,
    MOST_INITIALS,
    pair_weight,
)
from marfa.methods.names.keys import is_abjad
from marfa.methods.names.lexicon import names_written
from marfa.methods.names.multimap import Multimap
from marfa.methods.names.runs import Met as MetRuns
from marfa.methods.names.runs import Runs
from marfa.methods.names.scores import WEIGHING, Rates, Weighing, doubt_of, rates_for, worth
from marfa.methods.names.similarity import INITIAL
from marfa.methods.names.sounds import Sounds
from marfa.methods.names.tokens import (
    COUNTS,
    WEIGHTS,
    ParsedName,
    Reading,
    Role,
    Token,
    is_sometimes_light,
)
from marfa.methods.names.vocabulary import (
    KNOWN_TOGETHER_FLOOR,
    TOGETHER_FLOOR,
    Like,
    Vocabulary,
)

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

JOINED = 0.98
"""The most that words apart are like one word."""

UNSOUGHT = 0.7
"""The most that a part of a query is like one that its keys and sound do not bring."""

LONGEST_JOINED = 40
"""So many letters, at most, words of a query taken together have."""

_INITIAL_WEIGHT = WEIGHTS[Role.INITIAL]
_UNSOUGHT_DOUBT = doubt_of(UNSOUGHT)
_SURE, _PAIRED, _DOUBTED, _SHARED, _TOLD, _OURS, _THEIRS = range(7)
_SUMS = 7


@dataclass
class Measures:
    """Of each name, by its number: of several readings of it what leaves a bound highest.

    weights: of its parts without initials, the least. letters: how many initials it has, the most.
    parts: how many parts count, the fewest. most: how many of its parts an initial may stand for,
    the most. bodies: whether it may be a body's.
    """

    weights: array[float] = field(default_factory=lambda: array("f"))
    letters: array[int] = field(default_factory=lambda: array("B"))
    parts: array[int] = field(default_factory=lambda: array("B"))
    most: array[int] = field(default_factory=lambda: array("B"))
    bodies: array[int] = field(default_factory=lambda: array("B"))

    def grow(self) -> None:
        """Room for one more name."""
        self.weights.append(0.0)
        for each in (self.letters, self.parts, self.most, self.bodies):
            each.append(0)

    def put(self, slot: int, name: ParsedName) -> None:
        """Measure a name."""
        found = [_measure(reading) for reading in name.readings]
        self.weights[slot] = min((weight for weight, _letters in found), default=0.0)
        self.letters[slot] = max((letters for _weight, letters in found), default=0)
        self.parts[slot] = min((reading.parts for reading in name.readings), default=0)
        self.most[slot] = max((_written_out(reading) for reading in name.readings), default=0)
        self.bodies[slot] = any(reading.is_body for reading in name.readings)


def _written_out(reading: Reading) -> int:
    return sum(token.role not in BARE for token in reading.tokens)


def _measure(reading: Reading) -> tuple[float, int]:
    counted = [t for t in reading.tokens if t.weight >= COUNTS] or list(reading.tokens)
    letters = sum(token.role in BARE for token in reading.tokens)
    return sum(token.weight for token in counted if token.role not in BARE), letters


class Reached(NamedTuple):
    """The names that have a part like one of a query, each once and in order, and what that part
    adds to the sums of each: sure, paired, doubted, shared, told apart, as in ``scores``, and what
    the parts that met weigh in the query and in the name."""

    slots: Slots
    sums: Sums
    twice: Slots
    """Those of them that have two such parts or more."""


_NOBODY = Reached(
    np.zeros(0, dtype=np.uint32),
    np.zeros((0, _SUMS), dtype=np.float32),
    np.zeros(0, dtype=np.uint32),
)

_Row = tuple[float, ...]


class Bounds:
    """Sums by name, reused from query to query; what a query touched is wiped when it is done."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        places: Multimap[int],
        runs: Runs,
        name_of: Callable[[int], ParsedName],
        common: Callable[[Token], float],
    ) -> None:
        self._name_of = name_of
        self._vocabulary = vocabulary
        self._places = places
        self._runs = runs
        self._common = common
        self._sums: Sums = np.zeros((0, _SUMS), dtype=np.float32)
        self._last = np.zeros(0, dtype=np.int32)
        self._reached: dict[tuple[object, ...], Reached] = {}
        self._remembered = 0

    def forget(self) -> None:
        """Forget what earlier queries reached, since names were added or taken away."""
        if self._reached:
            self._reached.clear()
            self._remembered = 0

    def of_reading(
        self,
        reading: Reading,
        names: Measures,
        asked: bool,
        floor: float = 0.0,
        *,
        names_ask: bool = False,
    ) -> tuple[Slots, Met]:
        """Names with a part like one of a reading of a query, and what each could score.

        floor: names that cannot score it may be left out. names_ask: whether the names are the
        queries and the reading is of a record.
        """
        self._grow(len(names.weights))
        sought = [t for t in reading.tokens if t.weight >= COUNTS] or list(reading.tokens)
        own = [token for token in sought if token.role not in BARE] or sought
        side = "right" if names_ask else "left"
        rates = rates_for(reading, reading, side if asked else None)
        held = np.frombuffer(names.letters, dtype=np.uint8)
        touched, joined = self._gather(own, held, _Least(floor, rates, reading, asked))
        if not len(touched):
            return touched, np.zeros(0)
        sums = self._sums[touched].astype(np.float64)
        self._sums[touched] = 0.0
        # What met as one word is not doubted for being only like the parts that it is made of.
        sums[joined, _PAIRED] -= sums[joined, _DOUBTED]
        sums[joined, _SURE] = sums[joined, _PAIRED]
        sums[joined, _DOUBTED] = 0.0
        theirs = np.frombuffer(names.weights, dtype=np.float32)[touched].astype(np.float64)
        letters = held[touched].astype(np.float64)
        most = np.frombuffer(names.most, dtype=np.uint8)[touched].astype(np.float64)
        bare = sum(token.role in BARE for token in reading.tokens)
        left = np.maximum(0.0, sum(token.weight for token in own) - sums[:, _OURS])
        right = np.maximum(0.0, theirs - sums[:, _THEIRS])
        # Two parts of the query may have met one of the name, and an initial may stand for a part
        # that met another less well: a part that was not met at all may then cost less.
        free = (sums[:, _THEIRS] > theirs + 1e-3) | (letters > 0) | (bare > 0)
        fits = (
            np.minimum(bare, right) + np.minimum(letters, left),
            np.minimum(bare, most) + np.minimum(letters, len(own)),
        )
        over = _Over(
            np.maximum(0.0, left - letters),
            np.maximum(0.0, right - bare),
            free,
            fits,
            np.minimum(bare, letters),
        )
        # Connectors and titles of the query may all be in the name.
        light = sum(token.weight for token in reading.tokens if token.weight < COUNTS)
        values = _worth_at_most(sums, over, light, rates)
        fit = fits[1] + over.both
        told = sums[:, _TOLD] + fit * _INITIAL_WEIGHT
        unmet = over.unmet + np.maximum(0.0, sums[:, _DOUBTED] - letters - bare)
        parts = np.frombuffer(names.parts, dtype=np.uint8)[touched]
        alone = _cost_alone(reading, told) * (np.maximum(reading.parts, parts) > 1)
        body = np.frombuffer(names.bodies, dtype=np.uint8)[touched] > 0
        common = _cost_common(told, unmet, asked) * ~(body | reading.is_body)
        # Which of the two it costs is not known: two parts of a query may have met the same one.
        cost = np.where(sums[:, _SHARED] + fit <= 1, alone, np.minimum(alone, common))
        return touched, np.minimum(1.0, values - cost)

    def joined(self, reading: Reading) -> Slots:
        """Names that have words of a reading written together, or a word of it apart."""
        found = [each.slots for each in self._beside(reading)]
        return np.unique(np.concatenate(found)) if found else _NOBODY.slots

    def _gather(
        self, own: Sequence[Token], letters: npt.NDArray[np.uint8], least: _Least
    ) -> tuple[Slots, npt.NDArray[np.bool_]]:
        """Adds up what each part of the query brings; the names that any of them brought, and which
        of them have words together that the query has apart, or the reverse."""
        parts = [
            (
                self._reach_again(token)
                if any(_is_one_name(token, other) for other in own[:place])
                else self._reach(token, *(t for t in own[place + 1 :] if _is_one_name(token, t)))
            )
            for place, token in enumerate(own)
        ]
        beside = [each for each in self._beside(least.reading) if len(each.slots)]
        if least.wants_two([(token.weight, 1.0 - self._common(token)) for token in own]):
            found = self._gather_two(parts, beside, letters)
            return found, self._any_of(found, beside)
        touched = [self._add(part) for part in beside]
        parts.sort(key=lambda part: len(part.slots))
        for number, part in enumerate(parts, 1):
            common = not least.floor and len(part.slots) > COMMON
            if 1 < number == len(parts) and common:
                found = self._sums[part.slots, _PAIRED] > 0
                part = Reached(part.slots[found], part.sums[found], part.twice)
            touched.append(self._add(part))
        found = self._once(np.concatenate(touched))[0]
        return found, self._any_of(found, beside)

    def _any_of(self, slots: Slots, beside: Sequence[Reached]) -> npt.NDArray[np.bool_]:
        self._last[slots] = 0
        for part in beside:
            self._last[part.slots] = -1
        return self._last[slots] < 0

    def _gather_two(
        self,
        parts: Sequence[Reached],
        beside: Sequence[Reached],
        letters: npt.NDArray[np.uint8],
    ) -> Slots:
        """The same where a name must have two parts of the query, or one and an initial."""
        every = np.sort(np.concatenate([part.slots for part in parts]))
        found = [part.slots for part in beside]
        found.append(every[1:][every[1:] == every[:-1]])
        if letters.any():
            found.append(every[letters[every] > 0])
        touched = np.unique(np.concatenate(found))
        for part in (*parts, *beside) if len(touched) else ():
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

    def _reach(self, *tokens: Token) -> Reached:
        """The names that have a part like one of the query, remembered; of several spellings of one
        name (Mohamed, Muhammad) the likest."""
        told = (one for token in tokens for one in _told(token))
        return self._kept(("like", *told), partial(self._like_any, tokens))

    def _like_any(self, tokens: Sequence[Token]) -> Reached:
        rows = [row for token in tokens for row in self._like(token)]
        if len(tokens) > 1:
            rows.sort(key=lambda row: -row[1][_SURE])
        return self._find(rows)

    def _beside(self, reading: Reading) -> Iterator[Reached]:
        """The names that have words of the query written together, or a word of it apart; and those
        where a connector or title of the query is a name."""
        tokens, body = reading.tokens, reading.is_body
        runs = {
            ("together", body, *(one for piece in run for one in _told(piece))): run
            for run in _neighbours(tokens)
        }
        new = {key: run for key, run in runs.items() if key not in self._reached}
        like = dict(zip(new, self._vocabulary.together(list(new.values())), strict=True))
        for key, run in runs.items():
            yield self._kept(key, partial(self._as_one_part, run, like.get(key), body))
        for token in () if reading.apart else tokens:
            if token.weight < COUNTS and len(tokens) > 1:
                yield self._kept(("light", *_told(token)), partial(self._as_a_name, token))
                continue
            yield self._kept(("runs", *_told(token)), partial(self._apart, token))
            find = partial(self._of_first_letters, token, body)
            yield self._kept(("letters", body, *_told(token)), find)

    def _as_one_part(self, pieces: Sequence[Token], like: Like | None, body: bool) -> Reached:
        if like is None:
            (like,) = self._vocabulary.together([pieces])
        return self._find(self._together(pieces, like, body))

    def _as_a_name(self, token: Token) -> Reached:
        return self._find(self._named(token))

    def _apart(self, token: Token) -> Reached:
        return self._of_runs(token, self._sounding(token))

    def _of_first_letters(self, token: Token, body: bool) -> Reached:
        met = self._runs.of_first_letters(token)
        return self._of_runs(token, met, acronym=True, body=body)

    def _kept(self, key: tuple[object, ...], find: Callable[[], Reached]) -> Reached:
        known = self._reached.get(key)
        if known is None:
            known = find()
            self._remembered += len(known.slots) + 1
            if self._remembered > MOST_REMEMBERED:
                self.forget()
                self._remembered = len(known.slots)
            self._reached[key] = known
        return known

    def _like(self, token: Token) -> list[tuple[int, _Row]]:
        rare = 1.0 - self._common(token)
        return [
            (number, _row(token, self._vocabulary.token(number), value, rare))
            for number, value in self._vocabulary.like(token)
        ]

    def _together(self, pieces: Sequence[Token], like: Like, body: bool) -> list[tuple[int, _Row]]:
        rare = 1.0 - max(self._common(piece) for piece in pieces)
        apart = sum(piece.weight for piece in pieces) - 0.5
        ours = sum(p.weight for p in pieces if p.weight >= COUNTS and p.role not in BARE)
        found = [(number, value, len(pieces)) for number, value in like]
        if body or len(pieces) == MOST_INITIALS:
            shared = len(pieces) if body else 1
            letters = self._vocabulary.of_first_letters(pieces)
            found = [(number, ACRONYM, shared) for number in letters] + found
        rows: list[tuple[int, _Row]] = []
        for number, value, shared in found:
            theirs = self._vocabulary.token(number).weight
            weight = max(theirs, apart)
            rows.append(
                (number, (weight * value, weight, 0.0, shared, weight * rare, ours, theirs))
            )
        return rows

    def _named(self, token: Token) -> list[tuple[int, _Row]]:
        rows: list[tuple[int, _Row]] = []
        for number in self._vocabulary.named_alike(token):
            other = self._vocabulary.token(number)
            weight = pair_weight(token, other)
            shared = float(weight >= COUNTS)
            rows.append((number, (weight, weight, 0.0, shared, weight * shared, 0.0, other.weight)))
        return rows

    def _sounding(self, word: Token) -> MetRuns:
        """Of the names with a run of the consonants of a word those where it sounds like it."""
        met = self._runs.like(word)
        runs = [
            (place, run)
            for place, (slot, parts) in enumerate(
                zip(met.slots.tolist(), met.parts.tolist(), strict=True)
            )
            for run in _runs_of(self._name_of(slot), word, parts)
        ]
        if not runs:
            return MetRuns(met.slots[:0], met.parts[:0])
        kept: set[int] = set()
        for (place, run), heard in zip(runs, _heard(word, runs), strict=True):
            may = (heard or word.compound) and place not in kept
            if may and self._vocabulary.value_together(run, word, heard=heard):
                kept.add(place)
        places = sorted(kept)
        return MetRuns(met.slots[places], met.parts[places])

    def _of_runs(
        self, word: Token, met: MetRuns, *, acronym: bool = False, body: bool = False
    ) -> Reached:
        if not len(met.slots):
            return _NOBODY
        met = met.longest()
        rare = 1.0 - self._common(word)
        value = ACRONYM if acronym else JOINED
        kinds = [(0.0,) * _SUMS]
        for parts in range(1, MAX_RUN + 1):
            weight = max(word.weight, parts - 0.5)
            shared = 1 if acronym and not body and parts == MOST_INITIALS else parts
            kinds.append(
                (weight * value, weight, 0.0, shared, weight * rare, word.weight, float(parts))
            )
        return Reached(met.slots, np.array(kinds, dtype=np.float32)[met.parts], _NOBODY.slots)

    def _find(self, rows: Sequence[tuple[int, _Row]]) -> Reached:
        """The names that have one of some parts; rows: parts with what each adds, likest first."""
        slots = array("I")
        counts: list[int] = []
        # The likest last: of several parts of one name it is the one that stays.
        for number, _added in reversed(rows):
            held = self._places.get(number)
            slots.extend(held)
            counts.append(len(held))
        if not slots:
            return _NOBODY
        kinds = np.array([added for _number, added in reversed(rows)])
        found = np.frombuffer(slots, dtype=np.uint32)
        once, places = self._once(found)
        twice = np.unique(np.delete(found, places))
        order = np.argsort(once)
        once, places = once[order], places[order]
        sums = np.repeat(kinds, counts, axis=0)[places].astype(np.float32)
        return Reached(once, sums, twice)

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


class _Over(NamedTuple):
    """What of a query and of each name met nothing, by weight.

    left, right: but for what initials stand for. free: whether parts that met may as well have been
    left over. fits: how many initials stand for a part, where they take what is left over and
    where they take any. both: how many initials may meet one another.
    """

    left: Met
    right: Met
    free: npt.NDArray[np.bool_]
    fits: tuple[Met, Met]
    both: Met

    @property
    def unsought(self) -> Met:
        """What is left over on both sides: it may be as alike as what is not looked for."""
        return np.minimum(self.left, self.right)

    @property
    def unmet(self) -> Met:
        """What met nothing at all, or is doubted, at the least."""
        return np.abs(self.left - self.right) + self.unsought * _UNSOUGHT_DOUBT


def _worth_at_most(sums: Met, over: _Over, light: float, rates: Rates) -> Met:
    """The most that names are worth (``scores.worth``) by what met."""
    unsought = over.unsought
    left, right = over.left - unsought, over.right - unsought
    unsure = unsought * _UNSOUGHT_DOUBT
    sure = sums[:, _SURE] + light + (unsought - unsure) * UNSOUGHT
    paired = np.where(over.free, sums[:, _SURE], sums[:, _PAIRED]) + light + unsought
    doubted = np.where(over.free, 0.0, sums[:, _DOUBTED]) + unsure
    values = np.zeros(len(sums))
    for fit in over.fits:
        letters = (fit * INITIAL + over.both) * _INITIAL_WEIGHT
        weight = np.maximum(paired + (fit + over.both) * _INITIAL_WEIGHT, 1e-9)
        values = np.maximum(values, worth(sure + letters, weight, left, right, doubted, rates))
    return values


def _neighbours(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Runs of parts that may be written as one word."""
    for start in range(len(tokens) - 1):
        for end in range(start + 2, min(start + MAX_RUN, len(tokens)) + 1):
            run = tokens[start:end]
            if run[-1].script is not run[0].script:
                break
            if sum(len(piece.text) for piece in run) <= LONGEST_JOINED:
                yield run


def _runs_of(name: ParsedName, word: Token, parts: int) -> Iterator[Sequence[Token]]:
    """Runs of so many parts that may be a word by their first letter."""
    for reading in name.readings:
        tokens = reading.tokens
        for start in range(len(tokens) - parts + 1):
            first = tokens[start]
            if first.script is not word.script or word.text[0] in (first.text[0], first.written[0]):
                yield tokens[start : start + parts]


def _heard(word: Token, found: Sequence[tuple[int, Sequence[Token]]]) -> Sequence[bool]:
    """Whether each run sounds or is spelt like a word, or is known to be it."""
    runs = [run for _place, run in found]
    sounds = Sounds.of(["".join([piece.forms[0] for piece in run]) for run in runs])
    forms = word.forms[:3]
    abjad = np.array([is_abjad(run[0]) for run in runs]) != is_abjad(word)
    asking, rows = np.divmod(np.arange(len(forms) * len(runs)), len(runs))
    heard = sounds.like(forms, asking, rows, abjad[rows], KNOWN_TOGETHER_FLOOR)
    values = heard.reshape(len(forms), len(runs)).max(axis=0)
    texts = ["".join([piece.text for piece in run]) for run in runs]
    spelt = process.cdist([word.text], texts, scorer=OSA.normalized_similarity)[0]
    known = np.array([all(piece.families for piece in run) for run in runs])
    floor = np.where(known, KNOWN_TOGETHER_FLOOR, TOGETHER_FLOOR)
    names = word.families | word.shorts
    if names:
        sure = [bool(names & names_written(text)) for text in texts]
        floor[np.array(sure, dtype=np.bool_)] = 0.0
    return [bool(each) for each in np.maximum(values, spelt) >= floor]


def _told(token: Token) -> Iterable[str]:
    """What tells a part of a query from others."""
    return token.text, token.written, token.script.value, token.role.value


def _is_one_name(one: Token, other: Token) -> bool:
    """Whether two parts of a query are the same name, in whatever spelling."""
    return one.text == other.text or bool(one.families and one.families == other.families)


def _row(token: Token, other: Token, value: float, rare: float) -> _Row:
    """What a part of a query and one of a name add, that are so alike."""
    weight, doubt = pair_weight(token, other), doubt_of(value)
    certain, met = weight * (1.0 - doubt), float(doubt < 0.5)
    told = certain * rare * met
    return certain * value, weight, weight * doubt, met, told, token.weight, other.weight


def _cost_alone(reading: Reading, told: Met) -> Met:
    """What it costs at least that one part alone is shared: half where a title may be shared, be it
    a title in the name alone (Omar Sheikh, Sheikh Omar)."""
    light = any(is_sometimes_light(token) for token in reading.tokens)
    share = 0.5 if light else 1.0
    return WEIGHING.one_part * (share + np.maximum(0.0, 1.0 - told) / 2)


def _cost_common(told: Met, unmet: Met, asked: bool, w: Weighing = WEIGHING) -> Met:
    """What it costs at least that too little of what is shared tells people apart."""
    across = w.common_across * np.maximum(0.0, w.told_apart_across - told)
    within = w.common * np.maximum(0.0, w.told_apart - told)
    least = across if asked else np.minimum(across, within)
    return least * np.where(unmet < COUNTS, 0.0, np.minimum(1.0, unmet))

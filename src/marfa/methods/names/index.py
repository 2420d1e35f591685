"""Find names among many without comparing them all."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path

import numpy as np
import numpy.typing as npt

from marfa.methods.names import storage
from marfa.methods.names.alignment import MAX_RUN
from marfa.methods.names.compare import Comparer, Comparison, Match, compare_match
from marfa.methods.names.multimap import Multimap
from marfa.methods.names.phones import skeleton
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import ParsedName, Reading, Role, Token, make_token, parse
from marfa.methods.names.vocabulary import Vocabulary

RERANK = 24
"""So many candidates, at least, are compared in full for a search."""

Slots = npt.NDArray[np.uint32]
Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

COMMON = 1500
"""A part that more names than this have only confirms candidates that other parts have found."""


@dataclass(frozen=True)
class Hit:
    """A name found: the caller's key, the name as it was added, and how it compares."""

    key: str
    name: str
    comparison: Comparison

    @property
    def score(self) -> float:
        return self.comparison.score


@dataclass(frozen=True)
class Beginning:
    """A name of which each part of a query is a part, or the beginning of one.

    parts: pairs of what was typed and the part of the name, in the order of the query.
    share: how much of the name was met, in (0, 1].
    """

    key: str
    name: str
    parts: tuple[tuple[str, str], ...]
    share: float


class NameIndex:
    """Names under the caller's keys; one key may have several names (aliases, spellings).

    A name may be filed under a group, a number of the caller's; a search then looks among some
    groups alone, and at further keys of its own.

    It holds names in clear. ``remove`` leaves no trace of a name in it, nor of its parts where no
    other name has them, except what the operating system keeps of freed memory.
    Not safe for use by several threads at once.
    """

    def __init__(self) -> None:
        self._comparer = Comparer()
        self._vocabulary = Vocabulary(self._comparer)
        self._slots: Multimap[str] = Multimap()
        self._keys: list[str | None] = []
        self._names: list[str | None] = []
        self._readings: list[bytes] = []
        self._weights = array("f")
        self._groups = array("I")
        self._places: Multimap[int] = Multimap()
        self._whole: Multimap[str] = Multimap()
        self._free: list[int] = []

    def __len__(self) -> int:
        """How many names it holds."""
        return len(self._names) - len(self._free)

    def __contains__(self, key: str) -> bool:
        return key in self._slots

    def add(self, key: str, name: str, group: int = 0) -> None:
        """Add a name under a key; a name that the key has already is not added twice."""
        if any(self._names[slot] == name for slot in self._slots.get(key)):
            return
        parsed = parse(name, self._vocabulary.known)
        slot = self._new_slot(key, name)
        self._slots.add(key, slot)
        self._readings[slot] = self._pack(parsed)
        self._weights[slot] = _weight(parsed)
        self._groups[slot] = group
        for number in set(self._numbers(slot)):
            self._places.add(number, slot)
        for whole in _wholes(parsed):
            self._whole.add(whole, slot)

    def remove(self, key: str) -> None:
        """Remove all names of a key. Raises KeyError where it has none."""
        for slot in self._slots.pop(key):
            name = self._names[slot]
            numbers = self._numbers(slot)
            for number in set(numbers):
                self._places.discard(number, slot)
            for whole in _wholes(parse(name or "")):
                self._whole.discard(whole, slot)
            for number in numbers:
                self._vocabulary.release(number)
            self._keys[slot] = self._names[slot] = None
            self._readings[slot] = b""
            self._weights[slot] = 0.0
            self._free.append(slot)
        self._vocabulary.forget()

    def forget(self) -> None:
        """Forget what was learnt from earlier queries; searches find the same."""
        self._vocabulary.forget()

    def names(self) -> Iterator[tuple[str, str]]:
        """All keys with their names, in the order in which their places were taken."""
        for key, name in zip(self._keys, self._names, strict=True):
            if key is not None and name is not None:
                yield key, name

    def names_of(self, key: str) -> list[str]:
        """The names under a key, in the order in which they were added; none where it has none."""
        return [name for slot in self._slots.get(key) if (name := self._names[slot]) is not None]

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        groups: Collection[int] | None = None,
        also: Collection[str] = (),
    ) -> list[Hit]:
        """The k keys whose names compare best with the query, best first.

        groups: where to look; None for everywhere. also: keys to look at whatever their group.
        Each key comes once, with the best of its names. Every hit says by its band whether it
        reaches the threshold of its pair of scripts. Raises ValueError for k below 1.
        """
        if k < 1:
            raise ValueError("k is at least 1")
        parsed = parse(query)
        ranked: list[tuple[Match, int]] = []
        among = self._among(groups, also)
        for slot in self._candidates(parsed, max(RERANK, k + 8), among):
            match = self._comparer.match(parsed, self._parsed(slot))
            if match is not None and match.score.value > 0:
                ranked.append((match, slot))
        ranked.sort(key=lambda entry: (-entry[0].score.value, self._names[entry[1]] or ""))
        return self._hits(ranked, k)

    def save(self, path: Path) -> None:
        """Write keys and names to a file that only its owner can read; replaces it at once."""
        storage.save_names(path, self.names())

    @classmethod
    def load(cls, path: Path) -> NameIndex:
        """Read an index back. Raises InputError where the file is not one or was changed."""
        index = cls()
        for key, name in storage.load_names(path):
            index.add(key, name)
        return index

    def _hits(self, ranked: list[tuple[Match, int]], k: int) -> list[Hit]:
        found: list[Hit] = []
        seen: set[str] = set()
        for match, slot in ranked:
            key, name = self._keys[slot], self._names[slot]
            if key is None or name is None or key in seen:
                continue
            seen.add(key)
            found.append(Hit(key, name, compare_match(match)))
            if len(found) == k:
                break
        return found

    def beginning(
        self,
        query: str,
        k: int = 10,
        *,
        groups: Collection[int] | None = None,
        also: Collection[str] = (),
    ) -> list[Beginning]:
        """The k keys with a name that has every part of the query, or a part that begins with it.

        Those of which most is met come first; groups and also as in :meth:`search`.
        """
        tokens = _words(query)
        if not tokens:
            return []
        met = [self._filled(self._beginnings(token)) for token in tokens]
        every = np.logical_and.reduce([values > 0 for values in met])
        among = self._among(groups, also)
        slots = np.flatnonzero(every if among is None else every & among)
        shared = sum(float(t.weight) * v[slots] for t, v in zip(tokens, met, strict=True))
        weights = np.frombuffer(self._weights, dtype=np.float32)[slots]
        share = np.minimum(1.0, shared / np.maximum(weights, 0.1))
        order = np.lexsort((slots, -share))[: 4 * k]
        found: dict[str, Beginning] = {}
        for place in order:
            slot = int(slots[place])
            key, name = self._keys[slot], self._names[slot]
            if key is None or name is None or key in found:
                continue
            found[key] = Beginning(key, name, self._begun(tokens, slot), float(share[place]))
        return list(found.values())[:k]

    def _beginnings(self, token: Token) -> dict[int, float]:
        """Parts like one of a query, and those that begin with it, which count for less."""
        found = dict.fromkeys(self._vocabulary.beginning(token), 0.6)
        return found | dict(self._vocabulary.like(token))

    def _begun(self, tokens: tuple[Token, ...], slot: int) -> tuple[tuple[str, str], ...]:
        numbers = self._numbers(slot)
        pairs: list[tuple[str, str]] = []
        for token in tokens:
            values = self._beginnings(token)
            met = max((n for n in numbers if n in values), key=values.__getitem__, default=None)
            if met is not None:
                pairs.append((token.written, self._vocabulary.token(met).written))
        return tuple(pairs)

    def _among(self, groups: Collection[int] | None, also: Collection[str]) -> Mask | None:
        """By slot, whether a search looks at it; None where it looks at all."""
        if groups is None:
            return None
        held = np.frombuffer(self._groups, dtype=np.uint32)
        found: Mask = np.isin(held, np.fromiter(groups, dtype=np.uint32, count=len(groups)))
        for key in also:
            found[list(self._slots.get(key))] = True
        return found

    def _candidates(self, query: ParsedName, count: int, among: Mask | None) -> list[int]:
        best: dict[int, float] = {}
        for reading in query.readings:
            met, weight = self._met(reading)
            if among is not None:
                met *= among
            for slot, value in self._promising(met, weight, count):
                best[slot] = max(value, best.get(slot, 0.0))
        for whole in _wholes(query):
            held = (slot for slot in self._whole.get(whole) if among is None or among[slot])
            for slot in itertools.islice(held, count):
                best[slot] = max(0.99, best.get(slot, 0.0))
        return nlargest(count, best, key=lambda slot: (best[slot], -slot))

    def _met(self, reading: Reading) -> tuple[Values, float]:
        """What each name shares with a reading of the query, in weight; and the query's weight."""
        sought = [token for token in reading.tokens if token.weight >= 0.5] or reading.tokens
        found: list[tuple[int, float, dict[int, float]]] = []
        parts = [(token, False) for token in sought]
        parts += [(token, True) for token in _joined(reading.tokens)]
        for token, exact in parts:
            like = dict(self._vocabulary.like(token, exact=exact))
            if size := sum(len(self._places.get(number)) for number in like):
                found.append((size, token.weight, like))
        found.sort(key=lambda entry: entry[0])
        met = np.zeros(len(self._names))
        for position, (size, weight, like) in enumerate(found):
            values = weight * self._filled(like)
            if position and size > COMMON and size == found[-1][0]:
                values *= met > 0
            met += values
        return met, sum(token.weight for token in sought)

    def _filled(self, like: dict[int, float]) -> Values:
        """By slot, the highest value of the parts that its name has."""
        values = np.zeros(len(self._names))
        for number in sorted(like, key=like.__getitem__):
            values[np.asarray(self._places.get(number), dtype=np.uint32)] = like[number]
        return values

    def _promising(self, met: Values, weight: float, count: int) -> list[tuple[int, float]]:
        """The names likeliest to score high, by the shape of the score but without its details."""
        most = met.max(initial=0.0)
        if most <= 0.0:
            return []
        slots = np.flatnonzero(met >= max(0.45 * most, 1e-9))
        shared = met[slots]
        theirs = np.frombuffer(self._weights, dtype=np.float32)[slots] - shared
        ours, theirs = np.maximum(0.0, weight - shared), np.maximum(0.0, theirs)
        conflict = np.minimum(ours, theirs)
        value = shared / (shared + conflict + 0.13 * np.abs(ours - theirs))
        value *= 1.0 - 0.27 * np.minimum(1.0, conflict)
        if len(value) > count:
            least = np.partition(value, len(value) - count)[len(value) - count]
            slots, value = slots[value >= least], value[value >= least]
        order = np.lexsort((slots, value))[::-1][:count]
        return [(int(slots[n]), float(value[n])) for n in order]

    def _parsed(self, slot: int) -> ParsedName:
        packed = array("I", self._readings[slot])
        readings: list[Reading] = []
        position = 0
        while position < len(packed):
            size, compounds = packed[position], bool(packed[position + 1])
            numbers = packed[position + 2 : position + 2 + size]
            tokens = tuple(self._vocabulary.token(number) for number in numbers)
            readings.append(Reading(tokens, tokens[0].script, compounds))
            position += 2 + size
        return ParsedName(tuple(readings))

    def _pack(self, parsed: ParsedName) -> bytes:
        """Readings as numbers: how many parts, whether compounds are joined, the parts."""
        packed = array("I")
        for reading in parsed.readings:
            packed.append(len(reading.tokens))
            packed.append(int(reading.compounds))
            packed.extend(self._vocabulary.use(token) for token in reading.tokens)
        return packed.tobytes()

    def _numbers(self, slot: int) -> list[int]:
        packed = array("I", self._readings[slot])
        found: list[int] = []
        position = 0
        while position < len(packed):
            size = packed[position]
            found.extend(packed[position + 2 : position + 2 + size])
            position += 2 + size
        return found

    def _new_slot(self, key: str, name: str) -> int:
        if self._free:
            slot = self._free.pop()
            self._keys[slot], self._names[slot] = key, name
            return slot
        self._keys.append(key)
        self._names.append(name)
        self._readings.append(b"")
        self._weights.append(0.0)
        self._groups.append(0)
        return len(self._names) - 1


def _weight(parsed: ParsedName) -> float:
    """What the first reading of a name weighs in all."""
    if not parsed.readings:
        return 0.0
    return sum(token.weight for token in parsed.readings[0].tokens)


def _wholes(parsed: ParsedName) -> list[str]:
    """The consonants of the whole name without its word breaks, for names written together."""
    found: list[str] = []
    for reading in parsed.readings:
        if reading.compounds and reading.script is not Script.HAN:
            text = skeleton("".join(t.forms[0] for t in reading.tokens if t.weight >= 0.5))
            if len(text) > 4:
                found.append(text)
    return found


def _words(query: str) -> tuple[Token, ...]:
    """The words of a query, each taken by itself: initials are no acronym here."""
    readings = [parsed.readings[0] for word in query.split() if (parsed := parse(word)).readings]
    tokens = tuple(token for reading in readings for token in reading.tokens)
    return tuple(token for token in tokens if token.weight >= 0.5) or tokens


def _joined(tokens: tuple[Token, ...]) -> Iterator[Token]:
    """Neighbours of a query taken as one word, since the index may have them so."""
    light = (Role.PARTICLE, Role.TITLE, Role.LEGAL)
    content = [token for token in tokens if token.role not in light][: 2 * MAX_RUN]
    for one, other in itertools.pairwise(content):
        if len(one.text) + len(other.text) <= 14:
            yield make_token(one.text + other.text, one.script)

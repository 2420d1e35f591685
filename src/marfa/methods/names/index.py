"""Find names among many without comparing them all."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path

from marfa.methods.names import storage
from marfa.methods.names.alignment import MAX_RUN
from marfa.methods.names.compare import Comparer, Comparison, Match, comparison
from marfa.methods.names.multimap import Multimap
from marfa.methods.names.phones import skeleton
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import ParsedName, Reading, Role, Token, make_token, parse
from marfa.methods.names.vocabulary import Vocabulary

RERANK = 24
"""So many candidates, at least, are compared in full for a search."""

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


class NameIndex:
    """Names under the caller's keys; one key may have several names (aliases, spellings).

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
        self._places: Multimap[int] = Multimap()
        self._whole: Multimap[str] = Multimap()
        self._free: list[int] = []

    def __len__(self) -> int:
        """How many names it holds."""
        return len(self._names) - len(self._free)

    def __contains__(self, key: str) -> bool:
        return key in self._slots

    def add(self, key: str, name: str) -> None:
        """Add a name under a key; a name that the key has already is not added twice."""
        if any(self._names[slot] == name for slot in self._slots.get(key)):
            return
        parsed = parse(name)
        slot = self._new_slot(key, name)
        self._slots.add(key, slot)
        self._readings[slot] = self._pack(parsed)
        self._weights[slot] = _weight(parsed)
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

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The k keys whose names compare best with the query, best first.

        Each key comes once, with the best of its names. Every hit says by its band whether it
        reaches the threshold of its pair of scripts. Raises ValueError for k below 1.
        """
        if k < 1:
            raise ValueError("k is at least 1")
        parsed = parse(query)
        ranked: list[tuple[Match, int]] = []
        for slot in self._candidates(parsed, max(RERANK, k + 8)):
            match = self._comparer.match(parsed, self._parsed(slot))
            if match is not None and match.score.value > 0:
                ranked.append((match, slot))
        ranked.sort(key=lambda entry: (-entry[0].score.value, self._names[entry[1]] or ""))
        return self._hits(ranked, k)

    def save(self, path: Path) -> None:
        """Write keys and names to a file that only its owner can read; replaces it at once."""
        storage.save(path, self.names())

    @classmethod
    def load(cls, path: Path) -> NameIndex:
        """Read an index back. Raises InputError where the file is not one or was changed."""
        index = cls()
        for key, name in storage.load(path):
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
            found.append(Hit(key, name, comparison(match)))
            if len(found) == k:
                break
        return found

    def _candidates(self, query: ParsedName, count: int) -> list[int]:
        best: dict[int, float] = {}
        for reading in query.readings:
            met, weight = self._met(reading)
            for slot, value in self._promising(met, weight, count):
                best[slot] = max(value, best.get(slot, 0.0))
        for whole in _wholes(query):
            for slot in self._whole.get(whole)[:count]:
                best[slot] = max(0.99, best.get(slot, 0.0))
        return nlargest(count, best, key=lambda slot: (best[slot], -slot))

    def _met(self, reading: Reading) -> tuple[dict[int, float], float]:
        """What each name shares with a reading of the query, in weight; and the query's weight."""
        sought = [token for token in reading.tokens if token.weight >= 0.5] or reading.tokens
        found: list[tuple[int, float, dict[int, float]]] = []
        parts = [(token, False) for token in sought]
        parts += [(token, True) for token in _joined(reading.tokens)]
        for token, exact in parts:
            places: dict[int, float] = {}
            size = 0
            for number, value in reversed(self._vocabulary.like(token, exact=exact)):
                slots = self._places.get(number)
                size += len(slots)
                places.update(dict.fromkeys(slots, value))
            if places:
                found.append((size, token.weight, places))
        found.sort(key=lambda entry: entry[0])
        met: dict[int, float] = {}
        for size, weight, places in found:
            if met and size > COMMON and size == found[-1][0]:
                for slot in met.keys() & places.keys():
                    met[slot] += weight * places[slot]
                continue
            for slot, value in places.items():
                met[slot] = met.get(slot, 0.0) + weight * value
        return met, sum(token.weight for token in sought)

    def _promising(
        self, met: dict[int, float], weight: float, count: int
    ) -> list[tuple[int, float]]:
        """The names likeliest to score high, by the shape of the score but without its details."""
        if not met:
            return []
        least = 0.45 * max(met.values())
        weights = self._weights
        ranked: list[tuple[float, int]] = []
        for slot, shared in met.items():
            if shared < least:
                continue
            ours, theirs = max(0.0, weight - shared), max(0.0, weights[slot] - shared)
            conflict = min(ours, theirs)
            value = shared / (shared + conflict + 0.13 * abs(ours - theirs))
            ranked.append((value * (1.0 - 0.27 * min(1.0, conflict)), slot))
        return [(slot, value) for value, slot in nlargest(count, ranked)]

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


def _joined(tokens: tuple[Token, ...]) -> Iterator[Token]:
    """Neighbours of a query taken as one word, since the index may have them so."""
    light = (Role.PARTICLE, Role.TITLE, Role.LEGAL)
    content = [token for token in tokens if token.role not in light][: 2 * MAX_RUN]
    for one, other in itertools.pairwise(content):
        if len(one.text) + len(other.text) <= 14:
            yield make_token(one.text + other.text, one.script)

"""Find names among many without comparing them all."""

from __future__ import annotations

import itertools
from array import array
from bisect import insort
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from marfa.methods.names import storage
from marfa.methods.names.bounds import BARE, Bounds, Measures, Met, Slots
from marfa.methods.names.compare import (
    SURE_ENOUGH,
    Comparer,
    Match,
    Name,
    compare_match,
    parse_kind,
)
from marfa.methods.names.context import NO_EVIDENCE, Context, Evidence, Facts, weigh_context
from marfa.methods.names.explain import written_pairs, written_words
from marfa.methods.names.frequencies import Frequencies
from marfa.methods.names.hits import Beginning, Found, Hit, by_turns
from marfa.methods.names.kinds import Kind, vessel_name
from marfa.methods.names.multimap import Multimap
from marfa.methods.names.query import Query, words_of
from marfa.methods.names.runs import Runs
from marfa.methods.names.text import Script, normalise
from marfa.methods.names.tokens import (
    COUNTS,
    ParsedName,
    Reading,
    Token,
    parse,
)
from marfa.methods.names.vocabulary import Vocabulary

Mask = npt.NDArray[np.bool_]

MOST_COMPARED = 400
"""So many names of different parts, at most, are compared in full for a search."""

SLACK = 0.0005
"""What a bound may fall short of the score: it is added up with seven digits."""

SOUGHT = 0.6
"""Names that score as much are found by the keys of their parts, and their bounds hold: no pair of
scripts has a lower threshold. To find all that score less every name is compared."""

LEAST = 0.4
"""Names that cannot score more than this are looked at only where nothing better was found."""

FEWEST_COMPARED = 24
"""So many of the best are compared whatever their bounds while no name is FOUND: of names that
score less than SOUGHT a bound need not hold."""

FOUND = 0.67

WRITTEN_ALIKE = 0.99
"""Names written alike score no less."""

EVIDENCE_ADDS = 0.15
"""The most that weak evidence adds to a score."""


class NameIndex:
    """Names under the caller's keys; one key may have several names (aliases, spellings).

    A name may be filed under a group, a number of the caller's; a search then looks among some
    groups alone, and at further keys of its own.

    It holds names in clear. ``remove`` leaves no trace of a name in it, nor of its parts where no
    other name has them, except what the operating system keeps of freed memory.
    Not safe for use by several threads at once.

    frequencies: how common parts are; by default the tables that ship.
    """

    def __init__(self, frequencies: Frequencies | None = None) -> None:
        self._comparer = Comparer(frequencies=frequencies)
        self._vocabulary = Vocabulary(self._comparer)
        self._slots: Multimap[str] = Multimap()
        self._keys: list[str | None] = []
        self._names: list[str | None] = []
        self._readings: list[bytes] = []
        self._measures = Measures()
        self._groups = array("I")
        self._kinds = array("B")
        self._written_in = array("H")
        self._writings: dict[_WrittenIn, int] = {_NOTHING: 0}
        self._facts: dict[str, Facts] = {}
        self._documents: dict[str, set[str]] = {}
        self._places: Multimap[int] = Multimap()
        self._several = array("B")
        self._runs = Runs()
        self._bounds = Bounds(
            self._vocabulary,
            self._places,
            self._runs,
            self._parsed,
            self._comparer.commonness,
        )
        self._free: list[int] = []

    def __len__(self) -> int:
        """How many names it holds."""
        return len(self._names) - len(self._free)

    def __contains__(self, key: str) -> bool:
        return key in self._slots

    def add(
        self,
        key: str,
        name: str,
        group: int = 0,
        *,
        kind: Kind | str | None = None,
        facts: Facts | Mapping[str, object] | None = None,
    ) -> None:
        """Add a name under a key; a name that the key has already is not added twice.

        kind: of which the name is; a search for another kind does not meet it. facts: what else is
        known of the key's bearer, replacing what was known. Raises InputError for a kind or facts
        that are refused or not understood.
        """
        of = Kind.of(kind)
        if facts is not None:
            self._know(key, Facts.of(facts, "facts"))
        if any(self._names[slot] == name for slot in self._slots.get(key)):
            return
        shown = vessel_name(name) if of is Kind.VESSEL else name
        parsed = parse(shown, self._vocabulary.known)
        slot = self._new_slot(key, name)
        self._slots.add(key, slot)
        beside = self._slots.get(key)
        for each in beside if len(beside) > 1 else ():
            self._several[each] = 1
        self._readings[slot] = self._pack(parsed)
        self._measures.put(slot, parsed)
        self._groups[slot] = group
        self._kinds[slot] = _KIND_CODES[of]
        written = _written_in(parsed)
        self._written_in[slot] = self._writings.setdefault(written, len(self._writings))
        # A part that a name has twice is filed twice: of two Muhammads each meets one.
        for number in self._numbers(slot):
            self._places.add(number, slot)
        self._runs.add(slot, parsed)
        self._bounds.forget()

    def remove(self, key: str) -> None:
        """Remove all names of a key. Raises KeyError where it has none."""
        for slot in self._slots.pop(key):
            numbers = self._numbers(slot)
            for number in numbers:
                self._places.discard(number, slot)
            self._runs.discard(slot, self._parsed(slot))
            for number in numbers:
                self._vocabulary.release(number)
            self._keys[slot] = self._names[slot] = None
            self._readings[slot] = b""
            self._measures.weights[slot] = 0.0
            self._several[slot] = 0
            self._free.append(slot)
        self._know(key, None)
        self.forget()

    def forget(self) -> None:
        """Forget what was learnt from earlier queries; searches find the same."""
        self._vocabulary.forget()
        self._bounds.forget()

    def names(self) -> Iterator[tuple[str, str]]:
        """All keys with their names, in the order in which their places were taken."""
        for key, name in zip(self._keys, self._names, strict=True):
            if key is not None and name is not None:
                yield key, name

    def names_of(self, key: str) -> list[str]:
        """The names under a key, in the order in which they were added; none where it has none."""
        return [name for slot in self._slots.get(key) if (name := self._names[slot]) is not None]

    def frequencies(self) -> Frequencies:
        """How common parts are among the names it holds."""
        return Frequencies.of(name for _key, name in self.names())

    def search(
        self,
        query: Name,
        k: int = 10,
        *,
        groups: Collection[int] | None = None,
        also: Collection[str] = (),
        offset: int = 0,
        facts: Facts | Mapping[str, object] | None = None,
        kind: Kind | str | None = None,
        as_query: bool = False,
        combine: bool = False,
    ) -> list[Hit]:
        """The k keys whose names compare best with the query, best first.

        groups: where to look; None for everywhere. also: keys to look at whatever their group.
        offset: how many of the best to leave out, for a further page. facts: what is known of who
        is sought, weighed with what is known of each key. kind: names of another kind are not met.
        as_query: a part that the name lacks costs more than one that was not asked for. combine:
        all names of a key count together (``Comparer.compare_record``), as a query.

        Each key comes once, with the best of its names, whose score is what ``compare`` gives. They
        come by their standing (:class:`Hit`), which is the score but where the own name alone is
        wanting, and by turns with the best by score; of two that stand alike the one written like
        the query comes first. A key of which no name has all parts of the query, and all together
        do, stands as they do together, below what is likely. Every hit says by its band whether it
        reaches the threshold of its pair of scripts. Names that cannot be read beside the query are
        no hits, but for those with a document of who is sought, which are told as not compared;
        :meth:`count_not_compared` counts them. Raises ValueError for k below 1 or an offset below
        0.
        """
        if k < 1:
            raise ValueError("k is at least 1")
        if offset < 0:
            raise ValueError("an offset is at least 0")
        of = Kind.of(kind)
        asked = Query.of(
            query,
            kind=of,
            known=self._vocabulary.known,
            facts=Facts.of(facts, "facts") if facts is not None else None,
            as_query=as_query or combine,
        )
        found = self._best(asked, k + offset, self._among(groups, also, of))
        if combine:
            found = self._combined(query, asked, found)
        return [self._hit(asked, each) for each in by_turns(found)[offset : offset + k]]

    def search_all(
        self,
        query: Name,
        floor: float,
        *,
        kind: Kind | str | None = None,
        as_query: bool = False,
        standing: bool = False,
    ) -> list[tuple[str, float]]:
        """Each key with a name that scores at least the floor, with the best score; by key.

        standing: what counts is the standing (:class:`Hit`) instead of the score.
        """
        of = Kind.of(kind)
        asked = Query.of(query, kind=of, known=self._vocabulary.known, as_query=as_query)
        best: dict[str, float] = {}
        known: dict[bytes, Match | None] = {}
        for slots in self._may_score(asked, floor, self._among(None, (), of)):
            for slot in slots.tolist():
                match = self._match(asked, slot, known)
                key = self._keys[slot]
                if match is None or key is None:
                    continue
                value = match.standing if standing else match.value
                if value >= floor:
                    best[key] = max(value, best.get(key, 0.0))
        return sorted(best.items())

    def search_apart(self, query: Name, *, kind: Kind | str | None = None) -> list[str]:
        """Keys of which no name has every part of a query of several, and all names together do;
        in their order. What they score is not looked at."""
        of = Kind.of(kind)
        asked = Query.of(query, kind=of, known=self._vocabulary.known)
        return self._apart(asked, self._among(None, (), of))

    def askers(self, name: Name, floor: float, *, kind: Kind | str | None = None) -> set[str]:
        """Keys with a name that, as a query, may stand at the floor beside a name of a record.

        The reverse of :meth:`search_all` with ``standing``, by bounds alone: nobody is left out,
        and some are there who score less. kind: of the record's name; names of others are not met.
        Raises ValueError for a floor below SOUGHT.
        """
        if floor < SOUGHT:
            raise ValueError("below that bounds do not hold")
        found: set[str] = set()
        of = Kind.of(kind)
        among = self._among(None, (), of)
        for reading in parse_kind(name, of, self._vocabulary.known).readings:
            slots, bounds = self._bounds.of_reading(
                reading, self._measures, True, floor - SLACK, names_ask=True
            )
            held = bounds + SLACK >= floor
            found |= self._keys_of(slots[held if among is None else held & among[slots]].tolist())
        return found

    def askers_apart(self, names: Iterable[Name]) -> set[str]:
        """Keys with a name of several parts that are each, perhaps, in one of the names of a
        record: the reverse of :meth:`search_apart`."""
        counts = self._count_parts(self._readings_of(names), SURE_ENOUGH)
        parts = np.frombuffer(self._measures.parts, dtype=np.uint8)
        return self._keys_of(np.flatnonzero(counts >= np.maximum(parts, 2)).tolist())

    def askers_by_part(self, name: Name, floor: float) -> set[str]:
        """Keys with a part that may be as alike to one of a name."""
        counts = self._count_parts(self._readings_of([name]), floor)
        return self._keys_of(np.flatnonzero(counts).tolist())

    def askers_by_two(self, names: Iterable[Name]) -> set[str]:
        """Keys with a name of which two parts may meet some of the names of a record: each by
        itself, both as one word, or one of them by an initial."""
        readings = self._readings_of(names)
        letters = np.frombuffer(self._measures.letters, dtype=np.uint8)
        counts = self._count_parts(readings) + letters
        counts += max((sum(t.role in BARE for t in each.tokens) for each in readings), default=0)
        for reading in readings:
            counts[self._bounds.joined(reading)] += 2
        return self._keys_of(np.flatnonzero(counts >= 2).tolist())

    def _readings_of(self, names: Iterable[Name]) -> list[Reading]:
        known = self._vocabulary.known
        return [each for name in names for each in parse_kind(name, None, known).readings]

    def _count_parts(self, readings: Iterable[Reading], floor: float = 0.0) -> npt.NDArray[np.intp]:
        """Of each name how many parts that count are like one of some readings: what is a title
        there may be a name here."""
        like = (self._vocabulary.like(token) for each in readings for token in each.tokens)
        numbers = {number for found in like for number, value in found if value >= floor}
        slots = [
            slot
            for number in numbers
            if self._vocabulary.token(number).weight >= COUNTS
            for slot in self._places.get(number)
        ]
        return np.bincount(np.asarray(slots, dtype=np.intp), minlength=len(self._names))

    def _may_score(self, asked: Query, floor: float, among: Mask | None) -> Iterator[Slots]:
        """Names that could score a floor."""
        if floor < SOUGHT:
            every = np.arange(len(self._names), dtype=np.uint32)
            yield every if among is None else every[among]
            return
        for slots, bounds in self.bounded(asked, among, floor - SLACK):
            yield slots[bounds + SLACK >= floor]

    def count_not_compared(
        self,
        query: Name,
        *,
        groups: Collection[int] | None = None,
        also: Collection[str] = (),
        kind: Kind | str | None = None,
    ) -> int:
        """How many names a search does not compare, because they or the query cannot be read, or
        have neither letters nor digits."""
        of = Kind.of(kind)
        readings = parse_kind(query, of, self._vocabulary.known).readings
        ours = _written_in(ParsedName(readings))
        apart = np.array([not ours.meets(theirs) for theirs in self._writings])
        left_out = apart[np.frombuffer(self._written_in, dtype=np.uint16)]
        for slot in self._free:
            left_out[slot] = False
        among = self._among(groups, also, of)
        return int(np.count_nonzero(left_out if among is None else left_out & among))

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

    def _best(self, asked: Query, count: int, among: Mask | None) -> list[Found]:
        """The best keys, by comparing in full in the order of what each name could score."""
        best: dict[str, Found] = {}
        scores: list[float] = []
        known: dict[bytes, Match | None] = {}
        adds = EVIDENCE_ADDS if asked.facts else 0.0
        for slot, bound in self._in_order(asked, among):
            if len(known) >= FEWEST_COMPARED or (scores and scores[-1] >= FOUND):
                reached = scores[-count] if len(scores) >= count else 0.0
                if reached >= min(1.0, bound + SLACK + adds) or bound + adds < LEAST:
                    break
                if len(known) >= MOST_COMPARED:
                    break
            match = self._match(asked, slot, known)
            key = self._keys[slot]
            if key is None or match is None:
                continue
            value, standing = match.value, match.standing
            if asked.facts:
                evidence = self._evidence(asked, key)
                value, standing = evidence.apply(value), evidence.apply(standing)
                if not match.compared and not evidence.same_document:
                    continue
            elif not match.compared:
                continue
            if max(value, standing) <= 0:
                continue
            before = best.get(key)
            found = Found(value, standing, slot, match, self._exactness(asked, slot, match))
            if before is not None:
                scores.remove(before.value)
                found = found.beside(before)
            insort(scores, found.value)
            best[key] = found
        for key in self._apart(asked, among)[:MOST_COMPARED]:
            together = self._as_one(asked, key, best.get(key), among)
            if together is not None:
                best[key] = together
        return list(best.values())

    def _in_order(self, asked: Query, among: Mask | None) -> Iterator[tuple[int, float]]:
        """Names by what they could score, the most first; those with a shared document before."""
        if asked.facts:
            for document in asked.facts.documents:
                for slot in self._bearing(document.key):
                    if among is None or among[slot]:
                        yield slot, 1.0
        found = list(self.bounded(asked, among))
        if not found:
            return
        slots = np.concatenate([each for each, _values in found])
        bounds = np.concatenate([values for _slots, values in found])
        if not len(slots):
            return
        first = bounds >= bounds.max() - 1e-9
        own = self._packed_alike(asked.parsed)
        best = sorted(slots[first].tolist(), key=lambda slot: self._unlike(asked, own, slot))
        yield from zip(best, itertools.repeat(float(bounds.max())))
        yield from _ranked(slots[~first], bounds[~first])

    def _apart(self, asked: Query, among: Mask | None) -> list[str]:
        """Keys of which no name has every part of the query, and all names together do."""
        several = np.frombuffer(self._several, dtype=np.uint8) > 0
        if not several.any():
            return []
        if among is not None:
            several &= among
        found: set[str] = set()
        for reading in asked.parsed.readings:
            parts = [token for token in reading.tokens if token.weight >= COUNTS]
            if len(parts) < 2 or reading.apart:
                continue
            held = [self._with_part(part, several) for part in parts]
            whole = self._keys_of(set.intersection(*held))
            found |= set.intersection(*map(self._keys_of, held)) - whole
        return sorted(found)

    def _with_part(self, part: Token, among: Mask) -> set[int]:
        """Names that have a part which is surely one of a query."""
        slots: list[int] = []
        for number, value in self._vocabulary.like(part):
            other = self._vocabulary.token(number)
            if value >= SURE_ENOUGH and self._comparer.likeness(part, other).value >= SURE_ENOUGH:
                slots += self._places.get(number)
        held = np.array(slots, dtype=np.uint32)
        return set(held[among[held]].tolist())

    def _keys_of(self, slots: Collection[int]) -> set[str]:
        return {key for slot in slots if (key := self._keys[slot]) is not None}

    def _as_one(
        self, asked: Query, key: str, known: Found | None, among: Mask | None
    ) -> Found | None:
        """A key with the standing that its names have together, which is below what is likely: its
        score is that of one name. None where that says nothing."""
        slots = [slot for slot in self._slots.get(key) if among is None or among[slot]]
        parsed = [self._parsed(slot) for slot in slots]
        joined = self._comparer.match_names(asked.parsed, parsed, query=asked.as_query)
        if joined is None or not joined.compared:
            return known
        evidence = self._evidence(asked, key) if asked.facts else NO_EVIDENCE
        standing = min(evidence.apply(joined.standing), joined.limits.threshold - SLACK)
        if known is None:
            alone = [(slot, self._match(asked, slot, {})) for slot in slots]
            told = [(m.value, -slot, m) for slot, m in alone if m is not None and m.compared]
            if not told:
                return None
            value, slot, match = max(told, key=lambda each: each[:2])
            known = Found(evidence.apply(value), 0.0, -slot, match, 2)
        return replace(known, standing=max(standing, known.standing))

    def _packed_alike(self, parsed: ParsedName) -> bytes | None:
        """The readings of a query as those of a name are held; None where parts are not held."""
        packed = array("I")
        for reading in parsed.readings:
            packed.append(len(reading.tokens))
            for token in reading.tokens:
                number = self._vocabulary.number(token)
                if number is None:
                    return None
                packed.append(number)
        return packed.tobytes()

    def _unlike(self, asked: Query, own: bytes | None, slot: int) -> tuple[int, int]:
        """Of names that could score alike those written like the query go first."""
        if self._names[slot] == asked.text:
            return 0, slot
        return (1 if self._readings[slot] == own else 2), slot

    def _bearing(self, document: str) -> list[int]:
        keys = sorted(self._documents.get(document, ()))
        return [slot for key in keys for slot in self._slots.get(key)]

    def bounded(
        self, asked: Query, among: Mask | None = None, floor: float = 0.0
    ) -> Iterator[tuple[Slots, Met]]:
        """Names that share something with a reading of the query, with a bound of their score.

        floor: names that cannot score it may be left out.
        """
        for reading in asked.parsed.readings:
            slots, bounds = self._bounds.of_reading(reading, self._measures, asked.as_query, floor)
            if among is not None:
                keep = among[slots]
                slots, bounds = slots[keep], bounds[keep]
            yield slots, bounds

    def _match(self, asked: Query, slot: int, known: dict[bytes, Match | None]) -> Match | None:
        """The comparison in full; namesakes are compared once."""
        packed = self._readings[slot]
        if packed not in known:
            known[packed] = self._comparer.match(
                asked.parsed, self._parsed(slot), query=asked.as_query
            )
        return known[packed]

    def _exactness(self, asked: Query, slot: int, match: Match) -> int:
        name = self._names[slot] or ""
        if name == asked.text:
            return 0
        if match.value < WRITTEN_ALIKE:
            return 2
        return 1 if normalise(name) == asked.plain else 2

    def _evidence(self, asked: Query, key: str) -> Evidence:
        theirs = self._facts.get(key)
        if asked.facts is None or theirs is None:
            return NO_EVIDENCE
        return weigh_context(Context(asked.facts, theirs), self._comparer.same_name)

    def _combined(self, query: Name, asked: Query, found: list[Found]) -> list[Found]:
        """The same keys with what all their names say together."""
        joined: list[Found] = []
        for each in found:
            key = self._keys[each.slot] or ""
            names = self.names_of(key)
            match = self._comparer.match_record(query, names) if len(names) > 1 else None
            if match is not None and match.value > each.match.value:
                evidence = self._evidence(asked, key)
                value, standing = evidence.apply(match.value), evidence.apply(match.standing)
                each = Found(value, standing, each.slot, match, each.exactness).beside(each)
            joined.append(each)
        return joined

    def _hit(self, asked: Query, found: Found) -> Hit:
        key, name = self._keys[found.slot] or "", self._names[found.slot] or ""
        words = asked.words, written_words(name)
        comparison = compare_match(found.match, self._evidence(asked, key), words)
        return Hit(key, name, comparison, found.standing)

    def _know(self, key: str, facts: Facts | None) -> None:
        """What is known of the bearer of a key; None forgets it."""
        before = self._facts.pop(key, None)
        for document in before.documents if before else ():
            held = self._documents.get(document.key, set())
            held.discard(key)
            if not held:
                self._documents.pop(document.key, None)
        if facts is not None:
            self._facts[key] = facts
            for document in facts.documents:
                self._documents.setdefault(document.key, set()).add(key)

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
        tokens = words_of(query)
        if not tokens:
            return []
        met = [self._filled(self._beginnings(token)) for token in tokens]
        every = np.logical_and.reduce([values > 0 for values in met])
        among = self._among(groups, also)
        slots = np.flatnonzero(every if among is None else every & among)
        shared = sum(float(t.weight) * v[slots] for t, v in zip(tokens, met, strict=True))
        weights = np.frombuffer(self._measures.weights, dtype=np.float32)[slots]
        share = np.minimum(1.0, shared / np.maximum(weights, 0.1))
        order = np.lexsort((slots, -share))[: 4 * k]
        found: dict[str, Beginning] = {}
        for place in order:
            slot = int(slots[place])
            key, name = self._keys[slot], self._names[slot]
            if key is None or name is None or key in found:
                continue
            begun = self._begun(tokens, slot)
            written = written_pairs(begun, query, name)
            found[key] = Beginning(key, name, begun, float(share[place]), written)
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

    def _among(
        self, groups: Collection[int] | None, also: Collection[str], kind: Kind | None = None
    ) -> Mask | None:
        """By slot, whether a search looks at it; None where it looks at all."""
        found: Mask | None = None
        if groups is not None:
            held = np.frombuffer(self._groups, dtype=np.uint32)
            found = np.isin(held, np.fromiter(groups, dtype=np.uint32, count=len(groups)))
            for key in also:
                found[list(self._slots.get(key))] = True
        if kind is not None:
            kinds = np.frombuffer(self._kinds, dtype=np.uint8)
            of_kind: Mask = (kinds == _KIND_CODES[kind]) | (kinds == _KIND_CODES[None])
            found = of_kind if found is None else found & of_kind
        return found

    def _filled(self, like: dict[int, float]) -> npt.NDArray[np.float64]:
        """By slot, the highest value of the parts that its name has."""
        values = np.zeros(len(self._names))
        for number in sorted(like, key=like.__getitem__):
            values[np.asarray(self._places.get(number), dtype=np.uint32)] = like[number]
        return values

    def _parsed(self, slot: int) -> ParsedName:
        packed = array("I", self._readings[slot])
        readings: list[Reading] = []
        position = 0
        while position < len(packed):
            end = position + 1 + packed[position]
            tokens = tuple(self._vocabulary.token(n) for n in packed[position + 1 : end])
            readings.append(Reading(tokens, tokens[0].script))
            position = end
        return ParsedName(tuple(readings))

    def _pack(self, parsed: ParsedName) -> bytes:
        """Readings as numbers: how many parts, then the parts."""
        packed = array("I")
        for reading in parsed.readings:
            packed.append(len(reading.tokens))
            packed.extend(self._vocabulary.use(token) for token in reading.tokens)
        return packed.tobytes()

    def _numbers(self, slot: int) -> list[int]:
        packed = array("I", self._readings[slot])
        found: list[int] = []
        position = 0
        while position < len(packed):
            end = position + 1 + packed[position]
            found.extend(packed[position + 1 : end])
            position = end
        return found

    def _new_slot(self, key: str, name: str) -> int:
        if self._free:
            slot = self._free.pop()
            self._keys[slot], self._names[slot] = key, name
            return slot
        self._keys.append(key)
        self._names.append(name)
        self._readings.append(b"")
        self._measures.grow()
        self._several.append(0)
        self._groups.append(0)
        self._kinds.append(0)
        self._written_in.append(0)
        return len(self._names) - 1


@dataclass(frozen=True, slots=True)
class _WrittenIn:
    """The scripts of a name, and those of them in which it can be read beside another script."""

    scripts: frozenset[Script]
    readable: frozenset[Script]

    def meets(self, other: _WrittenIn) -> bool:
        """Whether the two can be compared."""
        shared = self.scripts & other.scripts
        return bool(shared) or bool(self.readable and other.readable)


_NOTHING = _WrittenIn(frozenset(), frozenset())


def _written_in(parsed: ParsedName) -> _WrittenIn:
    return _WrittenIn(
        frozenset(reading.script for reading in parsed.readings),
        frozenset(reading.script for reading in parsed.readings if reading.readable),
    )


def _ranked(slots: Slots, bounds: Met) -> Iterator[tuple[int, float]]:
    """Slots by their bounds, the highest first; only as many are put in order as are taken."""
    if len(slots) > 2 * MOST_COMPARED:
        least = np.partition(bounds, -MOST_COMPARED)[-MOST_COMPARED]
        high = bounds >= least
        yield from _ranked_all(slots[high], bounds[high])
        slots, bounds = slots[~high], bounds[~high]
    yield from _ranked_all(slots, bounds)


def _ranked_all(slots: Slots, bounds: Met) -> Iterator[tuple[int, float]]:
    order = np.lexsort((slots, -bounds))
    yield from zip(slots[order].tolist(), bounds[order].tolist(), strict=True)


_KIND_CODES: dict[Kind | None, int] = {
    None: 0,
    **{kind: number for number, kind in enumerate(Kind, 1)},
}

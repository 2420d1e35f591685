"""The parts of the names of records: which there are, which are alike, how common each is.

Each distinct part is taken apart once and each two that may be alike are compared once, by the
names library; everything after that is numbers by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from enum import IntEnum
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA
from scipy import sparse

from marfa.methods.linkage.fields import Field
from marfa.methods.linkage.records import Record
from marfa.methods.names.keys import part_skeletons, reduced
from marfa.methods.names.similarity import compound_stems, likeness
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import (
    COUNTS,
    PATRONYMIC,
    ParsedName,
    Role,
    Token,
    make_token,
    parse,
)

Ints = npt.NDArray[np.int32]
Levels = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]

ROLES = (Field.GIVEN, Field.FATHER, Field.FAMILY)


class Level(IntEnum):
    """How alike two parts of names are."""

    UNKNOWN = -1
    """One of them is missing, or cannot be read beside the other."""
    DIFFERENT = 0
    NEAR = 1
    CLOSE = 2
    SAME = 3
    """The same name, however it is spelt."""


FLOORS = {Level.SAME: 0.93, Level.CLOSE: 0.8, Level.NEAR: 0.6}
"""Likeness of the names library from which each level is; the first is where a difference counts
there as spelling habit and no longer as a differing letter."""

NEAR = 0.6
"""Words whose sounds and whose letters are less alike are compared only ..."""
CONSONANTS_NEAR = 0.74
FOUR = 4
"""... where their consonants by class (g and k are one) are the same, or of four and more so near.
Else they differ."""

AT_ONCE = 20_000
WORTH_SHARING = 100_000

MOST_COMPARED = 2_000_000
"""So many pairs of parts are compared in full, the commonest parts first; of the others, which are
of parts that one or two records have, those that sound nearest."""

ROWS_AT_ONCE = 512
MOST_FORMS = 3
MOST_WORDS = 6


@dataclass
class Vocabulary:
    """Distinct parts by number, each one word or several (Mohamed Amin).

    words: for each part the numbers of its words. joined: words with a connector before them, as
    they are where both are written as one (Ben Ali, Benali).
    """

    tokens: list[Token] = field(default_factory=list)
    words: list[tuple[int, ...]] = field(default_factory=list)
    joined: dict[int, Token] = field(default_factory=dict)
    _token_numbers: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    _numbers: dict[tuple[int, ...], int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.words)

    def number(self, tokens: Sequence[Token]) -> int:
        """The number of a part; -1 for one without words."""
        if not tokens:
            return -1
        key = tuple(self._token_number(token) for token in tokens[:MOST_WORDS])
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self.words)
            self.words.append(key)
        return found

    def _token_number(self, token: Token) -> int:
        key = (token.text, token.written, token.script.value, token.role.value)
        found = self._token_numbers.get(key)
        if found is None:
            found = self._token_numbers[key] = len(self.tokens)
            self.tokens.append(token)
            connector, space, _rest = token.written.rpartition(" ")
            if space and connector in PATRONYMIC:
                self.joined[found] = make_token(connector + token.text, token.script)
        return found

    def script_of(self, part: int) -> Script:
        return self.tokens[self.words[part][0]].script

    def is_readable(self, part: int) -> bool:
        return all(self.tokens[word].readable for word in self.words[part])

    def text_of(self, part: int) -> str:
        return " ".join(self.tokens[word].written for word in self.words[part])


_UNCOUNTED = frozenset({Role.KUNYA, Role.HEAD})


def _words_of(parsed: ParsedName) -> tuple[Token, ...]:
    """The words that carry a name, of the writing of it that has most of them."""
    readings = [reading for reading in parsed.readings if not reading.apart]
    if not readings:
        return ()
    best = max(readings, key=lambda reading: (reading.readable, reading.parts))
    counted = tuple(token for token in best.tokens if token.weight >= COUNTS)
    own = tuple(token for token in counted if token.role not in _UNCOUNTED)
    if len(own) == 1 and len(best.tokens) == 2 and best.tokens[0].text in PATRONYMIC:
        written = f"{best.tokens[0].text} {own[0].written}"
        return (replace(own[0], written=written),)
    return own or counted or best.tokens


class NameReader:
    """Names of records as parts by role; each distinct text is taken apart once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._words: dict[str, tuple[Token, ...]] = {}

    def parts_of(self, record: Record) -> tuple[int, int, int]:
        """Numbers of the own name, the father's (and his father's) and the family's; -1 for none.

        A name in one string is a chain: the own name first, the family's last.
        """
        texts = record.texts
        given, father, family = (self._read(texts.get(of, ())) for of in ROLES)
        if not given and not family:
            chain = self._read(texts.get(Field.NAME, ()))
            given, family = chain[:1], chain[1:][-1:]
            father = father or chain[1:-1]
        number = self.vocabulary.number
        return number(given), number(father), number(family)

    def _read(self, texts: Iterable[str]) -> tuple[Token, ...]:
        found: tuple[Token, ...] = ()
        for text in texts:
            known = self._words.get(text)
            if known is None:
                known = self._words[text] = _words_of(parse(text))
            found += known
        return found


@dataclass(frozen=True)
class Alike:
    """Which parts are alike, as numbers: for each pair of a part with another its level.

    keys: sorted, ``part * size + other``. names: by part a number that spellings of one name share
    (Mohamed, Muhammad). lengths: by part how many words it has.
    """

    size: int
    keys: npt.NDArray[np.int64]
    levels: Levels
    scripts: Ints
    readable: npt.NDArray[np.bool_]
    names: Ints
    lengths: Ints

    def levels_of(self, left: Ints, right: Ints) -> Levels:
        """Level of each part with the one beside it."""
        found = np.zeros(len(left), dtype=np.int8)
        if len(self.keys):
            asked = left.astype(np.int64) * self.size + right
            places = np.minimum(np.searchsorted(self.keys, asked), len(self.keys) - 1)
            met = self.keys[places] == asked
            found[met] = self.levels[places[met]]
        apart = self.scripts[left] != self.scripts[right]
        unread = apart & ~(self.readable[left] & self.readable[right])
        found[unread & (found == 0)] = Level.UNKNOWN
        found[(left == right)] = Level.SAME
        found[(left < 0) | (right < 0)] = Level.UNKNOWN
        return found

    def matrix(self, least: Level, most: Level = Level.SAME) -> sparse.csr_array:
        """One where two parts are alike by so much, a part with itself included."""
        chosen = (self.levels >= least) & (self.levels <= most)
        rows, columns = np.divmod(self.keys[chosen], self.size)
        if most == Level.SAME:
            own = np.arange(self.size)
            rows, columns = np.concatenate((rows, own)), np.concatenate((columns, own))
        ones = np.ones(len(rows), dtype=np.float64)
        return sparse.csr_array((ones, (rows, columns)), shape=(self.size, self.size))


def compare_vocabulary(
    vocabulary: Vocabulary,
    counts: Floats,
    cores: int = 1,
    progress: Callable[[float], None] = lambda share: None,
) -> Alike:
    """Which parts of a vocabulary are alike. counts: in how many records each part is. cores: how
    many processes share the work; the result is the same."""
    uses = np.zeros(len(vocabulary.tokens))
    for words, count in zip(vocabulary.words, counts.tolist(), strict=True):
        uses[list(words)] += count
    alike = _alike_words(vocabulary, uses, cores, progress)
    pairs = _alike_parts(vocabulary, alike)
    size = len(vocabulary)
    keys = np.fromiter((a * size + b for a, b in pairs), dtype=np.int64, count=len(pairs))
    levels = np.fromiter(pairs.values(), dtype=np.int8, count=len(pairs))
    order = np.argsort(keys)
    codes: dict[Script, int] = {}
    scripts = [codes.setdefault(vocabulary.script_of(n), len(codes)) for n in range(size)]
    readable = [vocabulary.is_readable(n) for n in range(size)]
    return Alike(
        size,
        keys[order],
        levels[order],
        # The last stands for a part that is missing, whose number is -1.
        np.array([*scripts, -1], dtype=np.int32),
        np.array([*readable, True], dtype=np.bool_),
        np.append(_names_of(vocabulary), np.int32(0)),
        np.array([len(words) for words in vocabulary.words], dtype=np.int32),
    )


def _names_of(vocabulary: Vocabulary) -> Ints:
    """By part its number among names: by family where it is of one, else by its consonants."""
    words = []
    for token in vocabulary.tokens:
        family = min(token.families, default="")
        words.append(f"={family}" if family else reduced(token.forms[0]) or token.text)
    numbers: dict[tuple[str, ...], int] = {}
    keys = (tuple(words[word] for word in part) for part in vocabulary.words)
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int32)


def _level_of(value: float) -> Level:
    return next((level for level, floor in FLOORS.items() if value >= floor), Level.DIFFERENT)


WordLevels = dict[int, dict[int, Level]]


def _alike_words(
    vocabulary: Vocabulary, uses: Floats, cores: int, progress: Callable[[float], None]
) -> WordLevels:
    """For each word those that are alike to it, both ways."""
    tokens = vocabulary.tokens
    size = len(tokens)
    pairs = _pairs_to_compare(vocabulary, uses)
    found: WordLevels = {n: {} for n in range(size)}
    starts = range(0, len(pairs), AT_ONCE)
    asked = (pairs[start : start + AT_ONCE] for start in starts)
    for done, (some, levels) in enumerate(_compared(vocabulary, asked, cores, len(pairs)), 1):
        chosen = np.flatnonzero(levels)
        ones, others = np.divmod(some[chosen], size)
        for one, other, level in zip(
            ones.tolist(), others.tolist(), levels[chosen].tolist(), strict=True
        ):
            found[one][other] = found[other][one] = Level(level)
        progress(done / max(1, len(starts)))
    return found


Asked = npt.NDArray[np.int64]


def _compared(
    vocabulary: Vocabulary, asked: Iterable[Asked], cores: int, count: int
) -> Iterator[tuple[Asked, Levels]]:
    """Pairs of words, some at a time, with their levels; the same whatever the cores."""
    words = _Words(vocabulary.tokens, vocabulary.joined)
    if cores == 1 or count <= WORTH_SHARING:
        for some in asked:
            yield some, words.levels_of(some)
        return
    with ProcessPoolExecutor(
        cores, mp_context=get_context("spawn"), initializer=_begin, initargs=(words,)
    ) as pool:
        yield from pool.map(_work, asked)


@dataclass(frozen=True)
class _Words:
    tokens: Sequence[Token]
    joined: Mapping[int, Token]

    def levels_of(self, pairs: Asked) -> Levels:
        found = np.zeros(len(pairs), dtype=np.int8)
        for place, key in enumerate(pairs.tolist()):
            one, other = divmod(key, len(self.tokens))
            found[place] = _level_of(self.value_of(one, other))
        return found

    def value_of(self, one: int, other: int) -> float:
        left, right = self.tokens[one], self.tokens[other]
        value = likeness(left, right).value
        if one in self.joined:
            value = max(value, likeness(self.joined[one], right).value)
        if other in self.joined:
            value = max(value, likeness(left, self.joined[other]).value)
        return value


_words: _Words | None = None


def _begin(words: _Words) -> None:
    global _words
    _words = words


def _work(some: Asked) -> tuple[Asked, Levels]:
    if _words is None:
        raise RuntimeError("the process was not begun")
    return some, _words.levels_of(some)


class WordFinder:
    """Finds words of a vocabulary that are like one from outside."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._having: dict[int, list[int]] = {}
        for part, words in enumerate(vocabulary.words):
            for word in set(words):
                self._having.setdefault(word, []).append(part)
        self._sounds = [sorted(_sounds(token)) for token in vocabulary.tokens]
        flat = [(sound, n) for n, sounds in enumerate(self._sounds) for sound in sounds]
        self._heard = [sound for sound, _n in flat]
        self._hearing = np.array([n for _sound, n in flat], dtype=np.int64)
        self._written = [token.text for token in vocabulary.tokens]
        self._filed: dict[str, list[int]] = {}
        for number, token in enumerate(vocabulary.tokens):
            for key in _filed_under(token):
                self._filed.setdefault(key, []).append(number)

    def levels_of(self, asked: Vocabulary, part: int) -> Levels:
        """Level of each part of the vocabulary beside a part of another."""
        tokens = [asked.tokens[word] for word in asked.words[part]]
        alike = [
            self._alike(token, asked.joined.get(w))
            for token, w in zip(tokens, asked.words[part], strict=True)
        ]
        found = np.zeros(len(self._vocabulary), dtype=np.int8)
        if not all(token.readable for token in tokens):
            for number in range(len(found)):
                if self._vocabulary.script_of(number) is not tokens[0].script:
                    found[number] = Level.UNKNOWN
        met = {other for words in alike for word in words for other in self._having.get(word, ())}
        # Words from outside are numbered beyond those of the vocabulary.
        size = len(self._vocabulary.tokens)
        numbers = tuple(range(size, size + len(tokens)))
        levels: WordLevels = dict(zip(numbers, alike, strict=True))
        for words in alike:
            for word in words:
                levels.setdefault(word, {})
        for number, words in zip(numbers, alike, strict=True):
            for word, level in words.items():
                levels[word][number] = level
        for other in met:
            theirs = self._vocabulary.words[other]
            for word in theirs:
                levels.setdefault(word, {})
            found[other] = _level_of_parts(numbers, theirs, levels)
        return found

    def _alike(self, token: Token, joined: Token | None) -> dict[int, Level]:
        near: set[int] = set()
        for key in _filed_under(token):
            near.update(self._filed.get(key, ()))
        for sounds, listed, numbers in (
            (sorted(_sounds(token)), self._heard, self._hearing),
            ([token.text], self._written, None),
        ):
            if listed and sounds:
                values = process.cdist(sounds, listed, scorer=OSA.normalized_similarity)
                places = np.flatnonzero((values >= NEAR).any(axis=0))
                near.update((places if numbers is None else numbers[places]).tolist())
        words = _Words([*self._vocabulary.tokens, token], dict(self._vocabulary.joined))
        if joined is not None:
            words = replace(words, joined={**words.joined, len(self._vocabulary.tokens): joined})
        last = len(self._vocabulary.tokens)
        found = {other: _level_of(words.value_of(other, last)) for other in sorted(near)}
        return {other: level for other, level in found.items() if level}


def _filed_under(token: Token) -> set[str]:
    found = {"=" + name for name in token.families | token.shorts}
    return found | {text for text in part_skeletons(token) if len(text) > 1}


def _pairs_to_compare(vocabulary: Vocabulary, uses: Floats) -> npt.NDArray[np.int64]:
    """Words that may be alike: of one family of names, or near by sound or by letters."""
    tokens = vocabulary.tokens
    size = len(tokens)
    families: dict[str, list[int]] = {}
    sounding: dict[str, list[int]] = {}
    written: dict[str, list[int]] = {}
    skeletons: dict[str, list[int]] = {}
    for number, token in enumerate(tokens):
        for name in token.families | token.shorts:
            families.setdefault(name, []).append(number)
        for each in (token, vocabulary.joined.get(number)):
            for sound in _sounds(each) if each else ():
                sounding.setdefault(sound, []).append(number)
        written.setdefault(token.text, []).append(number)
        for consonants in part_skeletons(token):
            skeletons.setdefault(consonants, []).append(number)
    known = np.array([bool(t.families) and not t.compound for t in tokens], dtype=np.bool_)
    alike = (*families.values(), *(held for s, held in skeletons.items() if len(s) > 1))
    kin = {a * size + b for held in alike for a in held for b in held if a < b}
    near = np.union1d(
        _near_texts(sounding, known, size, NEAR), _near_texts(written, known, size, NEAR)
    )
    longer = {text: held for text, held in skeletons.items() if len(text) >= FOUR}
    near = np.union1d(near, _near_texts(longer, known, size, CONSONANTS_NEAR))
    if len(near) > MOST_COMPARED:
        # The commonest first: what two rare words are to each other moves no figure by much.
        weight = np.minimum(uses[near // size], uses[near % size])
        near = near[np.lexsort((near, -weight))[:MOST_COMPARED]]
    beside = np.fromiter(kin, dtype=np.int64, count=len(kin))
    return np.asarray(np.union1d(near, beside), dtype=np.int64)


def _sounds(token: Token) -> set[str]:
    forms = [*token.forms[:MOST_FORMS]]
    forms += [make_token(stem, token.script).forms[0] for stem in compound_stems(token)]
    return {reduced(form) for form in forms} - {""} or {token.text}


def _near_texts(
    texts: dict[str, list[int]], known: npt.NDArray[np.bool_], size: int, floor: float
) -> npt.NDArray[np.int64]:
    """Numbers of pairs of words with texts that are near, the lower word first.

    Two known names are one by their families, or are two: they are left out.
    """
    listed = sorted(texts)
    held = [np.array(texts[text], dtype=np.int64) for text in listed]
    counts = np.array([len(each) for each in held])
    flat = np.concatenate(held) if held else np.zeros(0, dtype=np.int64)
    starts = np.cumsum(counts) - counts
    found: list[npt.NDArray[np.int64]] = []
    for start in range(0, len(listed), ROWS_AT_ONCE):
        values = process.cdist(
            listed[start : start + ROWS_AT_ONCE],
            listed[start:],
            scorer=OSA.normalized_similarity,
            score_cutoff=floor,
            dtype=np.float32,
        )
        rows, columns = np.nonzero(values >= floor)
        kept = columns >= rows
        one, other = rows[kept] + start, columns[kept] + start
        many = counts[one] * counts[other]
        offsets = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        one, other = np.repeat(one, many), np.repeat(other, many)
        a = flat[starts[one] + offsets // counts[other]]
        b = flat[starts[other] + offsets % counts[other]]
        found.append(np.unique(np.minimum(a, b) * size + np.maximum(a, b)))
    every = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
    a, b = np.divmod(every, size)
    return every[(a != b) & ~(known[a] & known[b])]


def _alike_parts(vocabulary: Vocabulary, alike: WordLevels) -> dict[tuple[int, int], Level]:
    """Levels of parts from those of their words, both ways; most parts are one word."""
    having: dict[int, list[int]] = {}
    for part, words in enumerate(vocabulary.words):
        for word in set(words):
            having.setdefault(word, []).append(part)
    found: dict[tuple[int, int], Level] = {}
    for part, words in enumerate(vocabulary.words):
        met: dict[int, int] = {}
        for word in set(words):
            for other in {word, *alike[word]}:
                for beside in having.get(other, ()):
                    met[beside] = met.get(beside, 0) + 1
        for other, count in met.items():
            theirs = vocabulary.words[other]
            if other == part or count < min(len(words), len(theirs)):
                continue
            if level := _level_of_parts(words, theirs, alike):
                found[part, other] = level
    return found


def _level_of_parts(left: tuple[int, ...], right: tuple[int, ...], alike: WordLevels) -> Level:
    """Of the part with fewer words each must meet one of the other; the worst of them counts."""
    if len(left) == len(right) == 1:
        return alike[left[0]].get(right[0], Level.DIFFERENT)
    fewer, more = sorted((left, right), key=lambda words: (len(words), words))
    free = list(more)
    worst = Level.SAME
    for word in fewer:
        values = [Level.SAME if o == word else alike[word].get(o, Level.DIFFERENT) for o in free]
        best = max(values)
        if not best:
            return Level.DIFFERENT
        free.pop(values.index(best))
        worst = min(worst, best)
    return worst

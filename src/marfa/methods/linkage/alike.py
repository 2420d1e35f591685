"""Which parts of names are alike, and how: each two that may be are compared once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA
from scipy import sparse

from marfa.methods.linkage.parts import Floats, Ints, Level, Levels, Vocabulary
from marfa.methods.linkage.row_keys import distinct
from marfa.methods.names.keys import part_skeletons, reduced
from marfa.methods.names.similarity import compound_stems, likeness
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import Token, make_token

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


def level_of_value(value: float) -> Level:
    return next((level for level, floor in FLOORS.items() if value >= floor), Level.DIFFERENT)


WordLevels = dict[int, dict[int, Level]]


def _alike_words(
    vocabulary: Vocabulary, uses: Floats, cores: int, progress: Callable[[float], None]
) -> WordLevels:
    """For each word those that are alike to it, both ways."""
    tokens = vocabulary.tokens
    size = len(tokens)
    pairs = _pairs_to_compare(vocabulary, uses, cores)
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
    words = Words(vocabulary.tokens, vocabulary.joined)
    if cores == 1 or count <= WORTH_SHARING:
        for some in asked:
            yield some, words.levels_of(some)
        return
    with ProcessPoolExecutor(
        cores, mp_context=get_context("spawn"), initializer=_begin, initargs=(words,)
    ) as pool:
        yield from pool.map(_work, asked)


@dataclass(frozen=True)
class Words:
    tokens: Sequence[Token]
    joined: Mapping[int, Token]

    def levels_of(self, pairs: Asked) -> Levels:
        found = np.zeros(len(pairs), dtype=np.int8)
        for place, key in enumerate(pairs.tolist()):
            one, other = divmod(key, len(self.tokens))
            found[place] = level_of_value(self.value_of(one, other))
        return found

    def value_of(self, one: int, other: int) -> float:
        left, right = self.tokens[one], self.tokens[other]
        value = likeness(left, right).value
        if one in self.joined:
            value = max(value, likeness(self.joined[one], right).value)
        if other in self.joined:
            value = max(value, likeness(left, self.joined[other]).value)
        return value


_words: Words | None = None


def _begin(words: Words) -> None:
    global _words
    _words = words


def _work(some: Asked) -> tuple[Asked, Levels]:
    if _words is None:
        raise RuntimeError("the process was not begun")
    return some, _words.levels_of(some)


def _pairs_to_compare(vocabulary: Vocabulary, uses: Floats, cores: int) -> npt.NDArray[np.int64]:
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
            for sound in sounds_of(each) if each else ():
                sounding.setdefault(sound, []).append(number)
        written.setdefault(token.text, []).append(number)
        for consonants in part_skeletons(token):
            skeletons.setdefault(consonants, []).append(number)
    known = np.array([bool(t.families) and not t.compound for t in tokens], dtype=np.bool_)
    alike = (*families.values(), *(held for s, held in skeletons.items() if len(s) > 1))
    kin = {a * size + b for held in alike for a in held for b in held if a < b}
    longer = {text: held for text, held in skeletons.items() if len(text) >= FOUR}
    near = distinct(
        _near_texts(sounding, known, size, NEAR, cores),
        _near_texts(written, known, size, NEAR, cores),
        _near_texts(longer, known, size, CONSONANTS_NEAR, cores),
    )
    if len(near) > MOST_COMPARED:
        # The commonest first: what two rare words are to each other moves no figure by much.
        weight = np.minimum(uses[near // size], uses[near % size])
        near = near[np.lexsort((near, -weight))[:MOST_COMPARED]]
    beside = np.fromiter(kin, dtype=np.int64, count=len(kin))
    return distinct(near, beside)


def sounds_of(token: Token) -> set[str]:
    forms = [*token.forms[:MOST_FORMS]]
    forms += [make_token(stem, token.script).forms[0] for stem in compound_stems(token)]
    return {reduced(form) for form in forms} - {""} or {token.text}


def _near_texts(
    texts: dict[str, list[int]], known: npt.NDArray[np.bool_], size: int, floor: float, cores: int
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
            workers=cores,
        )
        rows, columns = np.nonzero(values >= floor)
        kept = columns >= rows
        one, other = rows[kept] + start, columns[kept] + start
        many = counts[one] * counts[other]
        offsets = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        one, other = np.repeat(one, many), np.repeat(other, many)
        a = flat[starts[one] + offsets // counts[other]]
        b = flat[starts[other] + offsets % counts[other]]
        found.append(distinct(np.minimum(a, b) * size + np.maximum(a, b)))
    every = distinct(np.zeros(0, dtype=np.int64), *found)
    a, b = np.divmod(every, size)
    return np.asarray(every[(a != b) & ~(known[a] & known[b])], dtype=np.int64)


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
            if level := level_of_parts(words, theirs, alike):
                found[part, other] = level
    return found


def level_of_parts(left: tuple[int, ...], right: tuple[int, ...], alike: WordLevels) -> Level:
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

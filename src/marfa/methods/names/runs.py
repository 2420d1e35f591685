"""Neighbours of every name of an index taken as one word, so that VladimirPutin finds Vladimir
Putin, and RGB the Reconnaissance General Bureau.

A run is filed under a number made of its consonants, or of its first letters: twelve bytes a run,
in order, since there are several runs to every name. Other names may share the number, so what is
found is a name to be compared, no more.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from marfa.methods.names import lexicon
from marfa.methods.names.alignment import MAX_RUN, MOST_INITIALS
from marfa.methods.names.keys import part_skeletons
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import ParsedName, Reading, Token

Numbers = npt.NDArray[np.uint32]

NONE = 0xFFFFFFFF
"""In place of a name that is gone."""

LATEST = 5_000
"""So many runs are kept out of order before they are put in order."""

SHORTEST = 2
"""Consonants that a run has at least: of one alone nothing can be told."""

EDITED = 4
"""A word of so many consonants also meets a run that differs from it by one ..."""
SUBSTITUTED = 3
"""... and of so many, one that has another in one place."""

_CLASSES = "bftkslmnr"
_DIGITS = str.maketrans(_CLASSES, "123456789", "-")
_NEAR = {"1": "29", "2": "15", "3": "5", "4": "5", "5": "4327", "6": "9", "7": "85", "8": "7"}
_MOST_DIGITS = 18
_FIRST_LETTERS = 1 << 62


class Met(NamedTuple):
    """Names with a run that may be one word, in order, and of how many parts the run is."""

    slots: Numbers
    parts: Numbers

    def longest(self) -> Met:
        """Of the runs of a name the longest."""
        last = np.ones(len(self.slots), dtype=bool)
        last[:-1] = self.slots[1:] != self.slots[:-1]
        return Met(self.slots[last], self.parts[last])


class Runs:
    """Runs of names by number of the name (its slot)."""

    def __init__(self) -> None:
        self._codes: Numbers = np.zeros(0, dtype=np.uint32)
        self._slots: Numbers = np.zeros(0, dtype=np.uint32)
        self._tags: Numbers = np.zeros(0, dtype=np.uint32)
        self._latest = array("I")
        self._scripts: dict[Script, int] = {}

    def add(self, slot: int, name: ParsedName) -> None:
        """File the runs of a name."""
        for code, tag in self._of(name):
            self._latest.extend((code, slot, tag))
        if len(self._latest) > 3 * max(LATEST, len(self._codes) // 4):
            self._put_in_order()

    def discard(self, slot: int, name: ParsedName) -> None:
        """Take the runs of a name away; nothing of them is left."""
        rows = np.frombuffer(self._latest, dtype=np.uint32).reshape(-1, 3)
        kept = rows[rows[:, 1] != slot].tobytes()
        del rows
        self._latest = array("I", kept)
        for code, _tag in self._of(name):
            first = int(np.searchsorted(self._codes, np.uint32(code)))
            last = int(np.searchsorted(self._codes, np.uint32(code), side="right"))
            for place in first + np.flatnonzero(self._slots[first:last] == slot):
                # Its number goes too; that of a neighbour keeps them in order.
                beside = place - 1 if place else place + 1
                self._codes[place] = self._codes[beside] if beside < len(self._codes) else 0
                self._slots[place], self._tags[place] = NONE, 0

    def like(self, word: Token) -> Met:
        """Names with a run that has about the consonants of a word."""
        return self._found(_codes_of_word(word), word)

    def of_first_letters(self, word: Token) -> Met:
        """Names with a run of which a word has the first letters; none for a longer word."""
        if not 2 <= len(word.text) <= MAX_RUN:
            return self._found([], word)
        return self._found([_code_of_letters(word.text)], word)

    def _of(self, name: ParsedName) -> Iterator[tuple[int, int]]:
        for reading in name.readings:
            if not reading.apart and len(reading.tokens) > 1:
                yield from self._of_reading(reading)

    def _of_reading(self, reading: Reading) -> Iterator[tuple[int, int]]:
        tokens = reading.tokens
        scripts = [self._scripts.setdefault(t.script, len(self._scripts)) & 63 for t in tokens]
        pieces = ["" if t.skeleton.startswith("-") else t.skeleton for t in tokens]
        articles = ["l" * token.has_article + p for token, p in zip(tokens, pieces, strict=True)]
        letters = [token.text[0] for token in tokens]
        firsts = [token.written[0] for token in tokens]
        sizes = [len(token.forms[0]) for token in tokens]
        longest = MAX_RUN if reading.is_body else MOST_INITIALS
        for start in range(len(tokens) - 1):
            for end in range(start + 2, min(start + MAX_RUN, len(tokens)) + 1):
                if scripts[end - 1] != scripts[start]:
                    break
                size = min(sum(sizes[start:end]), 255)
                kind = scripts[start] << 10 | (end - start & 3) << 8 | size
                tag = (ord(letters[start]) & 0xFFFF) << 16 | kind
                if end - start <= longest:
                    yield _code_of_letters("".join(letters[start:end])), tag
                for family in lexicon.names_written("".join(t.text for t in tokens[start:end])):
                    yield _code_of_letters("=" + family), tag
                written = _once("".join(pieces[start:end]))
                if len(written) >= SHORTEST:
                    yield _code(written), tag
                with_articles = _once("".join(articles[start:end]))
                if with_articles != written and len(with_articles) >= SHORTEST:
                    yield _code(with_articles), (ord(firsts[start]) & 0xFFFF) << 16 | kind

    def _found(self, codes: Sequence[int], word: Token) -> Met:
        if not codes:
            none = np.zeros(0, dtype=np.uint32)
            return Met(none, none)
        if len(self._latest) > 3 * LATEST:
            self._put_in_order()
        sought = np.unique(np.array(codes, dtype=np.uint32))
        first = np.searchsorted(self._codes, sought)
        last = np.searchsorted(self._codes, sought, side="right")
        places = [np.arange(a, b) for a, b in zip(first, last, strict=True) if a < b]
        rows = np.frombuffer(self._latest, dtype=np.uint32).reshape(-1, 3)
        rows = rows[np.isin(rows[:, 0], sought)]
        held = np.concatenate(places) if places else np.zeros(0, dtype=np.intp)
        slots = np.concatenate([self._slots[held], rows[:, 1]])
        tags = np.concatenate([self._tags[held], rows[:, 2]])
        fits = self._fits(tags, word) & (slots != NONE)
        slots, parts = slots[fits], (tags[fits] >> 8) & 3
        # Four parts are written as none: two bits hold three.
        parts = np.where(parts == 0, MAX_RUN, parts).astype(np.uint32)
        order = np.lexsort((parts, slots))
        slots, parts = slots[order], parts[order]
        return Met(slots, parts)

    def _fits(self, tags: Numbers, word: Token) -> npt.NDArray[np.bool_]:
        """Whether a run may be the word by its first letter, within one script, and its length."""
        within = (tags >> 10) & 63 == self._scripts.get(word.script, 64)
        letter = tags >> 16 == ord(word.text[0]) & 0xFFFF
        sizes = (tags & 255).astype(np.int32)
        size = len(word.forms[0])
        near = np.abs(sizes - size) <= 2 + np.maximum(sizes, size) // 4
        about = (sizes <= 2 * size + 1) & (size <= 2 * sizes + 1)
        acronym = sizes < 0 if len(word.text) > MAX_RUN else (tags >> 8) & 3 == len(word.text) & 3
        return np.where(within, letter & (near | acronym), about)

    def _put_in_order(self) -> None:
        rows = np.frombuffer(self._latest, dtype=np.uint32).reshape(-1, 3)
        kept = self._slots != NONE
        codes = np.concatenate([self._codes[kept], rows[:, 0]])
        slots = np.concatenate([self._slots[kept], rows[:, 1]])
        tags = np.concatenate([self._tags[kept], rows[:, 2]])
        order = np.argsort(codes, kind="stable")
        self._codes, self._slots, self._tags = codes[order], slots[order], tags[order]
        self._latest = array("I")


def _once(consonants: str) -> str:
    """Doubled classes once, as ``phones.skeleton`` keeps them."""
    if len(consonants) < 2:
        return consonants
    return consonants[0] + "".join([b for a, b in pairwise(consonants) if a != b])


def _number(consonants: str) -> str:
    digits = consonants.translate(_DIGITS)[:_MOST_DIGITS]
    if digits.isascii() and digits.isdigit():
        return digits
    # Letters that nobody reads here have no classes.
    return "".join(str(ord(letter) % 9 + 1) for letter in digits)


def _mixed(number: int) -> int:
    """A number of 32 bits from a larger one, spread evenly (Knuth 1998, section 6.4)."""
    return (number * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> 32


def _code(consonants: str) -> int:
    return _mixed(int(_number(consonants) or 0))


def _code_of_letters(letters: str) -> int:
    number = _FIRST_LETTERS
    for letter in letters:
        number = (number * 65_537 + ord(letter)) & 0xFFFFFFFFFFFFFFFF
    return _mixed(number)


def _codes_of_word(word: Token) -> list[int]:
    found: set[str] = set()
    own = word.skeleton.strip("-")
    for consonants in part_skeletons(word) | {own}:
        digits = _number(consonants.strip("-"))
        if len(digits) >= SHORTEST:
            found.add(digits)
            if len(digits) >= SUBSTITUTED and not word.families:
                found.update(_near(digits))
    digits = _number(own)
    # A name that is known by itself is written apart with its own consonants, if it ever is; of
    # a long one that meets many runs all the same, no more than a letter may have been lost.
    if len(digits) >= EDITED and not word.families:
        found.update(_edited(digits))
    elif len(digits) > EDITED:
        found.update(_once(digits[:n] + digits[n + 1 :]) for n in range(len(digits)))
    known = [_code_of_letters("=" + family) for family in word.families | word.shorts]
    return known + [_mixed(int(digits)) for digits in found if len(digits) >= SHORTEST]


def _near(digits: str) -> Iterable[str]:
    """Each with one consonant exchanged for one of a class near it."""
    for place, digit in enumerate(digits):
        for other in _NEAR.get(digit, ""):
            yield digits[:place] + other + digits[place + 1 :]


def _edited(digits: str) -> Iterable[str]:
    """Each with one consonant lost, exchanged or added."""
    for place in range(len(digits)):
        yield _once(digits[:place] + digits[place + 1 :])
        for other in "123456789":
            yield digits[:place] + other + digits[place + 1 :]
            yield digits[:place] + other + digits[place:]
    for other in "123456789":
        yield digits + other

"""The parts of the names of records: which there are, which are alike, how common each is.

Each distinct part is taken apart once and each two that may be alike are compared once, by the
names library; everything after that is numbers by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from marfa.methods.linkage.fields import Field
from marfa.methods.linkage.records import Record
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

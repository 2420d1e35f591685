"""A part of a name from outside a vocabulary, beside all parts of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from marfa.methods.linkage.alike import (
    NEAR,
    WordLevels,
    Words,
    level_of_parts,
    level_of_value,
    sounds_of,
)
from marfa.methods.linkage.parts import Level, Levels, Vocabulary
from marfa.methods.names.keys import part_skeletons
from marfa.methods.names.tokens import Token


class WordFinder:
    """Finds words of a vocabulary that are like one from outside."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._having: dict[int, list[int]] = {}
        for part, words in enumerate(vocabulary.words):
            for word in set(words):
                self._having.setdefault(word, []).append(part)
        self._sounds = [sorted(sounds_of(token)) for token in vocabulary.tokens]
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
            found[other] = level_of_parts(numbers, theirs, levels)
        return found

    def _alike(self, token: Token, joined: Token | None) -> dict[int, Level]:
        near: set[int] = set()
        for key in _filed_under(token):
            near.update(self._filed.get(key, ()))
        for sounds, listed, numbers in (
            (sorted(sounds_of(token)), self._heard, self._hearing),
            ([token.text], self._written, None),
        ):
            if listed and sounds:
                values = process.cdist(sounds, listed, scorer=OSA.normalized_similarity)
                places = np.flatnonzero((values >= NEAR).any(axis=0))
                near.update((places if numbers is None else numbers[places]).tolist())
        words = Words([*self._vocabulary.tokens, token], dict(self._vocabulary.joined))
        if joined is not None:
            words = replace(words, joined={**words.joined, len(self._vocabulary.tokens): joined})
        last = len(self._vocabulary.tokens)
        found = {other: level_of_value(words.value_of(other, last)) for other in sorted(near)}
        return {other: level for other, level in found.items() if level}


def _filed_under(token: Token) -> set[str]:
    found = {"=" + name for name in token.families | token.shorts}
    return found | {text for text in part_skeletons(token) if len(text) > 1}

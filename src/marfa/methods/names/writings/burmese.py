"""Burmese: a name is a row of syllables, each a word of its own in Latin letters.

A syllable is an initial with its medials and a rhyme; their spellings in Latin letters stand in
``data/readings/burmese.tsv``, compiled after the common transcription that the BGN/PCGN agreement
of 1970 takes up. People spell their names by habit, so that most rhymes have several spellings.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import product

from marfa.methods.names.tables import read_rows
from marfa.methods.names.writing_system import Script, Writing
from marfa.methods.names.writings import latin

_SYLLABLE = re.compile("([က-အဿ]|[ဣ-ဪ])(?:\u1039[က-အ])?([ျြွှ]*)([ါာိီုူေဲံ]*)((?:[က-အ](?:\u1039|်)|်)?)[့း်]*")
MAX_FORMS = 6


@cache
def _table(kind: str) -> dict[str, tuple[str, ...]]:
    rows = read_rows("readings/burmese.tsv")
    return {
        ("" if row[1] == "-" else row[1]): tuple("" if word == "-" else word for word in row[2:])
        for row in rows
        if row[0] == kind
    }


def divide(words: list[str]) -> list[str]:
    """Syllables, each a word."""
    found: list[str] = []
    for word in words:
        pieces = [match.group() for match in _SYLLABLE.finditer(word)]
        found += pieces if "".join(pieces) == word else [word]
    return found


def read(word: str, _written: str) -> tuple[str, ...]:
    """Phones of the usual spellings of a syllable; none where it is no syllable that is known."""
    return tuple(dict.fromkeys(latin.phones(form) for form in spellings(word)))


@lru_cache(maxsize=4096)
def spellings(word: str) -> tuple[str, ...]:
    """How the syllables of a word are written in Latin letters, the likeliest first."""
    whole = _table("whole").get(_plain(word))
    if whole:
        return whole
    syllables = list(_SYLLABLE.finditer(word))
    if not syllables or "".join(match.group() for match in syllables) != word:
        return ()
    found = [_syllable(*match.groups()) for match in syllables]
    if not all(found):
        return ()
    return tuple("".join(parts) for parts in list(product(*found))[:MAX_FORMS])


def _plain(word: str) -> str:
    """Without the signs of tone, which Latin letters do not show."""
    return re.sub("[့း]", "", word)


def _syllable(initial: str, medials: str, vowels: str, final: str) -> list[str]:
    if initial in _table("vowel"):
        return list(_table("vowel")[initial])
    onsets = _table("initial").get(initial)
    medial = "".join(sorted(medials.replace("ွ", "")))
    if medials:
        onsets = _table("initial").get(initial + medial, onsets)
    rhymes = _table("rhyme").get(("ွ" if "ွ" in medials else "") + vowels + final)
    if rhymes is None and "ွ" in medials:
        plain = _table("rhyme").get(vowels + final)
        rhymes = tuple("w" + rhyme for rhyme in plain) if plain else None
    if onsets is None or rhymes is None:
        return []
    return [onset + rhyme for rhyme in rhymes for onset in onsets][:4]


WRITING = Writing(
    Script("Mymr"),
    ((0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)),
    read,
    syllabic=True,
    divide=divide,
)

"""Name families: spellings of one name in several languages and scripts, from ``data/``.

Two spellings of one family are the same name (Muhammad, Mehmet, Магомед, محمد); spellings of two
families are two names, however near their letters are (Hasan and Husayn, Umar and Amir).
"""

from __future__ import annotations

from functools import cache
from itertools import groupby

from marfa.methods.names.compounds import canonical_word
from marfa.methods.names.tables import read_rows
from marfa.methods.names.text import normalise


@cache
def name_families() -> dict[str, frozenset[str]]:
    """Normalised spelling -> the names (first column of the table) that it may stand for."""
    found: dict[str, set[str]] = {}
    for row in read_rows("families.tsv"):
        for spelling in row:
            word = canonical_word(normalise(spelling).replace(" ", ""))
            found.setdefault(word, set()).add(row[0])
    for full, *_shorts in read_rows("diminutives.tsv"):
        found.setdefault(canonical_word(normalise(full)), set()).add(full)
    return {spelling: frozenset(names) for spelling, names in found.items()}


def without_doubles(word: str) -> str:
    """A word with each letter that is doubled once: short forms are spelt with either."""
    return "".join(letter for letter, _run in groupby(word))


@cache
def short_forms() -> dict[str, frozenset[str]]:
    """Normalised short form -> the names (keys of ``families.tsv``) that it is used for."""
    found: dict[str, set[str]] = {}
    for full, *shorts in read_rows("diminutives.tsv"):
        for short in shorts:
            found.setdefault(without_doubles(canonical_word(normalise(short))), set()).add(full)
    return {spelling: frozenset(names) for spelling, names in found.items()}


def is_known_name(word: str) -> bool:
    """Whether a word is a spelling or a short form of a known name."""
    plain = canonical_word(normalise(word).replace(" ", ""))
    return plain in name_families() or without_doubles(plain) in short_forms()


@cache
def body_words() -> dict[str, frozenset[str]]:
    """Normalised word of a body's name -> what it means, the same in all languages."""
    found: dict[str, set[str]] = {}
    for meaning, *words in read_rows("bodies.tsv"):
        for word in words:
            found.setdefault(canonical_word(normalise(word)), set()).add(f"body:{meaning}")
    return {word: frozenset(meanings) for word, meanings in found.items()}


@cache
def words_of_kind(kind: str) -> frozenset[str]:
    """The normalised words of one kind: ``title``, ``particle``, ``filler``, ``legal`` and so on.

    A row of ``words.tsv`` holds the kind and then the words.
    """
    return frozenset(
        normalise(word) for row in read_rows("words.tsv") if row[0] == kind for word in row[1:]
    )


def names_written(word: str) -> frozenset[str]:
    """Known names that a word is a spelling or a short form of."""
    spelt = name_families().get(word, frozenset())
    return spelt | short_forms().get(without_doubles(word), frozenset())


def names_together(word: str) -> set[tuple[str, str]]:
    """Pairs of known names that a word is a spelling of, one written after the other."""
    if not 5 <= len(word) <= 20:
        return set()
    known, none = name_families(), frozenset[str]()
    return {
        (one, other)
        for cut in range(2, len(word) - 1)
        if (first := known.get(word[:cut]))
        for other in known.get(word[cut:], none)
        for one in first
    }

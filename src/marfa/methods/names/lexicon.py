"""Name families: spellings of one name in several languages and scripts, from ``data/``.

Two spellings of one family are the same name (Muhammad, Mehmet, Магомед, محمد); spellings of two
families are two names, however near their letters are (Hasan and Husayn, Umar and Amir).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from marfa.methods.names.compounds import canonical_word
from marfa.methods.names.text import normalise


@cache
def name_families() -> dict[str, frozenset[str]]:
    """Normalised spelling -> the names (first column of the table) that it may stand for."""
    found: dict[str, set[str]] = {}
    for row in _rows("families.tsv"):
        for spelling in row:
            word = canonical_word(normalise(spelling).replace(" ", ""))
            found.setdefault(word, set()).add(row[0])
    return {spelling: frozenset(names) for spelling, names in found.items()}


@cache
def diminutive_names() -> dict[str, frozenset[str]]:
    """Normalised short form -> full names that it is used for, and the other way round."""
    found: dict[str, set[str]] = {}
    for row in _rows("diminutives.tsv"):
        full = normalise(row[0])
        for short in map(normalise, row[1:]):
            found.setdefault(short, set()).add(full)
            found.setdefault(full, set()).add(short)
    return {spelling: frozenset(names) for spelling, names in found.items()}


@cache
def words_of_kind(kind: str) -> frozenset[str]:
    """The normalised words of one kind: ``title``, ``particle``, ``filler``, ``legal`` and so on.

    A row of ``words.tsv`` holds the kind and then the words.
    """
    return frozenset(
        normalise(word) for row in _rows("words.tsv") if row[0] == kind for word in row[1:]
    )


def _rows(name: str) -> list[list[str]]:
    text = (files("marfa.methods.names") / "data" / name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]

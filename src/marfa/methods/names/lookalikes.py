"""Letters that look alike: of another alphabet, or to a machine that reads a scan.

Pairs after the Unicode Technical Standard 39 (confusables), as far as names meet them.
"""

from __future__ import annotations

import re

_CYRILLIC = "аеорсухікмтвнѕјѵԁһԛԝ"
_LATIN = "aeopcyxikmtbhsjvdhqw"
_SMALL_ALIKE = "aeopcyxisj"
"""Latin letters that look like Cyrillic ones in small letters too."""
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans("aeopcyxikmtbhsj", "аеорсухікмтвнѕј")

_SCANNED = re.compile("rn|vv|cl|[0158l|i6q]")
_SCANNED_AS = {
    "rn": "m", "vv": "w", "cl": "d", "0": "o", "1": "i", "5": "s", "8": "b", "l": "i",
    "|": "i", "6": "b", "q": "g", "i": "i",
}  # fmt: skip
_DOTLESS = str.maketrans(
    {
        **dict.fromkeys("بتثنپٹ", "ب"),
        **dict.fromkeys("جحخچ", "ح"),
        **dict.fromkeys("دذڈ", "د"),
        **dict.fromkeys("رزژڑ", "ر"),
        **dict.fromkeys("سش", "س"),
        **dict.fromkeys("صض", "ص"),
        **dict.fromkeys("طظ", "ط"),
        **dict.fromkeys("عغ", "ع"),
        **dict.fromkeys("فق", "ف"),
    }
)


def one_alphabet(word: str) -> str:
    """A word of Latin and Cyrillic letters in the one of which it has letters of its own.

    A word whose letters all look alike in both is Latin where it has more Latin letters.
    """
    cyrillic = [letter for letter in word if "\u0400" <= letter <= "\u052f"]
    latin = [letter for letter in word if "a" <= letter <= "z"]
    if not cyrillic or not latin:
        return word
    own_cyrillic = sum(letter not in _CYRILLIC for letter in cyrillic)
    own_latin = sum(letter not in _SMALL_ALIKE for letter in latin)
    if own_cyrillic and not own_latin:
        return word.translate(_TO_CYRILLIC)
    if not own_cyrillic and (own_latin or len(latin) >= len(cyrillic)):
        return word.translate(_TO_LATIN)
    return word if own_cyrillic and own_latin else word.translate(_TO_CYRILLIC)


def as_scanned(word: str) -> str:
    """Letters that a scan exchanges brought to one: ``rnoharned`` and ``mohamed`` are the same."""
    return _SCANNED.sub(lambda found: _SCANNED_AS[found.group()], word)


def without_dots(word: str) -> str:
    """Arabic letters without the dots that a poor copy loses."""
    return word.translate(_DOTLESS)

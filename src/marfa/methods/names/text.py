"""From a name as somebody wrote it to plain words: one case, one digit script, no marks.

Letters are folded only where the same name is written both ways by the same people: hamza
seats, alef maqsura and ya, ta marbuta and ha, Persian and Arabic kaf and ya (Unicode Standard,
chapter 9.2, Arabic; Habash, Soudi & Buckwalter 2007, "On Arabic Transliteration").
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from functools import cache, lru_cache

from marfa.methods.names.lookalikes import one_alphabet
from marfa.methods.names.writing_system import Script
from marfa.methods.names.writings import all_writings

__all__ = ["Script", "normalise", "script_of", "script_of_word"]

MAX_CHARACTERS = 400
"""Names are cut here: the longest name on the United Nations list has under 150 characters."""

MAX_WORDS = 24
MAX_WORD_LENGTH = 40


@cache
def _stretches() -> tuple[list[int], list[Script]]:
    """First code point of each stretch of letters, and the script from there on."""
    ranges = sorted((*ends, w.script) for w in all_writings().values() for ends in w.ranges)
    starts, scripts = [0], [Script.OTHER]
    for first, last, script in ranges:
        if starts[-1] == first:
            scripts[-1] = script
        else:
            starts.append(first)
            scripts.append(script)
        starts.append(last + 1)
        scripts.append(Script.OTHER)
    return starts, scripts


@cache
def _marked() -> frozenset[Script]:
    return frozenset(script for script, w in all_writings().items() if w.drops_marks)


@cache
def _respelt() -> tuple[tuple[Script, Callable[[str], str]], ...]:
    return tuple((s, w.respell) for s, w in all_writings().items() if w.respell is not None)


@cache
def _folds() -> dict[int, str]:
    folds = {letter: plain for w in all_writings().values() for letter, plain in w.folds.items()}
    # Signs that stand for ayn, hamza, a soft sign or nothing: written or left out at will.
    return str.maketrans({**folds, **dict.fromkeys(_QUOTES, "")})


@lru_cache(maxsize=8192)
def script_of(character: str) -> Script:
    """The script of one character, from its block."""
    if character.isdigit():
        return Script.DIGIT
    starts, scripts = _stretches()
    found = scripts[bisect_right(starts, ord(character)) - 1]
    return _unread(character) if found is Script.OTHER and character.isalpha() else found


def _unread(character: str) -> Script:
    """The script of a letter that no writing here knows, by the first words of its name in Unicode
    (``KHMER LETTER KA``): two such scripts are as far from each other as from all the others."""
    name = _SORT_OF_SIGN.split(unicodedata.name(character, ""))[0]
    return Script(_CODES.get(name) or name.title().replace(" ", "") or Script.OTHER)


_SORT_OF_SIGN = re.compile(
    r" (?:SMALL |CAPITAL |INDEPENDENT |SUBJOINED )*(?:LETTER|SYLLABLE|SIGN|VOWEL|IDEOGRAPH)\b"
)
_CODES = {
    "KHMER": "Khmr", "LAO": "Laoo", "TIBETAN": "Tibt", "SYRIAC": "Syrc", "THAANA": "Thaa",
    "NKO": "Nkoo", "CHEROKEE": "Cher", "MONGOLIAN": "Mong", "TAMIL": "Taml", "VAI": "Vaii",
    "YI": "Yiii", "COPTIC": "Copt", "ADLAM": "Adlm", "BOPOMOFO": "Bopo",
    "CANADIAN SYLLABICS": "Cans", "OL CHIKI": "Olck", "JAVANESE": "Java", "BALINESE": "Bali",
}  # fmt: skip
"""Scripts of living languages by their ISO 15924 codes."""


def script_of_word(word: str) -> Script:
    """The script that most letters of a word are in; DIGIT where it has digits alone."""
    counts: dict[Script, int] = {}
    for character in word:
        script = script_of(character)
        if script is not Script.DIGIT:
            counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: counts[script]) if counts else Script.DIGIT


def normalise(name: str) -> str:
    """The name in lower case, its words parted by one space, digits as 0 to 9.

    Diacritics, tatweel, quotation signs, control and direction characters are gone;
    hyphens, dots and commas part words. Only the first MAX_CHARACTERS count.
    """
    if name.isascii():
        words = name[:MAX_CHARACTERS].lower().translate(_PLAIN_LATIN).split()
        return " ".join(word[:MAX_WORD_LENGTH] for word in words[:MAX_WORDS])
    text = unicodedata.normalize("NFKC", name[: 2 * MAX_CHARACTERS])[:MAX_CHARACTERS]
    text = text.casefold()
    for script, writing in _respelt():
        if any(script_of(letter) is script for letter in text):
            text = writing(text)
    text = unicodedata.normalize("NFD", text)
    plain = "".join(_plain_characters(text))
    plain = unicodedata.normalize("NFC", plain).translate(_folds())
    words = [one_alphabet(word)[:MAX_WORD_LENGTH] for word in plain.split()]
    return " ".join(words[:MAX_WORDS])


_PLAIN_LATIN = str.maketrans(
    {
        chr(code): None if chr(code) in "\"'`" else " "
        for code in range(128)
        if not chr(code).isalnum()
    }
)
"""What the rest of ``normalise`` makes of plain Latin letters, said once."""


def _plain_characters(text: str) -> list[str]:
    plain: list[str] = []
    last = Script.OTHER
    marked = _marked()
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "L":
            last = script_of(character)
            plain.append(character)
        elif category[0] == "M":
            if last not in marked:
                plain.append(character)
        elif category[0] == "N":
            plain.append(_digit(character))
        elif not _is_nothing(character, category):
            plain.append(" ")
    return plain


def _is_nothing(character: str, category: str) -> bool:
    """Signs that are left out without parting the word: directions, quotes, modifier signs."""
    if category in ("Cf", "Co", "Cn", "Cs") or character in _QUOTES or character == "\ufffd":
        return True
    modifier = category[0] == "S" and ord(character) > 127
    return modifier and script_of(character) is Script.LATIN


_QUOTES = frozenset("'’‘`´ʼʻʿʾˈ′‛＇ʹ\"“”„«»")


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)

"""From a name as somebody wrote it to plain words: one case, one digit script, no marks.

Letters are folded only where the same name is written both ways by the same people: hamza
seats, alef maqsura and ya, ta marbuta and ha, Persian and Arabic kaf and ya (Unicode Standard,
chapter 9.2, Arabic; Habash, Soudi & Buckwalter 2007, "On Arabic Transliteration").
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from enum import StrEnum
from functools import lru_cache

MAX_CHARACTERS = 400
"""Names are cut here: the longest name on the United Nations list has under 150 characters."""

MAX_WORDS = 24
MAX_WORD_LENGTH = 40


class Script(StrEnum):
    """Writing systems that are told apart (ISO 15924 codes); the others share one."""

    LATIN = "Latn"
    ARABIC = "Arab"
    CYRILLIC = "Cyrl"
    HAN = "Hani"
    HANGUL = "Hang"
    GREEK = "Grek"
    HEBREW = "Hebr"
    DIGIT = "Zyyy"
    OTHER = "Zzzz"


# First code point of each stretch, and the script from there on (Unicode Blocks.txt).
_STRETCHES: tuple[tuple[int, Script], ...] = (
    (0x0000, Script.LATIN),
    (0x0300, Script.OTHER),
    (0x0370, Script.GREEK),
    (0x0400, Script.CYRILLIC),
    (0x0530, Script.OTHER),
    (0x0590, Script.HEBREW),
    (0x0600, Script.ARABIC),
    (0x0700, Script.OTHER),
    (0x0750, Script.ARABIC),
    (0x0780, Script.OTHER),
    (0x0870, Script.ARABIC),
    (0x0900, Script.OTHER),
    (0x1100, Script.HANGUL),
    (0x1200, Script.OTHER),
    (0x1C80, Script.CYRILLIC),
    (0x1C90, Script.OTHER),
    (0x1D00, Script.LATIN),
    (0x1F00, Script.GREEK),
    (0x2000, Script.OTHER),
    (0x2C60, Script.LATIN),
    (0x2C80, Script.OTHER),
    (0x2DE0, Script.CYRILLIC),
    (0x2E00, Script.OTHER),
    (0x3005, Script.HAN),
    (0x3008, Script.OTHER),
    (0x3130, Script.HANGUL),
    (0x3190, Script.OTHER),
    (0x3400, Script.HAN),
    (0xA000, Script.OTHER),
    (0xA640, Script.CYRILLIC),
    (0xA6A0, Script.OTHER),
    (0xA720, Script.LATIN),
    (0xA800, Script.OTHER),
    (0xAC00, Script.HANGUL),
    (0xD800, Script.OTHER),
    (0xF900, Script.HAN),
    (0xFB00, Script.LATIN),
    (0xFB13, Script.OTHER),
    (0xFB1D, Script.HEBREW),
    (0xFB50, Script.ARABIC),
    (0xFE00, Script.OTHER),
    (0x20000, Script.HAN),
    (0x32000, Script.OTHER),
)
_STARTS = [start for start, _script in _STRETCHES]

_MARKED = {Script.LATIN, Script.GREEK, Script.CYRILLIC, Script.ARABIC, Script.HEBREW}
"""Scripts whose combining marks may be dropped; in Indic or Thai writing they are vowels."""

_FOLDS = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳ", "ا"),
        **dict.fromkeys("ىیېۍےئ", "ي"),
        **dict.fromkeys("ةہھەۀۃ", "ه"),
        **dict.fromkeys("ؤۆۇۋ", "و"),
        **dict.fromkeys("کڪ", "ك"),
        **dict.fromkeys("ءـ", ""),
        **dict.fromkeys("øØ", "o"),
        **dict.fromkeys("łŁ", "l"),
        **dict.fromkeys("đðĐÐ", "d"),
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ə": "a",
        "ħ": "h",
        "ŋ": "ng",
        "ɓ": "b",
        "ɗ": "d",
        "ƙ": "k",
        "ƴ": "y",
        "ё": "е",
        "й": "и",
        # Signs that stand for ayn, hamza, a soft sign or nothing: written or left out at will.
        **dict.fromkeys("'’‘`´ʼʻʿʾˈ′‛＇ʹ\"“”„«»", ""),
    }
)


@lru_cache(maxsize=8192)
def script_of(character: str) -> Script:
    """The script of one character, from its block."""
    if character.isdigit():
        return Script.DIGIT
    return _STRETCHES[bisect_right(_STARTS, ord(character)) - 1][1]


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
    text = unicodedata.normalize("NFKC", name[: 2 * MAX_CHARACTERS])[:MAX_CHARACTERS]
    text = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(_plain_characters(text))
    plain = unicodedata.normalize("NFC", plain).translate(_FOLDS)
    words = [word[:MAX_WORD_LENGTH] for word in plain.split()]
    return " ".join(words[:MAX_WORDS])


def _plain_characters(text: str) -> list[str]:
    plain: list[str] = []
    last = Script.OTHER
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "L":
            last = script_of(character)
            plain.append(character)
        elif category[0] == "M":
            if last not in _MARKED:
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


_QUOTES = frozenset("'’‘`´ʼʻʿʾˈ′‛ʹ\"“”„«»")


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)

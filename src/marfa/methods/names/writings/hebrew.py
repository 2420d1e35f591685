"""Hebrew: short vowels are not written; vav is v, o or u, and three letters have two sounds.

Letter values after the ALA-LC Hebrew and Yiddish romanisation table.
"""

from __future__ import annotations

from marfa.methods.names.writing_system import Script, Writing

_LETTERS: dict[str, str] = {
    "א": "A", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "W", "ז": "z", "ח": "x", "ט": "t",
    "י": "Y", "כ": "k", "ך": "x", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s",
    "ע": "`", "פ": "p", "ף": "f", "צ": "c", "ץ": "c", "ק": "k", "ר": "r", "ש": "S", "ת": "t",
}  # fmt: skip
_SOFT = str.maketrans("בפכ", "\u0001\u0002\u0003")
_SOFT_PHONES = {"\u0001": "v", "\u0002": "f", "\u0003": "x"}


def read(word: str, _written: str) -> tuple[str, ...]:
    """Its phones: with bet, kaf and pe hard, then soft wherever they do not begin the word, and
    each with shin as s."""
    if any(letter not in _LETTERS and letter.isalpha() for letter in word):
        return ()
    word = word.replace("צ'", "ץ").replace("ג'", "ג")
    hard = _phones(word)
    soft = _phones(word[:1] + word[1:].translate(_SOFT))
    both = (hard, soft)
    return tuple(dict.fromkeys((*both, *(form.replace("S", "s") for form in both))))


def _phones(word: str) -> str:
    found = "".join(_LETTERS.get(letter) or _SOFT_PHONES.get(letter, "") for letter in word)
    # Doubled vav is always v; at the beginning it is never a vowel.
    found = found.replace("WW", "v").replace("YY", "Y")
    if found.startswith("W"):
        found = "v" + found[1:]
    if len(found) > 1 and found.endswith("h"):
        found = found[:-1] + "H"
    if found[:2] in ("AY", "AW"):
        found = found[1:]
    return found


WRITING = Writing(
    Script.HEBREW,
    ((0x0590, 0x05FF), (0xFB1D, 0xFB4F)),
    read,
    drops_marks=True,
    leaves_vowels_out=True,
    initials=False,
)

"""Phones of a name in Latin letters, whatever the spelling habit of its writer.

English (sh, kh, j, oo), French (ch, ou, dj), German (sch, tsch, w), Turkish (c, s for ş), Somali
(x, c) and pinyin habits share one reading; a letter that habits read differently becomes a phone
that stands near each of its readings (``phones.COSTS``). Habits after the ALA-LC and
UNGEGN/BGN-PCGN romanisation tables and Freeman, Condon & Ackerman 2006 ("Cross linguistic name
matching in English and Arabic", HLT-NAACL).
"""

from __future__ import annotations

import re

from marfa.methods.names.writing_system import Script, Writing

# One letter a phone; see phones.py for their meaning.
_SEQUENCES: dict[str, str] = {
    "shch": "S",
    "tsch": "C",
    "dsch": "J",
    "sch": "S",
    "tch": "C",
    "dzh": "J",
    "dj": "J",
    "sh": "S",
    "ch": "C",
    "zh": "J",
    "kh": "x",
    "gh": "G",
    "th": "T",
    "dh": "D",
    "ph": "f",
    "ck": "k",
    "cq": "k",
    "qu": "k",
    "ts": "c",
    "tz": "c",
    "bh": "bH",
    "rh": "rH",
    "oo": "U",
    "ou": "U",
    "uu": "U",
    "au": "O",
    "aw": "O",
    "ow": "O",
    "ei": "E",
    "ey": "E",
    "ai": "ai",
    "ay": "ai",
    "ee": "E",
    "ea": "E",
    "ie": "E",
    "ii": "i",
    "iy": "i",
    "yy": "i",
    "aa": "a",
    "ue": "U",
    "j": "j",
    "x": "X",
}
_GLIDING = frozenset({"aw", "ow", "ey", "ay", "iy", "yy"})
"""Sequences that end in a glide where a vowel follows: Kawa is not Kow-a."""

_READER = re.compile(
    "|".join(
        sequence + ("(?![aeiou])" if sequence in _GLIDING else "")
        for sequence in sorted(_SEQUENCES, key=len, reverse=True)
    )
    + "|."
)
_VOWELS = frozenset("aeiou")
_LEET = str.maketrans("0134579", "oieastg")


def phones(word: str) -> str:
    """The phones of one normalised word; digits inside a word are read as the letters they ape."""
    if not word.isalpha():
        if word.isdigit():
            return word
        word = word.translate(_LEET)
    found: list[str] = []
    for match in _READER.finditer(word):
        piece = _read(match.group(), word, match.start(), match.end())
        if piece and not (found and found[-1][-1:] == piece and piece not in "aeiou"):
            found.append(piece)
    return "".join(found)


def _read(piece: str, word: str, start: int, end: int) -> str:
    if piece in _SEQUENCES:
        # "Ishaq", "Fathi" in two syllables cannot be told from sh, th: the costs allow for it.
        return _SEQUENCES[piece]
    following = word[end : end + 1]
    if piece == "c":
        return "c" if following in ("e", "i", "y") or end == len(word) else "k"
    if piece == "y":
        return "y" if following in _VOWELS and (start == 0 or word[start - 1] in _VOWELS) else "i"
    if piece == "h" and (end == len(word) or following not in "aeiouy"):
        return "H"
    return piece if "a" <= piece <= "z" else ""


_SOMALI = re.compile("x|^c(?=[aeiou])|(?<=[aeiou])c(?=[aeiou]|$)")


def read(word: str, _written: str) -> tuple[str, ...]:
    """Its phones, and those of readings that some habits give the same letters."""
    forms = [phones(word)]
    if re.search("[aeiou][sz]h[aeiou]", word):
        # Two letters of two syllables, as in Mazhar and Ishaq.
        forms.append(phones(re.sub("(?<=[aeiou])([sz])h(?=[aeiou])", r"\1-h", word)))
    if word.endswith(("ow", "off")) and len(word) > 5:
        # German and older spellings of the Slavic ending -ov.
        forms.append(phones(re.sub("(ow|off)$", "ov", word)))
    if _SOMALI.search(word):
        # Somali writes ayn as c and h as x (Cabdi, Xasan, Jaamac).
        forms.append(phones(_SOMALI.sub(lambda found: "h" if found.group() == "x" else "", word)))
    return tuple(dict.fromkeys(form for form in forms if form))


WRITING = Writing(
    Script.LATIN,
    ((0x0000, 0x02FF), (0x1D00, 0x1EFF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF), (0xFB00, 0xFB12)),
    read,
    folds={
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
        "ɛ": "e",
        "ɔ": "o",
    },
    drops_marks=True,
    initials=True,
)

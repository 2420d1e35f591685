"""Phones of a name in Arabic script: Arabic, Persian, Dari, Pashto, Urdu, Kurdish letters.

Short vowels are not written; alef, waw and ya may be long vowels, glides or mere seats. Letter
values after the ALA-LC tables for Arabic, Persian, Pushto and Urdu.
"""

from __future__ import annotations

import re

from marfa.methods.names.compounds import strip_article
from marfa.methods.names.writing_system import Script, Writing

_LETTERS: dict[str, str] = {
    "ا": "A", "ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ټ": "t", "ث": "T", "ج": "J", "چ": "C",
    "ځ": "z", "څ": "c", "ح": "h", "خ": "x", "د": "d", "ڈ": "d", "ډ": "d", "ذ": "D", "ر": "r",
    "ڑ": "r", "ړ": "r", "ڕ": "r", "ز": "z", "ژ": "J", "ږ": "G", "س": "s", "ش": "S", "ښ": "S",
    "ص": "s", "ض": "D", "ط": "t", "ظ": "Z", "ع": "`", "غ": "G", "ف": "f", "ڤ": "v", "ق": "q",
    "ك": "k", "گ": "g", "ګ": "g", "ڭ": "n", "ل": "l", "ڵ": "l", "م": "m", "ن": "n", "ں": "n",
    "ڼ": "n", "ه": "h", "و": "W", "ي": "Y", "ڨ": "g", "ڢ": "f", "ڧ": "q", "ڠ": "g", "ڽ": "n",
}  # fmt: skip


def phones(word: str) -> str:
    """The phones of one normalised word in Arabic script."""
    found = "".join(_LETTERS.get(letter, "") for letter in word).replace("YY", "Y")
    if len(found) > 1 and found.endswith("h"):
        # Final ha is most often ta marbuta or a silent Persian ha.
        found = found[:-1] + "H"
    if found[:2] in ("AY", "AW"):
        # Alef is only the seat of the vowel that follows.
        found = found[1:]
    return found


def read(word: str, written: str) -> tuple[str, ...]:
    """Its phones; with its article too where that may be a part of the name itself (Ilyas)."""
    if any(letter not in _LETTERS and letter.isalpha() for letter in word):
        return ()
    forms = [phones(word)]
    if written != word and written == "ال" + strip_article(written):
        forms.append(phones(written))
    return tuple(forms)


def respell(text: str) -> str:
    """Kurdish and Uyghur: hamza on a seat begins a word with a vowel, and ae is a short vowel that
    Arabic and Persian do not write."""
    text = _UNSEEN.sub("", text)
    text = re.sub("\\bئ[\u06d5]", "ا", text)
    text = re.sub("\\bئ(?=[اوۆۇۈېیێيى])", "ا", text)
    return re.sub("\u06d5(?=\\w)", "", text)


_UNSEEN = re.compile(
    "[\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2069]"
)
"""Marks, the stretched line and signs of direction, which may stand between letters."""


WRITING = Writing(
    Script.ARABIC,
    (
        (0x0600, 0x06FF),
        (0x0750, 0x077F),
        (0x0870, 0x08FF),
        (0xFB50, 0xFDFF),
        (0xFE70, 0xFEFF),
    ),
    read,
    folds={
        **dict.fromkeys("أإآٱٲٳ", "ا"),
        **dict.fromkeys("ىیېۍےئێ", "ي"),
        **dict.fromkeys("ةہھەۀۃ", "ه"),
        **dict.fromkeys("ؤۆۇۋۈۊ", "و"),
        **dict.fromkeys("کڪ", "ك"),
        **dict.fromkeys("ءـ", ""),
    },
    drops_marks=True,
    leaves_vowels_out=True,
    chains=True,
    initials=True,
    respell=respell,
)

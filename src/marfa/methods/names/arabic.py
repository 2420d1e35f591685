"""Phones of a name in Arabic script: Arabic, Persian, Dari, Pashto, Urdu, Kurdish letters.

Short vowels are not written; alef, waw and ya may be long vowels, glides or mere seats. Letter
values after the ALA-LC tables for Arabic, Persian, Pushto and Urdu.
"""

from __future__ import annotations

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

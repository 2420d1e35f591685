"""How a word of any script may be read: its phones, in one or several ways."""

from __future__ import annotations

import re

from anyascii import anyascii

from marfa.methods.names import arabic, cyrillic, han, latin
from marfa.methods.names.compounds import strip_article
from marfa.methods.names.text import Script

ABJADS = frozenset({Script.ARABIC, Script.HEBREW, Script.OTHER})
"""Scripts that leave vowels out, or whose romanisation here does (Indic inherent vowels)."""


def read_phones(word: str, script: Script, written: str) -> tuple[str, ...]:
    """Strings of phones for one canonical word, the likeliest first.

    written: the word before its article was taken; read too where the article may be a part of
    the name itself (Ilyas, Albert).
    """
    if script is Script.ARABIC:
        forms = [arabic.phones(word)]
        if written != word and written == "ال" + strip_article(written):
            forms.append(arabic.phones(written))
    elif script is Script.CYRILLIC:
        forms = [cyrillic.phones(word)]
    elif script is Script.HAN:
        forms = [latin.phones(reading.replace("v", "u")) for reading in han.readings(word)]
    elif script is Script.LATIN:
        forms = [latin.phones(word)]
        if re.search("[aeiou][sz]h[aeiou]", word):
            # Two letters of two syllables, as in Mazhar and Ishaq.
            forms.append(latin.phones(re.sub("(?<=[aeiou])([sz])h(?=[aeiou])", r"\1-h", word)))
        if word.endswith(("ow", "off")) and len(word) > 5:
            # German and older spellings of the Slavic ending -ov.
            forms.append(latin.phones(re.sub("(ow|off)$", "ov", word)))
    elif script is Script.DIGIT:
        forms = [word]
    elif script is Script.HANGUL:
        forms = [latin.phones(re.sub("e([ou])", r"\1", _ascii(word)))]
    else:
        forms = [latin.phones(_ascii(word))]
    return tuple(dict.fromkeys(form for form in forms if form)) or (word,)


def _ascii(word: str) -> str:
    """Other scripts by anyascii's tables (Greek, Hebrew, Indic, Thai, Ethiopic, Hangul, kana)."""
    return "".join(letter for letter in anyascii(word).lower() if letter.isalnum())

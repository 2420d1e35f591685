"""Names of files as people gave them, made safe to show and to give back."""

from __future__ import annotations

import unicodedata

LONGEST = 150
# They shape Arabic and Persian words and turn no text around.
JOINERS = "\u200c\u200d"


def clean_name(name: str) -> str:
    """The last part of a path, without what is invisible or turns the direction of reading.

    ``report<RLO>gpj.exe`` would be shown as ``reportexe.jpg``; the mark goes.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = [
        letter
        for letter in unicodedata.normalize("NFC", last)
        if letter in JOINERS or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    ]
    return _shorten("".join(kept).strip(" ."))


def _shorten(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST]
    return stem[: LONGEST - len(ending) - 1] + dot + ending

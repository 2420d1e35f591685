"""Digits of every script, and the invisible marks that travel with right-to-left text."""

from __future__ import annotations

import unicodedata
from typing import Literal

DigitScript = Literal["latn", "arab", "arabext"]
"""Unicode names of numbering systems: Latin 0-9, Arabic-Indic ٠-٩, Persian and Urdu ۰-۹."""

_ZERO: dict[DigitScript, int] = {"latn": ord("0"), "arab": 0x0660, "arabext": 0x06F0}


def latin_digits(text: str) -> str:
    """The text with every decimal digit of any script as 0-9; all else unchanged."""
    return "".join(_latin(character) for character in text)


def in_script(text: str, script: DigitScript) -> str:
    """The text with 0-9 written in the script."""
    zero = _ZERO[script]
    return text.translate({ord("0") + n: chr(zero + n) for n in range(10)})


def without_marks(text: str) -> str:
    """The text without characters of the category Cf: direction marks, joiners, byte order mark."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def _latin(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)

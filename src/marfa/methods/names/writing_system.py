"""What is to be known of one writing system: its letters, how words part, how they sound.

A writing is one object in one file of the folder ``writings``; nothing else lists it. What no file
knows is read by nobody here, and names in it are told as not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar


class Script(str):
    """A writing system by its ISO 15924 code; one object a code, so that ``is`` may be asked."""

    __slots__ = ()
    _known: ClassVar[dict[str, Script]] = {}

    LATIN: ClassVar[Script]
    ARABIC: ClassVar[Script]
    CYRILLIC: ClassVar[Script]
    HAN: ClassVar[Script]
    HANGUL: ClassVar[Script]
    GREEK: ClassVar[Script]
    HEBREW: ClassVar[Script]
    ETHIOPIC: ClassVar[Script]
    DIGIT: ClassVar[Script]
    OTHER: ClassVar[Script]

    def __new__(cls, code: str) -> Script:
        known = cls._known.get(code)
        if known is None:
            known = cls._known[code] = super().__new__(cls, code)
        return known

    @property
    def value(self) -> str:
        """The code as a plain string."""
        return str(self)


Script.LATIN = Script("Latn")
Script.ARABIC = Script("Arab")
Script.CYRILLIC = Script("Cyrl")
Script.HAN = Script("Hani")
Script.HANGUL = Script("Hang")
Script.GREEK = Script("Grek")
Script.HEBREW = Script("Hebr")
Script.ETHIOPIC = Script("Ethi")
Script.DIGIT = Script("Zyyy")
Script.OTHER = Script("Zzzz")

Reader = Callable[[str, str], tuple[str, ...]]
"""From a canonical word, and as it was written with its article, to strings of phones
(``phones.py``), the likeliest first; none where a letter of it has no reading."""


def _as_they_are(words: list[str]) -> list[str]:
    return words


@dataclass(frozen=True)
class Writing:
    """One writing system.

    ranges: its letters, as first and last code points (Unicode Blocks.txt).
    read: its sounds.
    folds: letters that the same people write for one another in the same name.
    drops_marks: whether combining marks may be left out; elsewhere they are vowels.
    leaves_vowels_out: whether short vowels are not written (or not by the reading used here).
    chains: whether names in it are chains of one's own, the father's and the grandfather's name.
    initials: whether one letter may stand for a name.
    syllabic: whether one sign is a syllable or a word.
    divide: parts words that are written without a space.
    respell: brings spellings to one before marks and letters are folded, where that needs more
        than one letter at a time.
    """

    script: Script
    ranges: tuple[tuple[int, int], ...]
    read: Reader
    folds: Mapping[str, str] = field(default_factory=dict)
    drops_marks: bool = False
    leaves_vowels_out: bool = False
    chains: bool = False
    initials: bool = False
    syllabic: bool = False
    divide: Callable[[list[str]], list[str]] = _as_they_are
    respell: Callable[[str], str] | None = None

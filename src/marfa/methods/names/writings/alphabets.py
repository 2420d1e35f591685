"""Writings that spell sounds out, or nearly, and are read by anyascii's tables.

They were not measured on labelled names: their limits are borrowed, and every sentence says so.
In the Indic ones a vowel that is not written (or is not spoken) makes the reading one without
vowels.
"""

from __future__ import annotations

from anyascii import anyascii

from marfa.methods.names.writing_system import Script, Writing
from marfa.methods.names.writings import latin


def read(word: str, _written: str) -> tuple[str, ...]:
    """Phones of its letters; none where the table has no letters for one of them."""
    if any(letter.isalpha() and not anyascii(letter).strip() for letter in word):
        return ()
    plain = "".join(letter for letter in anyascii(word).lower() if letter.isalnum())
    return (latin.phones(plain),) if plain else ()


_ALPHABETS = {
    "Grek": ((0x0370, 0x03FF), (0x1F00, 0x1FFF)),
    "Armn": ((0x0530, 0x058F), (0xFB13, 0xFB17)),
    "Geor": ((0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F)),
    "Kana": ((0x3040, 0x30FF), (0x31F0, 0x31FF)),
    "Tfng": ((0x2D30, 0x2D7F),),
}
_INDIC = {
    "Deva": ((0x0900, 0x097F), (0xA8E0, 0xA8FF)),
    "Beng": ((0x0980, 0x09FF),),
    "Guru": ((0x0A00, 0x0A7F),),
    "Gujr": ((0x0A80, 0x0AFF),),
    "Orya": ((0x0B00, 0x0B7F),),
    "Telu": ((0x0C00, 0x0C7F),),
    "Knda": ((0x0C80, 0x0CFF),),
    "Mlym": ((0x0D00, 0x0D7F),),
    "Sinh": ((0x0D80, 0x0DFF),),
}
WRITINGS = (
    *(
        Writing(
            Script(code),
            ranges,
            read,
            drops_marks=code in ("Grek", "Armn", "Geor"),
            initials=code in ("Grek", "Armn"),
            syllabic=code == "Kana",
        )
        for code, ranges in _ALPHABETS.items()
    ),
    *(
        Writing(Script(code), ranges, read, leaves_vowels_out=True, syllabic=True)
        for code, ranges in _INDIC.items()
    ),
)

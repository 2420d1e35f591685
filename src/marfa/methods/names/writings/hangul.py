"""Korean names in Hangul, by anyascii's table (Revised Romanization)."""

from __future__ import annotations

import re

from anyascii import anyascii

from marfa.methods.names import han
from marfa.methods.names.writing_system import Script, Writing
from marfa.methods.names.writings import latin


def read(word: str, _written: str) -> tuple[str, ...]:
    """Its phones. *eo* and *eu* are one vowel, often written with one letter; a first *l* is *r*
    in the North."""
    plain = anyascii(word).lower()
    spelt = re.sub("e([ou])", r"\1", plain)
    northern = re.sub("^l", "r", spelt)
    return tuple(dict.fromkeys(latin.phones(form) for form in (northern, spelt)))


WRITING = Writing(
    Script.HANGUL,
    ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF)),
    read,
    syllabic=True,
    divide=han.divide_hangul,
)

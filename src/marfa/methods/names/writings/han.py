"""Names in Han characters: Chinese by pinyin and in Cantonese, Korean, Japanese.

The readings stand in ``han.py`` of the folder above, since they are asked for one by one there.
"""

from __future__ import annotations

from marfa.methods.names import han
from marfa.methods.names.writing_system import Script, Writing
from marfa.methods.names.writings import latin


def read(word: str, _written: str) -> tuple[str, ...]:
    """Phones of its readings; none where a character has no reading in any of the languages."""
    found = [*han.readings(word), *han.other_readings(word)]
    return tuple(dict.fromkeys(latin.phones(reading.replace("v", "u")) for reading in found))


WRITING = Writing(
    Script.HAN,
    ((0x3005, 0x3007), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x31FFF)),
    read,
    syllabic=True,
    divide=han.divide,
)

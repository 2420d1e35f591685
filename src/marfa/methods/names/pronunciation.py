"""How a word of any script may be read: its phones, in one or several ways."""

from __future__ import annotations

from functools import cache

from marfa.methods.names.writing_system import Script
from marfa.methods.names.writings import writing_of


def read_phones(word: str, script: Script, written: str) -> tuple[str, ...]:
    """Strings of phones for one canonical word, the likeliest first; none where it has no reading.

    written: the word before its article was taken.
    """
    if word.isdigit():
        return (word,)
    writing = writing_of(script)
    if writing is None:
        return ()
    return tuple(dict.fromkeys(form for form in writing.read(word, written) if form))


@cache
def leaves_vowels_out(script: Script) -> bool:
    """Whether a script, or the reading of it here, has no short vowels."""
    writing = writing_of(script)
    return writing is not None and writing.leaves_vowels_out


def has_chains(script: Script) -> bool:
    """Whether names in a script are chains of own, father's and grandfather's name."""
    writing = writing_of(script)
    return writing is not None and writing.chains


def has_initials(script: Script) -> bool:
    """Whether one letter of a script may stand for a name."""
    writing = writing_of(script)
    return writing is not None and writing.initials


def is_syllabic(script: Script) -> bool:
    """Whether one sign is a syllable or a word; so it is taken where nothing is known."""
    writing = writing_of(script)
    return writing is None or writing.syllabic

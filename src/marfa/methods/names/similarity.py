"""How alike two parts of names are, and in what way."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import OSA

from marfa.methods.names import han, latin, lexicon
from marfa.methods.names.compounds import without_joined_article
from marfa.methods.names.phones import phone_similarity as sound_similarity
from marfa.methods.names.pronunciation import ABJADS
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import Role, Token, make_token


class Meeting(StrEnum):
    """In what way two parts meet."""

    SAME = "same"
    FAMILY = "family"
    """Spellings of one known name."""
    DIMINUTIVE = "diminutive"
    SOUND = "sound"
    """The same letters after the rules of both scripts."""
    SPELLING = "spelling"
    """Close, with differing letters."""
    INITIAL = "initial"
    JOINED = "joined"
    """Written together on one side and apart on the other."""
    DIFFERENT = "different"


class Likeness(NamedTuple):
    """Similarity in [0, 1] and the way of it."""

    value: float
    meeting: Meeting


DIFFERENT = Likeness(0.0, Meeting.DIFFERENT)
INITIAL = 0.88
DIMINUTIVE = 0.9
OTHER_FAMILY = 0.4
"""Two known names that are not the same one, however near their letters are."""
UNLIKE = 0.3
"""Words of one script less alike in letters than this do not sound alike either."""

DERIVED = 0.7
"""A name and the family name made from it."""

LETTERS_DIFFER = 0.84
"""Han characters that differ and share a reading: traditional and simplified, or two names."""

CLOSE = 0.93
"""From here on a difference of sound counts as spelling habit, not as a differing letter."""


def likeness(first: Token, second: Token) -> Likeness:
    """How alike two parts are; symmetric."""
    if first.text == second.text:
        return Likeness(1.0, Meeting.SAME)
    if Role.INITIAL in (first.role, second.role):
        return _initial(first, second)
    if Role.NUMBER in (first.role, second.role):
        return DIFFERENT
    if first.families and second.families:
        if first.families & second.families:
            return Likeness(0.99, Meeting.FAMILY)
        return Likeness(min(OTHER_FAMILY, _raw(first, second)), Meeting.DIFFERENT)
    if first.text in lexicon.diminutive_names().get(second.text, ()):
        return Likeness(DIMINUTIVE, Meeting.DIMINUTIVE)
    halves = _halves(first, second)
    if halves:
        return likeness(*halves)
    value = _raw(first, second)
    if value <= 0.0:
        return DIFFERENT
    if _derived(first, second):
        value = min(value, DERIVED)
    return Likeness(value, Meeting.SOUND if value >= CLOSE else Meeting.SPELLING)


def _halves(first: Token, second: Token) -> tuple[Token, Token] | None:
    """Two compounds of one kind are as alike as what tells them apart: Abd al-Ali, Abd Allah."""
    for position, parts in _COMMON:
        one = _stem(first, position, parts)
        other = _stem(second, position, parts) if one else ""
        if other:
            return make_token(one, first.script), make_token(other, second.script)
    return None


_COMMON = (("prefix", ("abd", "عبد", "абд")), ("suffix", ("lah", "له")), ("suffix", ("din", "دين")))


_LINKS = ("ul", "al", "ol", "ud", "ad", "ed", "el")


def _stem(token: Token, position: str, parts: tuple[str, ...]) -> str:
    text = token.text
    for part in parts:
        if position == "prefix" and text.startswith(part) and len(text) > len(part) + 1:
            return text[len(part) :]
        if position == "suffix" and text.endswith(part) and len(text) > len(part) + 1:
            stem = text[: -len(part)]
            return stem[:-2] if len(stem) > 4 and stem.endswith(_LINKS) else stem
    return ""


def _derived(first: Token, second: Token) -> bool:
    """Whether one is the other with the ending of origin: Ahmad and Ahmadi are two names."""
    stem, longer = (first, second) if first.families else (second, first)
    if not stem.families or longer.families:
        return False
    for ending in ("iyy", "ee", "i", "y", "ي", "и"):
        if longer.text.endswith(ending):
            cut = lexicon.name_families().get(longer.text[: -len(ending)])
            return bool(cut and cut & stem.families)
    return False


def _raw(first: Token, second: Token) -> float:
    if first.script is second.script:
        return _same_script(first, second)
    if Script.HAN in (first.script, second.script):
        other, chinese = (first, second) if second.script is Script.HAN else (second, first)
        return _han(chinese, other)
    return _sound(first, second, abjad=(first.script in ABJADS) != (second.script in ABJADS))


def _same_script(first: Token, second: Token) -> float:
    if first.script is Script.HAN:
        shared = set(han.readings(first.text)) & set(han.readings(second.text))
        letters = OSA.normalized_similarity(first.text, second.text)
        return max(LETTERS_DIFFER, letters) if shared else letters
    letters = OSA.normalized_similarity(first.text, second.text)
    if first.script in (Script.ARABIC, Script.HEBREW):
        return max(letters, _sound(first, second, abjad=False))
    if letters < UNLIKE and min(len(first.text), len(second.text)) > 3:
        return letters
    sound = _sound(first, second, abjad=False)
    if first.script is Script.LATIN and sound < CLOSE and _wade_giles(first.text, second.text):
        return 0.95
    return max(letters, sound - 0.01)


def _wade_giles(first: str, second: str) -> bool:
    return second in han.wade_giles(first) or first in han.wade_giles(second)


def _han(chinese: Token, other: Token) -> float:
    if other.script is not Script.LATIN:
        return _sound(chinese, other, abjad=False)
    readings = han.readings(chinese.text)
    # A rarer reading yields to the usual one of another character.
    values = [
        han.same_reading(reading, other.text) - 0.01 * n for n, reading in enumerate(readings)
    ]
    best = max(values, default=0.0)
    if best > 0.5:
        return best
    # Foreign names in Han (贝拉克 for Barack) are only near; pinyin that differs is another name.
    return 0.9 * _sound(chinese, other, abjad=False) if not han.is_pinyin(other.text) else 0.3


def _sound(first: Token, second: Token, *, abjad: bool) -> float:
    if not _share_a_consonant(first, second):
        return 0.0
    best = 0.0
    for i, one in enumerate(_forms(first, second)):
        for j, other in enumerate(_forms(second, first)):
            value = sound_similarity(one, other, abjad=abjad) - 0.02 * (bool(i) + bool(j))
            best = max(best, value)
    return best


def _share_a_consonant(first: Token, second: Token) -> bool:
    """A quick look: words whose consonants are all but different cannot be one name."""
    one, other = first.skeleton, second.skeleton
    if len(one) < 3 or len(other) < 3:
        return True
    return OSA.normalized_similarity(one, other) >= 0.34


def _forms(token: Token, other: Token) -> tuple[str, ...]:
    """Its readings; where the other has the article, also without one that may be joined to it."""
    if token.script is Script.LATIN and (other.has_article or other.script is Script.ARABIC):
        bare = without_joined_article(token.text)
        if bare:
            return (*token.forms, latin.phones(bare))
    return token.forms


def _initial(first: Token, second: Token) -> Likeness:
    short, full = (first, second) if first.role is Role.INITIAL else (second, first)
    if short.forms[0][:1] and full.forms[0].startswith(short.forms[0][:1]):
        return Likeness(INITIAL, Meeting.INITIAL)
    if short.script is full.script and full.text.startswith(short.text):
        return Likeness(INITIAL, Meeting.INITIAL)
    return DIFFERENT

"""How alike two parts of names are, and in what way."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import OSA

from marfa.methods.names import compounds, han, lexicon, lookalikes
from marfa.methods.names.compounds import canonical_word, without_joined_article
from marfa.methods.names.phones import phone_similarity as sound_similarity
from marfa.methods.names.phones import skeletons_of
from marfa.methods.names.pronunciation import leaves_vowels_out
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import Role, Token, make_token
from marfa.methods.names.writings import latin


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
    SCAN = "scan"
    """The same but for letters that look alike on paper."""
    HEAD = "head"
    """A compound, and what is left of it where Abd or the like is not written."""
    SEX = "sex"
    """One is the other with the ending of a woman's name."""
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
OTHER_FAMILY = Likeness(0.4, Meeting.DIFFERENT)
"""Two known names that are not the same one."""
UNLIKE = 0.34
"""Words of one script less alike in letters than this do not sound alike either."""

DERIVED = 0.7
"""A name and the family name made from it."""

LETTERS_DIFFER = 0.84
"""Han characters that differ and share a reading: traditional and simplified, or two names."""

CLOSE = 0.93
"""From here on a difference of sound counts as spelling habit, not as a differing letter."""


SCANNED = 0.93
DOTLESS = 0.8
"""Arabic letters whose dots alone differ are more often another name than a poor copy."""

HEADLESS = 0.84
OTHER_SEX = 0.5
NOT_THE_CHILD = 0.3
"""The father of Omar is not Omar."""


def likeness(first: Token, second: Token) -> Likeness:
    """How alike two parts are; symmetric."""
    if first.text == second.text and first.script is second.script:
        return Likeness(1.0, Meeting.SAME)
    if Role.INITIAL in (first.role, second.role):
        return _initial(first, second)
    if (first.role is Role.HEAD) != (second.role is Role.HEAD):
        head, whole = (first, second) if first.role is Role.HEAD else (second, first)
        fits = whole.script is head.script and whole.text.startswith(head.text)
        return Likeness(INITIAL, Meeting.INITIAL) if fits else DIFFERENT
    if first.families & second.families:
        return Likeness(0.99, Meeting.FAMILY)
    if Role.NUMBER in (first.role, second.role):
        return Likeness(1.0, Meeting.SAME) if first.text == second.text else DIFFERENT
    if first.shorts & (second.families | second.shorts) or second.shorts & first.families:
        return Likeness(DIMINUTIVE, Meeting.DIMINUTIVE)
    if first.families and second.families:
        # However near their letters are.
        return _headless(first, second) or _headless(second, first) or OTHER_FAMILY
    if first.script is not second.script and not (first.readable and second.readable):
        return DIFFERENT
    halves = _halves(first, second)
    if halves:
        return likeness(*halves)
    return _by_letters(first, second)


def _by_letters(first: Token, second: Token) -> Likeness:
    """Two parts of which not both are known."""
    headless = _headless(first, second) or _headless(second, first)
    if headless is not None:
        return headless
    value = _raw(first, second)
    if value >= SCANNED:
        return _unless_of_other_sex(first, second, Likeness(value, _way(value)))
    if first.script is second.script:
        scanned = _scanned(first, second)
        if scanned > value:
            return Likeness(scanned, Meeting.SCAN)
    if value <= 0.0:
        return DIFFERENT
    if _derived(first, second):
        value = min(value, DERIVED)
    return _unless_of_other_sex(first, second, Likeness(value, _way(value)))


def _way(value: float) -> Meeting:
    return Meeting.SOUND if value >= CLOSE else Meeting.SPELLING


def _scanned(first: Token, second: Token) -> float:
    """Whether two words of one script look alike on a poor scan."""
    one, other = first.text, second.text
    if first.script is Script.LATIN:
        one, other = lookalikes.as_scanned(one), lookalikes.as_scanned(other)
        if one == other:
            return SCANNED
        read, known = (first, second) if not first.families else (second, first)
        letters = lexicon.name_families().get(canonical_word(as_letters(read.text)), frozenset())
        return SCANNED if letters & known.families else 0.0
    if first.script is Script.ARABIC and len(one) > 2:
        return DOTLESS if lookalikes.without_dots(one) == lookalikes.without_dots(other) else 0.0
    return 0.0


def as_letters(word: str) -> str:
    """A scanned word with the letters that it was most likely written with."""
    return word.replace("rn", "m").replace("vv", "w").translate(_DIGITS_AS_LETTERS)


_DIGITS_AS_LETTERS = str.maketrans("0158", "olsb")


def _headless(longer: Token, shorter: Token) -> Likeness | None:
    """Abd al-Karim and Karim may be one man; the father of Karim is another."""
    if not longer.compound:
        return None
    for position, parts in compounds.HALVES:
        stem = _stem(longer, position, parts)
        if len(stem) < 3 or _stem(shorter, position, parts):
            continue
        if _is_stem(stem, longer.script, shorter):
            if parts in (compounds.ABU_HALF, compounds.UMM_HALF):
                return Likeness(NOT_THE_CHILD, Meeting.DIFFERENT)
            return Likeness(HEADLESS, Meeting.HEAD)
    return None


def _is_stem(stem: str, script: Script, other: Token) -> bool:
    """Whether what is left of a compound is another part; the quick answers first."""
    known = lexicon.name_families().get(stem)
    if known and other.families:
        return bool(known & other.families)
    if script is other.script and len(stem) > 3 and len(other.text) > 3:
        letters = OSA.normalized_similarity(stem, other.text)
        if letters < UNLIKE and script not in (Script.ARABIC, Script.HEBREW):
            return False
    return likeness(make_token(stem, script), other).value >= CLOSE


def _unless_of_other_sex(first: Token, second: Token, found: Likeness) -> Likeness:
    """Karim and Karima, Oleksandr and Oleksandra: two names, near as they sound.

    Family names that have a form for either sex (Petrov, Petrova) stay one name.
    """
    if found.value <= OTHER_SEX or not (first.readable and second.readable):
        return found
    one, other = first.forms[0].rstrip("hH`"), second.forms[0].rstrip("hH`")
    if first.script not in _ENDING or second.script not in _ENDING:
        return found
    if _other_ending(first, second):
        return Likeness(OTHER_SEX, Meeting.SEX)
    ends = _ends_as_a_womans(first), _ends_as_a_womans(second)
    if ends[0] == ends[1] or abs(len(one) - len(other)) > 3:
        return found
    man, woman = (second, first) if ends[0] else (first, second)
    if len(man.forms[0]) < 3 or man.forms[0][-1] in "aeiouUEOAWYHh`":
        return found
    if man.text.endswith(_BOTH_SEXES):
        return found
    if man.script is woman.script and _same_stem(man.text, woman.text):
        return Likeness(OTHER_SEX, Meeting.SEX)
    shorter = replace(woman, forms=(_without_ending(woman),))
    if man.script is woman.script or _sounds(man, shorter) < CLOSE:
        return found
    return Likeness(OTHER_SEX, Meeting.SEX)


_BOTH_SEXES = ("ov", "ev", "in", "yn", "ij", "ow", "off", "eff", "ов", "ев", "ин", "ын")
_ENDING = {Script.ARABIC: "ها", Script.LATIN: "a", Script.CYRILLIC: "а"}


def _ends_as_a_womans(token: Token) -> bool:
    endings = _ENDING.get(token.script, "")
    text = token.text
    if token.script is Script.LATIN and text.endswith("h"):
        text = text[:-1]
    return len(text) > 3 and text[-1] in endings


def _same_stem(man: str, woman: str) -> bool:
    """Whether a woman's name is the man's with nothing but an ending."""
    return woman in {man + ending for ending in ("a", "ah", "ia", "iya", "ه", "يه", "а", "я")}


def _other_ending(first: Token, second: Token) -> bool:
    """Amina and Aminu, Francisca and Francisco: the same but for a last vowel, one of them a."""
    one, other = first.text.rstrip("h"), second.text.rstrip("h")
    if first.script is not second.script or first.script not in (Script.LATIN, Script.CYRILLIC):
        return False
    if min(len(one), len(other)) < 4 or one[:-1] != other[:-1] or one == other:
        return False
    return bool({one[-1], other[-1]} & set("aа")) and {one[-1], other[-1]} <= set("aouiаоуи")


def _without_ending(token: Token) -> str:
    return token.forms[0].rstrip("hH`").rstrip("aA")


def _sounds(one: Token, other: Token) -> float:
    abjads = leaves_vowels_out(one.script), leaves_vowels_out(other.script)
    return max(
        sound_similarity(form, other.forms[0], abjad=abjads[0] != abjads[1]) for form in one.forms
    )


def _halves(first: Token, second: Token) -> tuple[Token, Token] | None:
    """Two compounds of one kind are as alike as what tells them apart: Abd al-Ali, Abd Allah."""
    if not (first.compound and second.compound):
        return None
    for position, parts in compounds.HALVES:
        one = _stem(first, position, parts)
        other = _stem(second, position, parts) if one else ""
        if other and (one, other) != (first.text, second.text):
            return make_token(one, first.script), make_token(other, second.script)
    return None


def compound_stems(token: Token) -> list[str]:
    """What is left of a compound without its first or last word (karim of Abd al-Karim)."""
    found = (_stem(token, position, parts) for position, parts in compounds.HALVES)
    return [stem for stem in found if len(stem) >= 3]


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


_OF_ORIGIN = (
    "iyy", "ee", "i", "y", "ian", "yan", "zada", "zadeh", "zade", "zai", "pour", "pur", "nejad",
    "nia", "ov", "ev", "oglu", "ي", "ان", "يان", "زاده", "زي", "پور", "نژاد", "и", "ов", "ев",
)  # fmt: skip


def _derived(first: Token, second: Token) -> bool:
    """Whether one is the other with the ending of origin: Ahmad and Ahmadi are two names."""
    stem, longer = (first, second) if first.families else (second, first)
    if not stem.families or longer.families:
        return False
    for ending in _OF_ORIGIN:
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
    if Script.HANGUL in (first.script, second.script) and not _as_many_syllables(first, second):
        return min(UNLIKE, _sound(first, second, abjad=False))
    abjads = leaves_vowels_out(first.script), leaves_vowels_out(second.script)
    return _sound(first, second, abjad=abjads[0] != abjads[1])


def _as_many_syllables(first: Token, second: Token) -> bool:
    """Whether a word in Hangul, one sign a syllable, has as many as the other has vowels."""
    hangul, other = (first, second) if first.script is Script.HANGUL else (second, first)
    return len(hangul.text) == len(_VOWEL_GROUP.findall(other.text)) or not other.text.isascii()


_VOWEL_GROUP = re.compile("[aeiouy]+")


def _same_script(first: Token, second: Token) -> float:
    if first.script is Script.HAN:
        shared = set(han.readings(first.text)) & set(han.readings(second.text))
        letters = OSA.normalized_similarity(first.text, second.text)
        return max(LETTERS_DIFFER, letters) if shared else letters
    letters = OSA.normalized_similarity(first.text, second.text)
    if not (first.readable and second.readable):
        return letters
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
    beside = max((_spelt(one, other.text) for one in han.other_readings(chinese.text)), default=0.0)
    if beside >= SPELT:
        return beside * 0.98
    # Foreign names in Han (贝拉克 for Barack) are only near; pinyin that differs is another name.
    return 0.9 * _sound(chinese, other, abjad=False) if not han.is_pinyin(other.text) else 0.3


SPELT = 0.9


def _spelt(reading: str, latin_word: str) -> float:
    """How near a Latin word is to a Korean, Cantonese or Japanese spelling."""
    if reading == latin_word:
        return 1.0
    one, other = (_OPEN_VOWELS.sub(r"\1", word) for word in (reading, latin_word))
    return sound_similarity(latin.phones(one), latin.phones(other), abjad=False)


_OPEN_VOWELS = re.compile("e([ou])")


def _sound(first: Token, second: Token, *, abjad: bool) -> float:
    if not _share_a_consonant(first, second):
        return 0.0
    best = 0.0
    for i, one in enumerate(_forms(first, second)):
        for j, other in enumerate(_forms(second, first)):
            value = sound_similarity(one, other, abjad=abjad) - 0.02 * (bool(i) + bool(j))
            best = max(best, value)
    if BURMESE in (first.script, second.script):
        # A syllable is short: another vowel is another word.
        return max(0.0, 1.0 - 3.0 * (1.0 - best))
    return best


BURMESE = Script("Mymr")


def _share_a_consonant(first: Token, second: Token) -> bool:
    """A quick look: words whose consonants are all but different cannot be one name."""
    one, other = first.skeleton, second.skeleton
    shortest = min(len(first.text), len(second.text))
    if shortest < 3 and {first.script, second.script} == _VOWELS_UNSEEN:
        # Of so little the consonants must be the same, where vowels are not seen.
        return any(skeletons_of(a) & skeletons_of(b) for a in first.forms for b in second.forms)
    if len(one) < 3 or len(other) < 3:
        return True
    return OSA.normalized_similarity(one, other) >= 0.34


_VOWELS_UNSEEN = {Script.ARABIC, Script.LATIN}


def _forms(token: Token, other: Token) -> tuple[str, ...]:
    """Its readings; where the other has the article, also without one that may be joined to it."""
    articled = other.has_article or other.script is Script.ARABIC
    articled = articled or (other.script is Script.LATIN and len(token.text) > 5)
    if token.script is Script.LATIN and articled:
        bare = without_joined_article(token.text)
        # Within one alphabet the al of Alireza would else be an article.
        sure = other.has_article or other.script is not Script.LATIN
        if bare and (sure or bare[0] not in "aeiou"):
            return (*token.forms, latin.phones(bare))
    return token.forms


def _initial(first: Token, second: Token) -> Likeness:
    short, full = (first, second) if first.role is Role.INITIAL else (second, first)
    if short.forms[0][:1] and full.forms[0].startswith(short.forms[0][:1]):
        return Likeness(INITIAL, Meeting.INITIAL)
    if short.script is full.script and full.text.startswith(short.text):
        return Likeness(INITIAL, Meeting.INITIAL)
    return DIFFERENT

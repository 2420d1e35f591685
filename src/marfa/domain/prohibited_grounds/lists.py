"""Names of faiths, peoples, countries and languages: what a list of choices is made of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from babel import Locale, UnknownLocaleError

from marfa.domain.countries import all_countries, country_name
from marfa.domain.prohibited_grounds.spelling import KEPT, plain_words, spellings
from marfa.domain.prohibited_grounds.subjects import (
    LANGUAGES,
    Phrases,
    Subject,
    speaks_of,
    subjects_of,
)

_LANDS = ("istan", "stan", "land", "истан", "стан", "ستان", "斯坦")
_VOWELS = frozenset("aeiouyаеиоуыэюяьйіїєايوه")
_SHORTEST = {"latin": 4, "other": 3}
_SOMEBODY = re.compile(
    "(?:i?an[ao]?|e?an|n|i|ui|ni|ese|nese|o?lese|ish|ien(?:ne)?|een(?:ne)?|ais|aise|o?lais(?:e)?|ois|oise"
    "|en(?:ne)?|ain|aine|in[eo]?|eno|ena|es[ae]?|ense|i?[ao]|e[oa]?|isch[a-z]*|er(?:in)?|l[iu]|l[ae]r)s?"
    "|i?ец|ка|цы|йка|ин|инка|янин|янка|яне|ан(?:ец|ка|цы)|и(?:ец|йка|йцы)|е(?:ец|йка|йцы)"
    "|(?:ий)?ск(?:ий|ая|ие)|цев|єць|ець|ійка|ійці"
    "|ي|يه|يون|يين|يات|اني|انيه"
)
"""How a word ends that means somebody of a country, after the stem of its name."""
_FEW = 2
_NO_STEMS = frozenset({"مال", "chin", "chil", "توب"})
"""Words of their own, which are stems of names by chance."""


@cache
def _peoples() -> dict[Subject, Phrases]:
    text = (
        files("marfa.domain.prohibited_grounds")
        .joinpath("peoples.toml")
        .read_text(encoding="utf-8")
    )
    return {Subject(name): Phrases(found) for name, found in tomllib.loads(text).items()}


@cache
def _locales() -> tuple[Locale, ...]:
    found = []
    for code in sorted(LANGUAGES):
        try:
            found.append(Locale.parse(code))
        except UnknownLocaleError:
            continue
    return tuple(found)


@cache
def _countries() -> frozenset[str]:
    """Names of countries in each language, and their codes of three letters."""
    found = {each.alpha_3.lower() for each in all_countries()}
    for locale in _locales():
        for each in all_countries():
            found.add(plain_words(country_name(each.alpha_2, locale.language)))
            found.add(plain_words(locale.territories.get(each.alpha_2, "")))
    return frozenset(found - {""})


@cache
def _stems() -> frozenset[str]:
    """How a word begins that means somebody of a country, where it is made of the name."""
    found = set()
    for name in _countries():
        stem = name.removeprefix("ال")
        if " " in stem or len(stem) < 4:
            continue
        for land in _LANDS:
            stem = stem.removesuffix(land)
        while len(stem) > _shortest(stem) and stem[-1] in _VOWELS:
            stem = stem[:-1]
        if len(stem) >= _shortest(stem):
            found.add(stem)
    return frozenset(found - _NO_STEMS)


def _shortest(stem: str) -> int:
    return _SHORTEST["latin" if stem.isascii() else "other"]


@cache
def _languages() -> frozenset[str]:
    names = (str(name) for locale in _locales() for name in locale.languages.values())
    return frozenset(plain_words(name).removeprefix("ال") for name in names) - {""}


@lru_cache(maxsize=KEPT)
def names_people(text: str) -> Subject | None:
    """The subject of which a text names somebody: a faith or a people; else None."""
    for each in spellings(text):
        for subject, phrases in _peoples().items():
            if phrases.found_in(each):
                return subject
    return None


@lru_cache(maxsize=KEPT)
def names_nationals(text: str) -> bool:
    """Whether a text ends with a word for somebody of a country: ``Syrian``, ``South Sudanese``."""
    words = plain_words(text).split()
    return bool(words) and _is_national(words[-1])


def _is_national(word: str) -> bool:
    return word.removeprefix("ال") not in _countries() and _is_made_of_a_name(word)


@lru_cache(maxsize=KEPT)
def asks_for_nationals(text: str) -> bool:
    """Whether a question to somebody, *Are you Syrian?*, ends with a word for somebody of a
    country, be it a country's name in another language: ``syrien``."""
    words = plain_words(text).split()
    return bool(words) and words[-1][-1] not in _VOWELS and _is_made_of_a_name(words[-1])


def _is_made_of_a_name(word: str) -> bool:
    word = word.removeprefix("ال")
    if word.endswith("人") and word[:-1] in _countries():
        return True
    ends = (word[size:] for size in range(3, len(word) + 1) if word[:size] in _stems())
    return any(_SOMEBODY.fullmatch(end) if end else word.isascii() for end in ends)


@lru_cache(maxsize=KEPT)
def names_country(text: str) -> bool:
    """Whether a text is the name of a country, or its code of three letters."""
    plain = plain_words(text)
    return plain in _countries() and (len(plain) > 3 or text.strip().isupper())


def _names_language(text: str) -> bool:
    return plain_words(text).removeprefix("ال") in _languages()


def subject_of_list(options: Iterable[Sequence[str]]) -> Subject | None:
    """What a list of choices is made of, by the texts of each choice: its labels and its code.

    A list is of nationalities, faiths, peoples, countries or languages where at least two choices
    are, and as many as are not; choices such as *other* or *unknown* are not counted.
    """
    found: dict[Subject, int] = {}
    counted = 0
    for texts in options:
        if any(speaks_of(text, "unknown") or speaks_of(text, "other") for text in texts):
            continue
        counted += 1
        for subject in _subjects_of_choice(texts):
            found[subject] = found.get(subject, 0) + 1
    if found.get(Subject.NATIONALITY):
        found[Subject.NATIONALITY] += found.pop(Subject.COUNTRY, 0)
    # What is a language is first of all one: Kurdish is asked for by who finds an interpreter.
    best = max(found, key=lambda each: (found[each], each is Subject.LANGUAGE), default=None)
    if best is None or found[best] < 2 or found[best] * 2 < counted:
        return None
    return best


def _subjects_of_choice(texts: Sequence[str]) -> set[Subject]:
    found = {subject for text in texts if (subject := names_people(text)) is not None}
    if any(names_country(text) for text in texts):
        found.add(Subject.COUNTRY)
    elif any(_names_language(text) for text in texts):
        found.add(Subject.LANGUAGE)
    elif any(len(plain_words(text).split()) < 3 and names_nationals(text) for text in texts):
        found.add(Subject.NATIONALITY)
    return found


def subjects_of_choice(texts: Sequence[str]) -> frozenset[Subject]:
    """What it would tell of somebody that one choice was made: that they are of a people."""
    told = {subject for text in texts for subject in subjects_of(text)}
    return frozenset(told | (_subjects_of_choice(texts) - {Subject.COUNTRY, Subject.LANGUAGE}))


def subjects_of_somebody(text: str) -> set[Subject]:
    """What a wording asks that wonders whether somebody is of a people: *Are you Syrian?*"""
    if speaks_of(text, "conduct") or speaks_of(text, "thing") or speaks_of(text, "interpreting"):
        return set()
    subject = names_people(text)
    if subject is not None:
        return {subject}
    words = plain_words(text).split()
    person = len(words) <= _FEW or speaks_of(text, "person")
    of_nation = any(names_nationals(word) for word in words) or asks_for_nationals(text)
    if (person and of_nation) or (speaks_of(text, "from") and _holds_country(text)):
        return {Subject.NATIONALITY}
    return set()


def _holds_country(text: str) -> bool:
    """Whether the name of a country stands in a text, however its end is declined."""
    plain = plain_words(text)
    words = plain.split()
    if any(word.removeprefix("ال") in _declined() or word in _countries() for word in words):
        return True
    if any(f"{first} {second}" in _countries() for first, second in pairwise(words)):
        return True
    return not words[0].isascii() and any(name in plain for name in _countries_in_han())


@cache
def _declined() -> frozenset[str]:
    """Names of countries of one word, bare, and as Slavic languages decline them."""
    found = {name.removeprefix("ال") for name in _countries() if " " not in name and len(name) > 3}
    cyrillic = {name for name in found if "\u0400" <= name[0] <= "\u04ff"}
    ends = ("а", "ы", "и", "у", "ии", "ю", "і", "ії")
    return frozenset(found | {name.rstrip("аяыйь") + end for name in cyrillic for end in ends})


@cache
def _countries_in_han() -> frozenset[str]:
    return frozenset(name for name in _countries() if "\u3400" <= name[0] <= "\u9fff")

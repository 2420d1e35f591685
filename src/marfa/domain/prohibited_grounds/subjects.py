"""Which guarded subjects a text speaks of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from marfa.domain.prohibited_grounds.spelling import KEPT, plain_words, spellings


class Subject(StrEnum):
    """What a text is about. ``LANGUAGE`` is any language that somebody speaks: whoever finds an
    interpreter needs it, and nobody else does. ``COUNTRY`` is one of which nothing tells whether
    somebody comes from it or is there. ``FAMILY_NAME`` is what others read a people out of."""

    NATIONALITY = "nationality"
    RELIGION = "religion"
    ETHNICITY = "ethnicity"
    ORIGIN = "origin"
    TONGUE = "tongue"
    LANGUAGE = "language"
    COUNTRY = "country"
    FAMILY_NAME = "family_name"
    COOPERATION = "cooperation"
    REPORTING = "reporting"


ORIGINS = frozenset(
    {
        *(Subject.NATIONALITY, Subject.RELIGION, Subject.ETHNICITY, Subject.ORIGIN),
        *(Subject.TONGUE, Subject.LANGUAGE, Subject.COUNTRY),
    }
)
"""Of rule 4: no decision may rest on them."""
COOPERATION = frozenset({Subject.COOPERATION, Subject.REPORTING})
"""Of rule 1: no help may rest on them. Threats with the police are none."""
PLACES = frozenset({Subject.NATIONALITY, Subject.ORIGIN, Subject.COUNTRY})
"""Those that are told as places, from the country down to the village."""
_PARTS = re.compile(r"(\((?:[^()]|\([^()]*\)\??)*\))(\?)?|([^()]+)")
_ARABIC = re.compile("[\u0600-\u06ff]")
_JOINED = re.compile("[\u1200-\u137f\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")
_PREFIX = "(?:و|ف)?(?:ب|ل|ك)?(?:ال|لل|ل)?"
_BEGINNING = 3
_GAP = r" (?:\S+ ){0,5}?"


@cache
def _files() -> dict[str, dict[str, dict[str, list[str]]]]:
    folder = files("marfa.domain.prohibited_grounds") / "words"
    return {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))
        for file in sorted(folder.iterdir(), key=lambda each: each.name)
        if file.name.endswith(".toml")
    }


LANGUAGES = frozenset(_files())
"""Codes of the languages whose words are known."""


class Phrases:
    """Several phrases, of which one is looked for in plain words.

    Of each phrase a part is known that must be there, and phrases are found by how it begins, so
    that those which are absent, nearly all, are not looked for.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_beginning: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        self._always: list[re.Pattern[str]] = []
        for phrase in dict.fromkeys(phrases):
            pattern = re.compile(expression_of(phrase))
            needs = _needs(phrase)
            for need in needs:
                self._by_beginning.setdefault(need[:_BEGINNING], []).append((need, pattern))
            if not needs:
                self._always.append(pattern)

    def _candidates(self, text: str) -> Iterator[re.Pattern[str]]:
        yield from self._always
        for beginning in self._by_beginning.keys() & _pieces(text):
            for need, pattern in self._by_beginning[beginning]:
                if need in text:
                    yield pattern

    def found_in(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self._candidates(text))

    def taken_from(self, text: str) -> str:
        """The words without the phrases."""
        for pattern in list(self._candidates(text)):
            text = pattern.sub(" ", text)
        return text


@lru_cache(maxsize=64)
def _pieces(text: str) -> frozenset[str]:
    """All pieces of a text as long as beginnings are, or shorter."""
    return frozenset(
        text[at : at + size] for size in range(1, _BEGINNING + 1) for at in range(len(text))
    )


@cache
def _phrases(table: str, key: str) -> Phrases:
    return Phrases(
        phrase for words in _files().values() for phrase in words.get(table, {}).get(key, ())
    )


def _needs(phrase: str) -> tuple[str, ...]:
    """Words of which one must be there: the part of the phrase that says most."""
    best: tuple[str, ...] = ()
    for group, optional, words in _PARTS.findall(re.sub(r"\w\?", " ", phrase)):
        if optional:
            continue
        told = group.strip("()").split("|") if group else words.split()
        for needs in [tuple(map(_longest, told))] if group else [(_longest(one),) for one in told]:
            least = min(map(len, needs))
            if least > 1 and (not best or least / len(needs) > min(map(len, best)) / len(best)):
                best = needs
    return best


def _longest(text: str) -> str:
    return max(plain_words(re.sub(r"\([^()]*\)\??", " ", text)).split(), key=len, default="")


def expression_of(phrase: str) -> str:
    """A phrase as an expression over plain words.

    ``word*`` is what begins so, ``...`` up to five words between, ``(a|b)`` either, ``(a )?``
    what may be left out, ``^`` and ``$`` the ends of the text; `` ...`` at the end takes what
    follows along.
    """
    joined = bool(_JOINED.search(phrase))
    phrase, rest = phrase.removesuffix(" ..."), phrase.endswith(" ...")
    pieces = re.split(r"(\s*\.\.\.\s*|[()|?*^$])", phrase)
    made = "".join(_piece(piece, joined) for piece in pieces)
    begin = "" if joined or phrase.startswith("^") else r"(?<!\S)"
    end = "" if joined or phrase.endswith(("$", "*")) else r"(?!\S)"
    return f"{begin}(?:{made}){end}" + (r"(?: \S+){0,8}" if rest else "")


def _piece(piece: str, joined: bool) -> str:
    if piece.strip() == "...":
        return ".{0,8}?" if joined else _GAP
    if piece == "(":
        return "(?:"
    if piece == "*":
        return "" if joined else r"\S*"
    if piece in ")|?^$":
        return piece
    return re.sub(r"\S+", _word, piece)


def _word(match: re.Match[str]) -> str:
    word = plain_words(match.group())
    return f"{_PREFIX}{re.escape(word)}" if _ARABIC.search(word) else re.escape(word)


def without(text: str, key: str) -> str:
    """Plain words without what the table ``but`` names under a key: honest uses of the words."""
    return _phrases("but", key).taken_from(text)


def says(text: str, table: str, key: str) -> bool:
    """Whether plain words hold a phrase of a table."""
    return _phrases(table, key).found_in(text)


def speaks_of(text: str, key: str) -> bool:
    """Whether a text, as it is written, holds a phrase of the table ``about``: help, interpreting,
    another answer than the listed ones, a part of a country, what others did to somebody."""
    return any(says(each, "about", key) for each in spellings(text))


def excuses(text: str, subject: Subject) -> bool:
    """Whether a text uses the words of a subject honestly, so that a name of one word that stands
    beside it says no more: ``complaint`` for *Chief complaint*."""
    keys = (subject.value, "stateless") if subject in ORIGINS else (subject.value,)
    return any(_phrases("but", key).found_in(one) for key in keys for one in spellings(text))


def says_stateless(text: str) -> bool:
    """Whether a text says that somebody has no nationality."""
    return any(_phrases("but", "stateless").found_in(each) for each in spellings(text))


@lru_cache(maxsize=KEPT)
def subjects_of(text: str) -> frozenset[Subject]:
    """The subjects that a text or a name speaks of, in any of the languages.

    Having no nationality, and what others did to somebody because of who they are, are none.
    """
    return frozenset(
        subject for each in spellings(text) for subject in Subject if _is_about(each, subject)
    )


def _is_about(plain: str, subject: Subject) -> bool:
    if subject in ORIGINS:
        plain = without(plain, "stateless")
        if says(plain, "about", "conduct"):
            return False
    elif subject in COOPERATION and says(plain, "about", "threat"):
        return False
    return says(without(plain, subject.value), "subject", subject.value)

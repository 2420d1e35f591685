"""Whom a question names, and what it asks that nobody asks at a first contact, letter by letter.

Stricter than ``subjects``: a list of an organisation's own has no use for the name of a people, a
faith, a language or a country in any sentence. The words lie in ``groups``, a file a language; the
names of countries and languages in ``groups/names.txt``, from Unicode CLDR.

An entry is one or more words joined by ``_``. ``word*`` is what begins so, ``..`` up to five words
between. Where nothing parts words, or particles are joined to them (Chinese, Burmese, Ethiopic), an
entry is found anywhere; there ``.`` is at most a space, and ``.*`` a few letters between.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from marfa.domain.prohibited_grounds.letters import JOINED, readings, scripts_of, words_of
from marfa.domain.prohibited_grounds.spelling import KEPT


class Ground(StrEnum):
    """Why a question is refused. ``FIRST`` is asked of nobody at the first contact; ``NEVER`` by no
    list at all."""

    GROUP = "group"
    ASKS = "asks"
    NEVER = "never"
    FIRST = "first"


_KEYS = {"groups": Ground.GROUP, "asks": Ground.ASKS, "never": Ground.NEVER, "first": Ground.FIRST}
_FOLDER = "marfa.domain.prohibited_grounds"
_ALIASES = {
    **dict.fromkeys(("kmr", "kur"), "ku"),
    **dict.fromkeys(("prs", "pes", "fas"), "fa"),
    **dict.fromkeys(("ara", "arb", "acm", "apc", "apd", "ajp", "arz", "ary", "aeb", "afb"), "ar"),
    **dict.fromkeys(("pbt", "pbu", "pst", "pus"), "ps"),
    **dict.fromkeys(("swh", "swc", "swa"), "sw"),
    "cmn": "zh",
    "zho": "zh",
    "eng": "en",
    "fra": "fr",
    "spa": "es",
    "rus": "ru",
    "tur": "tr",
    "urd": "ur",
    "som": "so",
    "amh": "am",
    "tir": "ti",
    "hau": "ha",
    "por": "pt",
    "ukr": "uk",
    "mya": "my",
    "ben": "bn",
    "hin": "hi",
    "deu": "de",
}
_LONG = {"latin": 6, "other": 5}
"""Letters that an entry of another language needs, so that it is no word of this one by chance."""
_GAP = 5
_AT = 3


@cache
def languages_checked() -> frozenset[str]:
    """Codes of the languages of which words are known."""
    folder = files(_FOLDER) / "groups"
    return frozenset(
        each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")
    )


def language_of(code: str) -> str:
    """The language of which words are known under a code such as ``ar-SY``; "" where none are."""
    base = code.split("-")[0].lower()
    base = _ALIASES.get(base, base)
    return base if base in languages_checked() else ""


class _Entries:
    """Entries by how they begin: those of words, and those that are found anywhere."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._words: dict[str, list[tuple[str, ...]]] = {}
        self._anywhere: list[re.Pattern[str] | str] = []
        for entry in entries:
            if JOINED.search(entry):
                self._anywhere.append(_expression(entry))
                continue
            parts = tuple(word for one in entry.split("_") for word in _part(one))
            if parts:
                self._words.setdefault(parts[0][:_AT].rstrip("*"), []).append(parts)

    def spans(self, words: Sequence[Sequence[str]], whole: str) -> Iterator[tuple[int, int]]:
        """From which word to which an entry reaches. words: the ways in which each may be read."""
        for at, ways in enumerate(words):
            for way in ways:
                for size in range(1, _AT + 1):
                    for parts in self._words.get(way[:size], ()) if size <= len(way) else ():
                        end = _reach(parts, words, at)
                        if end is not None:
                            yield at, end

    def taken_from(self, whole: str) -> str:
        """A line without what is found anywhere in it."""
        for one in self._anywhere:
            whole = whole.replace(one, " ") if isinstance(one, str) else one.sub(" ", whole)
        return whole

    def anywhere(self, whole: str) -> bool:
        return any(
            one in whole if isinstance(one, str) else one.search(whole) is not None
            for one in self._anywhere
        )


def _part(text: str) -> tuple[str, ...]:
    if text == "..":
        return ("..",)
    end = "*" if text.endswith("*") else ""
    found = words_of(text.rstrip("*"))
    return (*found[:-1], found[-1] + end) if found else ()


def _expression(entry: str) -> re.Pattern[str] | str:
    gap, spaced = "\0", "\1"
    entry = entry.replace("_", ".").replace(".*", gap).replace("*", "").replace(".", spaced)
    pieces = re.split(f"([{gap}{spaced}])", entry)
    made = [
        ".{0,8}?" if one == gap else " ?" if one == spaced else " ?".join(words_of(one))
        for one in pieces
    ]
    return "".join(made) if len(made) == 1 else re.compile("".join(made))


def _fits(part: str, ways: Sequence[str]) -> bool:
    if part.endswith("*"):
        return any(way.startswith(part[:-1]) for way in ways)
    return part in ways


def _reach(parts: Sequence[str], words: Sequence[Sequence[str]], at: int) -> int | None:
    """After which word an entry that begins at one ends; None where it does not stand there."""
    for number, part in enumerate(parts):
        if part == "..":
            rest = parts[number + 1 :]
            ends = (_reach(rest, words, at + gap) for gap in range(_GAP + 1))
            return next((end for end in ends if end is not None), None)
        if at >= len(words) or not _fits(part, words[at]):
            return None
        at += 1
    return at


@cache
def _file(language: str) -> dict[str, list[str]]:
    text = (files(_FOLDER) / "groups" / f"{language}.toml").read_text(encoding="utf-8")
    return {key: value.split() for key, value in tomllib.loads(text).items()}


@cache
def _names() -> dict[str, list[str]]:
    text = (files(_FOLDER) / "groups" / "names.txt").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {language: names.split("|") for language, names in lines}


def _of(language: str, key: str) -> list[str]:
    found = _file(language).get(key, [])
    return [*found, *_names().get(language, ())] if key == "groups" else found


@cache
def _own(language: str, key: str) -> _Entries:
    return _Entries(_of(language, key))


@cache
def _all(key: str) -> _Entries:
    """Entries of every language, long enough to be taken for no word of another."""
    return _Entries(
        dict.fromkeys(
            entry
            for language in sorted(languages_checked())
            if key != "but"
            for entry in _of(language, key)
            if _is_long(entry)
        )
    )


def _is_long(entry: str) -> bool:
    plain = re.sub(r"[*_.]", "", entry)
    return (
        bool(JOINED.search(entry)) or len(plain) >= _LONG["latin" if plain.isascii() else "other"]
    )


@lru_cache(maxsize=KEPT)
def grounds_of(text: str, language: str = "") -> frozenset[Ground]:
    """Why a question may be refused, by its words, in its language and in all that are known.

    language: a code; of one whose words are not known only those of the others are looked for.
    """
    own = language_of(language)
    found: set[Ground] = set()
    for words, whole in readings(text):
        kept = _without(words, own) if own else list(words)
        rest = _own(own, "but").taken_from(whole) if own else whole
        for key, ground in _KEYS.items():
            told, line = (kept, rest) if key == "asks" else (words, whole)
            if ground not in found and _says(told, line, own, key):
                found.add(ground)
    return frozenset(found)


def _says(words: Sequence[Sequence[str]], whole: str, own: str, key: str) -> bool:
    for entries in (*((_own(own, key),) if own else ()), _all(key)):
        if entries.anywhere(whole) or next(entries.spans(words, whole), None) is not None:
            return True
    return False


def _without(words: Sequence[Sequence[str]], own: str) -> list[Sequence[str]]:
    """The words without honest uses of them: ``language of the interview``."""
    gone: set[int] = set()
    for start, end in _own(own, "but").spans(words, ""):
        gone.update(range(start, end))
    return [ways for at, ways in enumerate(words) if at not in gone]


_SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb"), "ARABIC"),
    **dict.fromkeys(("ru", "uk"), "CYRILLIC"),
    **dict.fromkeys(("am", "ti"), "ETHIOPIC"),
    "zh": "CJK",
    "my": "MYANMAR",
    "bn": "BENGALI",
    "hi": "DEVANAGARI",
}


def in_its_script(text: str, language: str) -> bool:
    """Whether a text is written with the letters of its language, Latin ones in it aside.

    What is written with others was read by no list of words.
    """
    own = _SCRIPTS.get(language_of(language), "LATIN")
    scripts = scripts_of(text)
    return set(scripts) <= {own, "LATIN"} and (not scripts or own in scripts)

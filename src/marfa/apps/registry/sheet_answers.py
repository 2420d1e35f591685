"""Answers of a sheet as codes: people write labels, in any language, and short forms."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from marfa.apps.registry.labels import SPOKEN
from marfa.domain.catalogue import LANGUAGES
from marfa.domain.codelists import codelist
from marfa.domain.digits import latin_digits
from marfa.domain.languages import language_name
from marfa.domain.message import InputError, Message
from marfa.domain.prohibited_grounds import plain_words

FEW = 12
"""Answers that are told one by one to somebody who wrote another."""
_APART = (";", ",", "،", "؛", "/", "|", "\n")


@cache
def sheet_words() -> Mapping[str, Any]:
    """What ``sheet_words.toml`` holds."""
    text = files("marfa.apps.registry").joinpath("sheet_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def reads_code(name: str, label: Callable[[str], str]) -> Callable[[str], str]:
    """Reads an answer as a code of a list. label: of a code, for who wrote something else."""

    def read(text: str) -> str:
        code = _codes(name).get(_folded(text))
        if code is None:
            raise InputError.at(_unknown([label(each) for each in codelist(name).codes]))
        return code

    return read


def reads_yes(text: str) -> bool:
    """Reads yes and no."""
    told = _folded(latin_digits(text))
    for code, words in sheet_words()["answers"]["yes_no"].items():
        if told in {_folded(word) for word in words}:
            return bool(code == "yes")
    raise InputError.at(Message("apps.registry:sheet-yes-no"))


def reads_languages(text: str) -> list[str]:
    """Reads names or codes of languages, the first the best understood."""
    for mark in _APART:
        text = text.replace(mark, "\0")
    found = [_languages().get(_folded(part)) for part in text.split("\0") if part.strip()]
    if None in found:
        raise InputError.at(Message("apps.registry:sheet-language"))
    return list(dict.fromkeys(filter(None, found)))


def _unknown(labels: Iterable[str]) -> Message:
    shown = list(labels)
    if len(shown) > FEW:
        return Message("apps.registry:sheet-answer")
    return Message("apps.registry:sheet-answer-of", {"known": "; ".join(shown)})


@cache
def _codes(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in codelist(name).entries:
        for label in (entry.code, *entry.labels.values()):
            # A label in both forms, as in متزوج/متزوجة, is found by each of them.
            parts = [part for part in label.split("/") if len(part.strip()) > 2]
            for each in (label, *parts):
                found.setdefault(_folded(each), entry.code)
    for code, words in sheet_words()["answers"].get(name, {}).items():
        found |= {_folded(word): code for word in words}
    return found


@cache
def _languages() -> dict[str, str]:
    found = {code: code for code in SPOKEN}
    for code in SPOKEN:
        for language in LANGUAGES:
            found.setdefault(_folded(language_name(code, language)), code)
    return found


def _folded(text: str) -> str:
    return plain_words(text) or text.strip().casefold()

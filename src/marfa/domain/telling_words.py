"""Words that tell a stranger too much: what a sheet, a file name or an address must not say.

A person may be searched. What they carry names no crime and nobody's office.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from marfa.domain.digits import without_marks

_VOWELS = re.compile("[\u064b-\u065f\u0670\u0640]")
_ALIKE = str.maketrans("أإآٱىة", "اااايه")
_LETTERS = re.compile(r"[^\W\d_]+")


def find_telling_words(text: str) -> list[str]:
    """The words of a text that tell too much, as they stand in it, each once."""
    beginnings, parts = _lists()
    words = _LETTERS.findall(_VOWELS.sub("", without_marks(text)))
    found = [word for word in words if _tells(word, beginnings, parts)]
    told = text.casefold()
    found += [each for each in beginnings if " " in each and each in told]
    return list(dict.fromkeys(found))


def _tells(word: str, beginnings: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    plain = word.casefold().translate(_ALIKE)
    return plain.startswith(beginnings) or any(part in plain for part in parts)


@lru_cache(maxsize=1)
def _lists() -> tuple[tuple[str, ...], tuple[str, ...]]:
    text = files("marfa.domain").joinpath("telling_words.toml").read_text(encoding="utf-8")
    lists = tomllib.loads(text)
    return tuple(lists["en"]), tuple(lists["ar"])

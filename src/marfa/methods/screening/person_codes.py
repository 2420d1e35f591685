"""Whether what names a person in a table is a code, and not a name.

It cannot know every name of the world. A code has a digit or is one letter; letters in it are few,
or belong to one word that is no name of the tables of ``marfa.methods.names``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 64

_PLAIN = re.compile(r"[A-Za-z]|[A-Za-z]{0,2}[ _./:#-]?[0-9]+")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f-]{16,}")
_SIGNS = frozenset(" _./:#-")
_BETWEEN = re.compile(r"[ _./:#-]+")
_LETTERS = re.compile(r"[^\W\d_]+")


def is_code(text: str) -> bool:
    """Whether a text can stand for a person without saying who it is.

    Letters of other scripts than Latin stand alone or in pairs, as in a shelf mark; a longer word
    is taken for a name, and so are two words.
    """
    if _PLAIN.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
        return True
    if not any(sign.isdigit() for sign in text):
        return False
    if any(not sign.isalnum() and sign not in _SIGNS for sign in text):
        return False
    words = [word for word in _words(text) if len(word) > 2]
    return len(words) < 2 and all(word.isascii() and not _is_name(word) for word in words)


def _words(text: str) -> Iterator[str]:
    """The letters of each part between signs, where they stand together: in a random code, digits
    stand between them."""
    for part in _BETWEEN.split(text):
        found = _LETTERS.findall(part)
        if len(found) == 1:
            yield from found


def _is_name(word: str) -> bool:
    from marfa.methods.names.lexicon import is_known_name

    return is_known_name(word)

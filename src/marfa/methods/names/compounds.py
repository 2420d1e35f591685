"""Words that are written together at one desk and apart at the next.

The article, the construct "servant of" (Abd), names on -allah and -al-Din, and the kunya (Abu)
are brought to one form without the article: Abd al-Rahman, Abdurrahman and عبدالرحمن all become
*abd* + *rahman*. Rules after the ALA-LC tables for Arabic and Persian and UNGEGN's notes on the
assimilated article (sun letters).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SUN = "rsztdnlj"
SHORTEST_NAME = 3
"""Before less than this an assimilated article is none (AT&T)."""

ARTICLES = frozenset({"al", "el", "ul", "ال"})
_ASSIMILATED = re.compile(rf"^(?:[aeiuo]([{SUN}]|sh|ch|th|dh)|[аэиу]([рсзтднлшж]))$")

ABD = frozenset(
    {"abd", "abdul", "abdel", "abdal", "abdoul", "abdol", "abdil", "abdur", "abder", "abdus"}
    | {"abdes", "abdun", "abden", "cabd", "عبد", "абд", "абдул"}
)
ABU = frozenset(
    {"abu", "abou", "aboo", "abo", "abi", "aba", "abul", "aboul", "ابو", "ابي", "ابا", "абу"}
)
UMM = frozenset({"umm", "oum", "um", "ام", "умм"})
KUNYA = frozenset({"abu", "abou", "ابو", "абу", "umm", "oum", "ام", "умм"})
"""Words of a kunya as it stands before a whole name."""

ALLAH = frozenset({"allah", "ullah", "ollah", "alah", "ulla", "الله", "лла"})
DIN = frozenset(
    {
        "uddin",
        "eddin",
        "eddine",
        "addin",
        "uddeen",
        "aldin",
        "aldeen",
        "eldin",
        "eldeen",
        "din",
        "deen",
        "dine",
        "الدين",
    }
)
ZADA = frozenset({"zada", "zadah", "zade", "zadeh", "زاده"})
"""Born of: the second half of family names of Iran and Central Asia."""

BARE_DIN = frozenset({"din", "deen", "dine"})

_ABD_JOINED = re.compile(
    rf"^c?abd(?:ou|[aeuio])?(?:l(?=[^aeiou]|a[^h]|[aeiou].{{3,}})|(?=([{SUN}])\1))(.{{3,}})$"
)
_ABU_JOINED = re.compile(rf"^abo?u(?:l(?=[^aeioulh])|(?=([{SUN}])\1))?([^aeiou].{{2,}})$")
_ABDULLAH = re.compile(r"^c?abd(?:ou|[aeuio])?(?:l+|r)?l[ae]+h?(?:i)?$")
_ARABIC_ABD = re.compile(r"^عبد(?:ال)?(.{2,})$")
_ARABIC_ABU = re.compile(r"^ابوال(.{3,})$")


ABU_HALF = ("abu", "ابو", "абу")
UMM_HALF = ("umm", "ام")
HALVES = (
    ("prefix", ("abd", "عبد", "абд")),
    ("prefix", ABU_HALF),
    ("prefix", UMM_HALF),
    ("suffix", ("lah", "له")),
    ("suffix", ("din", "دين")),
)
"""What the parts that are compounds begin or end with, and on which side it stands."""

_PREFIXES = tuple(part for side, parts in HALVES if side == "prefix" for part in parts)
_SUFFIXES = tuple(part for side, parts in HALVES if side == "suffix" for part in parts)


def may_be_compound(text: str) -> bool:
    """Whether a part begins or ends as compounds do."""
    return text.startswith(_PREFIXES) or text.endswith(_SUFFIXES)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a name on its way to becoming a part.

    suffix: whether it belongs to the piece before it.
    """

    text: str
    written: str
    suffix: bool = False


def is_article(word: str, following: str) -> bool:
    """Whether a word alone is the article of the next: ``al``, or ``ar`` before ``rahman``, and
    ``аз`` before ``Зубайди``."""
    if word in ARTICLES:
        return True
    assimilated = _ASSIMILATED.match(word)
    if assimilated is None or len(following) < SHORTEST_NAME:
        return False
    return following.startswith(assimilated[1] or assimilated[2])


def canonical_word(word: str) -> str:
    """One word without the articles inside it; words of other habits come back unchanged."""
    return _canonical_arabic(word) if "؀" <= word[:1] <= "ۿ" else _canonical_latin(word)


def _canonical_arabic(word: str) -> str:
    if word in ("الله", "اله"):
        return "له"
    word = re.sub(r"(?<=..)الدين$", "دين", word)
    word = re.sub(r"(?<=..)(?:الله|لله)$", "له", word)
    found = _ARABIC_ABD.match(word)
    if found:
        return "عبد" + found.group(1)
    found = _ARABIC_ABU.match(word)
    return "ابو" + found.group(1) if found else strip_article(word)


def strip_article(word: str) -> str:
    """An Arabic-script word without its article, where three letters or more remain."""
    if word == "الله":
        return "له"
    return word[2:] if word.startswith("ال") and len(word) >= 5 else word


def _canonical_latin(word: str) -> str:
    if word in ALLAH:
        return "lah"
    if word.startswith(("abu", "abou")):
        found = _ABU_JOINED.match(word)
        if found and len(found.group(2)) >= 4:
            return "abu" + (found.group(2)[1:] if found.group(1) else found.group(2))
    if not word.startswith(("abd", "cabd")):
        return word
    if _ABDULLAH.match(word):
        return "abdlah"
    found = _ABD_JOINED.match(word)
    if found:
        rest = found.group(2)
        return "abd" + (rest[1:] if found.group(1) else rest)
    return word[1:] if word.startswith("cabd") else word


def strip_inner_article(word: str) -> str:
    """The second half of a compound without its article, joined or not."""
    if word.startswith("ال") and len(word) >= 4:
        return word[2:]
    if word.startswith(("al", "el")) and len(word) >= 6 and word[2] not in "aeiou":
        return word[2:]
    return word


def without_joined_article(word: str) -> str | None:
    """``altikriti`` -> ``tikriti``, ``essaadi`` -> ``saadi``; None where no article can be seen."""
    if len(word) < 5:
        return None
    if word[:2] in ("al", "el"):
        return word[2:]
    if word[0] in "aeu" and word[1] == word[2] and word[1] in SUN:
        return word[1:]
    return None

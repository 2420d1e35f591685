"""From written text to the parts of a date: numbers, months, calendars, "about", "between"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from marfa.domain.dates.calendars import Calendar
from marfa.domain.dates.months import Month, fold_text, month_names, solar_words
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message


class WordKind(Enum):
    """What a part is."""

    NUMBER = auto()
    MONTH = auto()
    SEPARATOR = auto()
    CALENDAR = auto()
    ABOUT = auto()
    BETWEEN = auto()
    AND = auto()


@dataclass(frozen=True)
class DateWord:
    """One part: its text, and the months or the calendar that it means."""

    kind: WordKind
    text: str
    months: tuple[Month, ...] = ()
    calendar: Calendar | None = None


def fold_words(text: str) -> frozenset[str]:
    """Words of a list in the form in which they are compared."""
    return frozenset(fold_text(word) for word in text.split())


ABOUT = fold_words(
    "about around approximately approx circa ca c roughly ~ ? حوالي حوالى تقريبا نحو قرابة"
)
BETWEEN = fold_words("between from بين من")
AND = fold_words("and to until till و إلى حتى")
_NOISE = fold_words(
    "of the in on born year month day st nd rd th"
    " مواليد سنة عام السنة العام لعام لسنة عامي سنتي شهر يوم في"
)
_HIJRI = fold_words("ah h hijri هـ ه هجري هجرية الهجري الهجرية للهجرة ق قمري")
_GREGORIAN = fold_words("ad ce م ميلادي ميلادية الميلادي الميلادية للميلاد")

_ABBREVIATIONS = re.compile(r"\b(a)\.\s?(h|d)\b\.?|\b(c)\.\s?(e)\b\.?", re.IGNORECASE)
_TOKENS = re.compile(r"\d+|[^\W\d_]+|\S")
_BORN_IN = fold_text("من مواليد")
_SEPARATORS = frozenset("/-–—−.,،")
_LONGEST_NAME = 3


def parts_of(text: str) -> list[DateWord]:
    """The parts of a written date in order.

    Raises InputError for a word that is not known, and for the solar calendar.
    """
    clean = fold_text(latin_digits(without_marks(text)))
    clean = _ABBREVIATIONS.sub(lambda found: "".join(filter(None, found.groups())), clean)
    clean = clean.replace(_BORN_IN, " ")
    tokens = _without_joined_and(_TOKENS.findall(clean))
    parts: list[DateWord] = []
    place = 0
    while place < len(tokens):
        part, length = _part_at(tokens, place)
        if part is not None:
            parts.append(part)
        place += length
    return _only_useful_separators(parts)


def _part_at(tokens: list[str], place: int) -> tuple[DateWord | None, int]:
    for length in range(_LONGEST_NAME, 0, -1):
        ahead = tokens[place : place + 2 * length]
        name = tuple(filter(_is_no_hyphen, ahead))[:length]
        used = _tokens_used(tokens, place, name)
        if used and name in month_names():
            return DateWord(WordKind.MONTH, " ".join(name), months=month_names()[name]), used
    return _single(tokens[place]), 1


def _is_no_hyphen(piece: str) -> bool:
    return piece != "-"


def _tokens_used(tokens: list[str], place: int, name: tuple[str, ...]) -> int:
    """How many tokens the words of a name take, with hyphens between them; 0 if they do not fit."""
    used = 0
    for number, word in enumerate(name):
        if number and place + used < len(tokens) and tokens[place + used] == "-":
            used += 1
        if place + used >= len(tokens) or tokens[place + used] != word:
            return 0
        used += 1
    return used


def _single(token: str) -> DateWord | None:
    if token.isdecimal():
        return DateWord(WordKind.NUMBER, token)
    if token in _SEPARATORS:
        return DateWord(WordKind.SEPARATOR, token)
    if token in _NOISE:
        return None
    for known, calendar in ((_HIJRI, Calendar.HIJRI), (_GREGORIAN, Calendar.GREGORIAN)):
        if token in known:
            return DateWord(WordKind.CALENDAR, token, calendar=calendar)
    for known, kind in ((ABOUT, WordKind.ABOUT), (BETWEEN, WordKind.BETWEEN), (AND, WordKind.AND)):
        if token in known:
            return DateWord(kind, token)
    if token in solar_words():
        raise InputError.at(Message("domain:date-solar"))
    raise InputError.at(Message("domain:date-word", {"word": token}))


def _without_joined_and(tokens: list[str]) -> list[str]:
    """Arabic writes "and" joined to the next word: take it off where the rest is a month."""
    first_words = {name[0] for name in month_names()} | _NOISE
    split: list[str] = []
    for token in tokens:
        if token.startswith("و") and token[1:] in first_words and token not in first_words:
            split.append("و")
            token = token[1:]
        split.append(token)
    return split


def _only_useful_separators(parts: list[DateWord]) -> list[DateWord]:
    """Separators say something between numbers and between months, nothing elsewhere."""
    kept: list[DateWord] = []
    for place, part in enumerate(parts):
        around = {parts[i].kind for i in (place - 1, place + 1) if 0 <= i < len(parts)}
        comma = part.text in {",", "،"}
        useful = around in ({WordKind.NUMBER}, {WordKind.MONTH}) and 0 < place < len(parts) - 1
        if part.kind is not WordKind.SEPARATOR or (useful and not comma):
            kept.append(part)
    return kept

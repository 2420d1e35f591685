"""Records as they are compared: texts by field, and what is read out of them.

A text that is not understood (a date such as 1990-13-45) says nothing: it is counted and told, and
the record is compared by the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from marfa.domain.message import InputError
from marfa.methods.linkage.fields import Field
from marfa.methods.names import Document, normalise
from marfa.methods.names.context import Span
from marfa.methods.names.dates import ABOUT_YEARS, Between, Born, read_births

Texts = tuple[str, ...]

FIRST_YEAR, LAST_YEAR = 1850, 2100
"""Years of birth outside say that something else was written."""

OLDEST = 130


@dataclass(frozen=True)
class Record:
    """A record: its id, and by field the texts of its cells, none of them empty.

    id: as its list has it. texts: of a field that it lacks there is no entry.
    """

    id: str
    texts: Mapping[Field, Texts] = field(default_factory=dict)

    @classmethod
    def of(cls, id: str, **texts: str | Sequence[str]) -> Record:
        """From texts by the names of fields, one or several each; empty ones are left out."""
        found: dict[Field, Texts] = {}
        for name, value in texts.items():
            several = (value,) if isinstance(value, str) else tuple(value)
            kept = tuple(text for each in several if (text := " ".join(each.split())))
            if kept:
                found[Field(name)] = kept
        return cls(id, found)

    def of_field(self, of: Field) -> Texts:
        return self.texts.get(of, ())

    @property
    def content(self) -> tuple[tuple[str, Texts], ...]:
        """All but the id, to put records in an order that ids have no part in."""
        return tuple(sorted((of.value, texts) for of, texts in self.texts.items()))


_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[ /.\-](\d{1,2})[ /.\-](\d{4})")
_TIME = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})[T ]\d{1,2}:\d{2}.*$")


def births_of(texts: Texts) -> tuple[Span, ...] | None:
    """What the dates of birth of a record may mean; None for texts of which none is understood.

    Beside what the names library reads: ``19810309``, ``09/03/1981`` (day first; that day and month
    may stand the other way round is weighed when dates are compared), and a date with a time.
    """
    found: list[Span] = []
    for text in texts:
        try:
            spans = read_births(_as_iso(text))
        except (InputError, ValueError, OverflowError):
            continue
        found += [
            span
            for span in spans
            if FIRST_YEAR <= span.earliest.year <= span.latest.year <= LAST_YEAR
        ]
    return tuple(found) or None


def _as_iso(text: str) -> str:
    plain = " ".join(text.split()).translate(_DIGITS)
    plain = _TIME.sub(r"\1", plain)
    if eight := _EIGHT.fullmatch(plain):
        return "-".join(eight.groups())
    if parts := _DAY_FIRST.fullmatch(plain):
        day, month, year = parts.groups()
        if int(month) > 12 >= int(day):
            day, month = month, day
        return f"{year}-{month}-{day}"
    return plain


_DIGITS = {ord(digit): str(n % 10) for n, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}


_AGE = re.compile(
    r"[^\d\-<>]*(?P<low>\d{1,3})(?:[.,]\d{1,2})?(?:\s*[-–/]\s*(?P<high>\d{1,3}))?"
    r"(?:\s*(?P<unit>[^\W\d]+)\b.*)?[^\w+]*"
)
_MONTHS = frozenset(
    (
        *("month", "months", "mo", "mos", "mois", "mes", "meses", "мес", "месяц", "месяца"),
        *("месяцев", "شهر", "شهرا", "شهور", "اشهر"),
    )
)
_LESS = frozenset(
    (
        *("day", "days", "week", "weeks", "jour", "jours", "semaine", "semaines", "dia", "dias"),
        *("semana", "semanas", "день", "дня", "дней", "неделя", "недели", "недель"),
        *("يوم", "يوما", "ايام", "اسبوع", "اسابيع"),
    )
)
_UNCLEAR = frozenset({"m"})
"""Months, or a man."""


def births_by_age(texts: Texts, as_of: date) -> tuple[Span, ...] | None:
    """When somebody may have been born of whom an age is told; None for what is no age.

    ``30``, ``about 30``, ``30 years``, ``25-30``, ``18 months``. An age is taken to be out by as
    much as any estimate, of a small child by a year.
    """
    for text in texts:
        ages = _ages_of(text)
        if ages is not None and ages[0] <= ages[1] <= OLDEST:
            low, high = ages
            youngest = as_of - timedelta(days=round(365.25 * low)) + _out(low)
            oldest = as_of - timedelta(days=round(365.25 * (high + 1))) - _out(high)
            return (Between(oldest, min(as_of, youngest)),)
    return None


def _ages_of(text: str) -> tuple[int, int] | None:
    """The least and the highest age in whole years."""
    found = _AGE.fullmatch(text.translate(_DIGITS))
    unit = normalise(found["unit"] or "") if found else ""
    if found is None or unit in _UNCLEAR:
        return None
    low = int(found["low"])
    high = int(found["high"] or low)
    if unit in _LESS:
        return 0, 0
    return (low // 12, high // 12) if unit in _MONTHS else (low, high)


def _out(age: int) -> timedelta:
    return timedelta(days=round(365.25 * min(ABOUT_YEARS, 1 + age // 6)))


def documents_of(texts: Texts) -> tuple[Document, ...]:
    """Documents, each ``NUMBER`` or ``ISSUER:NUMBER``; several of a cell parted by semicolons."""
    found: list[Document] = []
    for text in texts:
        for piece in re.split("[;؛|]", text):
            issuer, _colon, number = piece.rpartition(":")
            document = Document(number.strip(), None, issuer.strip() or None)
            if document.key:
                found.append(document)
    return tuple(found)


def is_exact(span: Span) -> bool:
    """Whether a date is known to the day. 1 January is what desks write for a year alone."""
    known = span.earliest == span.latest
    return known and (span.earliest.month, span.earliest.day) != (1, 1)


def whole_year(span: Span) -> Span:
    """A date, and for 1 January the year."""
    if span.earliest == span.latest and not is_exact(span):
        return Born(span.earliest.year)
    return span

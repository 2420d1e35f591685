"""Dates of birth as records have them: parts of dates, ranges, estimates, other calendars."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from marfa.domain.message import InputError, Message
from marfa.methods.names.text import normalise


@dataclass(frozen=True, slots=True)
class Born:
    """Year, and month and day where known (Gregorian). Raises ValueError for no date."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day without a month")
        date(self.year, self.month or 1, self.day or 1)

    @property
    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @classmethod
    def parse(cls, text: str, *, field: str | None = None) -> Born:
        """``1981``, ``1981-03`` or ``1981-03-09``, in any digits. Raises InputError."""
        plain = "-".join(normalise(text).split())
        found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", plain)
        try:
            if found is None:
                raise ValueError
            return cls(*(int(part) if part else None for part in found.groups()))  # type: ignore[arg-type]
        except ValueError:
            raise _not_understood(text, field) from None


@dataclass(frozen=True, slots=True)
class Between:
    """Two days between which somebody was born. Raises ValueError where they are exchanged."""

    earliest: date
    latest: date

    def __post_init__(self) -> None:
        if self.latest < self.earliest:
            raise ValueError("the later day comes first")


ABOUT_YEARS = 2
"""An estimate is taken to be out by so many years either way."""

_ABOUT = ("about", "around", "approximately", "approx", "circa", "ca", "c", "vers", "hacia")
_ABOUT_ARABIC = ("حوالي", "نحو", "تقريبا", "قرابه", "около")
_LUNAR = ("ah", "hijri", "ه", "هجري", "هجريه")
_SOLAR = ("sh", "ap", "shamsi", "jalali", "ش", "شمسي", "هش")
_RANGE = re.compile(r"(?:between )?(\d{4}) (?:and |to |bis |و )?(\d{4})")


def read_births(text: str, *, field: str | None = None) -> tuple[Born | Between, ...]:
    """What a record's date of birth may mean, in any digits.

    ``1981``, ``1981-03``, ``1981-03-09``; ``about 1980``; ``1980-1985``, ``between 1980 and
    1985``; ``1401-03-12 AH`` (Hijri, tabular calendar) and ``1360 SH`` (Solar Hijri). A year
    between 1300 and 1500 that says no calendar is read in both of these. Raises InputError.
    """
    words = normalise(text).split()
    about = bool(words) and words[0] in (*_ABOUT, *_ABOUT_ARABIC)
    words = words[1:] if about else words
    suffixes = _calendar_of(words)
    plain = [word for word in words if word[0].isdigit() or word in ("between", "and", "to", "و")]
    if suffixes is None and len(plain) < len(words):
        raise _not_understood(text, field)
    plain = [re.sub(r"[^\d]+$", "", word) if word[0].isdigit() else word for word in plain]
    try:
        ranged = _RANGE.fullmatch(" ".join(plain))
        if ranged:
            first, last = (_dated(year, suffixes, field) for year in ranged.groups())
            found = [Between(a.earliest, b.latest) for a, b in zip(first, last, strict=True)]
            return tuple(found)
        births = _dated("-".join(plain), suffixes, field)
    except (ValueError, OverflowError):
        raise _not_understood(text, field) from None
    return tuple(_widened(birth) for birth in births) if about else births


def _calendar_of(words: list[str]) -> str | None:
    for word in words:
        ending = re.sub(r"^\d+", "", word)
        if ending in _SOLAR:
            return "solar"
        if ending in _LUNAR:
            return "lunar"
    return None


def _dated(text: str, calendar: str | None, field: str | None) -> tuple[Born | Between, ...]:
    parts = [int(part) for part in text.split("-") if part.isdigit()]
    early = 1300 <= parts[0] <= 1500 if parts else False
    if calendar is None and not early:
        return (Born.parse(text, field=field),)
    if not re.fullmatch(r"\d{4}(-\d{1,2}){0,2}", text):
        raise ValueError(text)
    year, month, day = (*parts, None, None)[:3]
    found: list[Born | Between] = []
    for name, days in (("lunar", lunar_days), ("solar", solar_days)):
        if calendar in (None, name):
            found.append(days(year or 0, month, day))
    return tuple(found)


def _widened(span: Born | Between) -> Between:
    years = timedelta(days=round(365.25 * ABOUT_YEARS))
    return Between(span.earliest - years, span.latest + years)


def lunar_days(year: int, month: int | None = None, day: int | None = None) -> Between:
    """Days of the tabular Islamic calendar (civil epoch; Reingold and Dershowitz, *Calendrical
    Calculations*, chapter 7), a day either way since months begin by sight."""
    first = _lunar(year, month or 1, day or 1)
    if month is None:
        last = _lunar(year + 1, 1, 1) - timedelta(days=1)
    elif day is None:
        last = _lunar(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    else:
        last = first
    return Between(first - timedelta(days=1), last + timedelta(days=1))


def _lunar(year: int, month: int, day: int) -> date:
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise ValueError(month)
    days = day + 29 * (month - 1) + month // 2 + 354 * (year - 1) + (11 * year + 3) // 30
    return date.fromordinal(227014 + days)


def solar_days(year: int, month: int | None = None, day: int | None = None) -> Between:
    """Days of the Solar Hijri calendar of Iran and Afghanistan: six months of 31 days, then of 30,
    from 21 March, a day either way in leap years."""
    if month is not None and not 1 <= month <= 12:
        raise ValueError(month)
    if day is not None and not 1 <= day <= 31:
        raise ValueError(day)
    new_year = date(year + 621, 3, 21)
    first = new_year + timedelta(days=_solar_offset(month or 1) + (day or 1) - 1)
    if month is None:
        last = date(year + 622, 3, 20)
    elif day is None:
        last = first + timedelta(days=30 if month <= 6 else 29)
    else:
        last = first
    return Between(first - timedelta(days=1), last + timedelta(days=1))


def _solar_offset(month: int) -> int:
    return 31 * min(month - 1, 6) + 30 * max(0, month - 7)


def _not_understood(text: str, field: str | None) -> InputError:
    return InputError.at(Message("methods.names:date-not-understood", {"text": text}), field=field)

"""An age as people say it: a number, alone or with years, months, weeks or days beside it."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from marfa.domain.dates.calendars import CalendarDate
from marfa.domain.dates.childhood import HIGHEST_AGE, born_when_aged
from marfa.domain.dates.months import fold_text
from marfa.domain.dates.partial import MARGIN_DAYS, MARGIN_MONTHS, MARGIN_YEARS, PartialDate
from marfa.domain.dates.words import ABOUT, AND, BETWEEN, fold_words
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message


class Unit(Enum):
    """In what an age is told."""

    YEARS = auto()
    MONTHS = auto()
    WEEKS = auto()
    DAYS = auto()


_MARGINS = {
    Unit.YEARS: MARGIN_YEARS,
    Unit.MONTHS: MARGIN_MONTHS,
    Unit.WEEKS: -(-MARGIN_DAYS // 7),
    Unit.DAYS: MARGIN_DAYS,
}
"""How far an age may be off that is told as "about"."""

_UNITS = {
    Unit.YEARS: fold_words(
        "year years yr yrs y yo سنة سنوات سنين عام عاما أعوام"
        " an ans año años год года лет 岁 歲 周岁"
    ),
    Unit.MONTHS: fold_words(
        "month months mo mos شهر شهرا أشهر شهور mois mes meses месяц месяца месяцев 个月 個月"
    ),
    Unit.WEEKS: fold_words(
        "week weeks أسبوع أسبوعا أسابيع semaine semaines semana semanas"
        " неделя недели недель 周 星期"
    ),
    Unit.DAYS: fold_words("day days يوم يوما أيام jour jours día días день дня дней 天"),
}
"""Arabic, Chinese, English, French, Russian, Spanish; the accusative of Arabic without its sign."""
_BY_WORD = {word: unit for unit, known in _UNITS.items() for word in known}

_PAIRS = {
    Unit.YEARS: fold_words("سنتان سنتين عامان عامين"),
    Unit.MONTHS: fold_words("شهران شهرين"),
    Unit.WEEKS: fold_words("أسبوعان أسبوعين"),
    Unit.DAYS: fold_words("يومان يومين"),
}
"""Two of them, which Arabic says in one word."""
_TWO = {word: unit for unit, known in _PAIRS.items() for word in known}

_BESIDE = fold_words(". old of age aged عمر عمره عمرها العمر بعمر")
_JOINTS = AND | frozenset("-–—−")
_TOKENS = re.compile(r"\d+|[^\W\d_]+|\S")
_LONGEST = 3


@dataclass(frozen=True)
class AgeTold:
    """From the lowest to the highest age that somebody may have."""

    lowest: int
    highest: int
    unit: Unit = Unit.YEARS

    def born(self, day: date) -> PartialDate:
        """The birthdays that fit it on a day. Raises InputError for what is no age of a person."""
        if self.unit is Unit.YEARS:
            return born_when_aged(self.lowest, self.highest, day)
        if self.lowest > self.highest:
            params = {"lowest": self.lowest, "highest": self.highest, "limit": HIGHEST_AGE}
            raise InputError.at(Message("domain:age-range", params))
        first = _before(day, self.highest + 1, self.unit) + timedelta(days=1)
        last = _before(day, self.lowest, self.unit)
        ends = [CalendarDate(end.year, end.month, end.day) for end in (first, last)]
        return PartialDate(ends[0], ends[1])


def read_age(text: str) -> AgeTold | None:
    """``34``, ``٤٠ سنة``, ``8 months``, ``about 40``, ``12 to 14 years``, ``40 ans``, ``40岁``;
    None for what is no age, such as a date. About 40 is 38 to 42, as for a year."""
    tokens = _TOKENS.findall(fold_text(latin_digits(without_marks(text))))
    about = any(token in ABOUT for token in tokens)
    told = _read([token for token in tokens if token not in ABOUT | _BESIDE])
    if told is None or not about:
        return told
    margin = _MARGINS[told.unit]
    return AgeTold(max(0, told.lowest - margin), told.highest + margin, told.unit)


def _read(tokens: list[str]) -> AgeTold | None:
    match tokens:
        case [number] if _is_age(number):
            return AgeTold(int(number), int(number))
        case [pair] if pair in _TWO:
            return AgeTold(2, 2, _TWO[pair])
        case [number, unit] if _is_age(number) and unit in _BY_WORD:
            return AgeTold(int(number), int(number), _BY_WORD[unit])
        case [between, *rest] if between in BETWEEN and len(rest) == 4:
            return _read(rest)
        case [low, joint, high, unit] if (
            _is_age(low) and joint in _JOINTS and _is_age(high) and unit in _BY_WORD
        ):
            return AgeTold(int(low), int(high), _BY_WORD[unit])
    return None


def _is_age(token: str) -> bool:
    return token.isdecimal() and len(token) <= _LONGEST


def _before(day: date, count: int, unit: Unit) -> date:
    if unit is Unit.MONTHS:
        year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return day - timedelta(days=count * (7 if unit is Unit.WEEKS else 1))

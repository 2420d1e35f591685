"""Age, and whether a person is a child: in doubt, yes.

A child is a person under 18 (Convention on the Rights of the Child, article 1; Palermo
Protocol, article 3 (d)). The project's charter adds: whose age is disputed or not known is
treated as a child until it is decided.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from marfa.domain.dates.answer import Answer
from marfa.domain.dates.calendars import CalendarDate
from marfa.domain.dates.partial import PartialDate
from marfa.domain.message import InputError, Message

AGE_OF_MAJORITY = 18
HIGHEST_AGE = 125


def age_on(born: PartialDate, day: date) -> tuple[int, int]:
    """The lowest and the highest age in completed years that are possible on a day.

    Years are Gregorian. Born on 29 February, a person turns a year older on 1 March of a common
    year. Days before birth count as age 0 as long as birth by that day is possible at all.
    Raises InputError when the person cannot have been born by that day.
    """
    if born.earliest > day:
        raise InputError.at(Message("domain:age-before-birth", {"day": day}))
    return max(0, _completed_years(born.latest, day)), _completed_years(born.earliest, day)


def born_when_aged(lowest: int, highest: int, day: date) -> PartialDate:
    """The birthdays that fit an age of ``lowest`` to ``highest`` completed years on a day.

    Raises InputError when the lowest age is above the highest, or they are no ages of a person.
    """
    if not 0 <= lowest <= highest <= HIGHEST_AGE:
        params = {"lowest": lowest, "highest": highest, "limit": HIGHEST_AGE}
        raise InputError.at(Message("domain:age-range", params))
    first = _years_before(day, highest + 1) + timedelta(days=1)
    last = _years_before(day, lowest)
    ends = [CalendarDate(end.year, end.month, end.day) for end in (first, last)]
    return PartialDate(ends[0], ends[1])


def is_child_on(born: PartialDate | None, day: date, *, disputed: bool = False) -> Answer:
    """Whether a person is under 18 on a day.

    born: None where nothing is known.
    disputed: the age is contested and not decided; then adulthood is never certain.
    """
    if born is None:
        return Answer.CANNOT_SAY
    certainly_child = _completed_years(born.earliest, day) < AGE_OF_MAJORITY
    certainly_adult = _completed_years(born.latest, day) >= AGE_OF_MAJORITY
    return Answer.of(always=certainly_child, never=certainly_adult and not disputed)


def treat_as_child_on(born: PartialDate | None, day: date, *, disputed: bool = False) -> bool:
    """Whether the protection of children applies on a day: unless adulthood is certain, yes."""
    return is_child_on(born, day, disputed=disputed) is not Answer.NO


def _years_before(day: date, years: int) -> date:
    month_length = monthrange(day.year - years, day.month)[1]
    return day.replace(year=day.year - years, day=min(day.day, month_length))


def _completed_years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

"""Age, and whether a person is a child: in doubt, yes.

A child is a person under 18 (Convention on the Rights of the Child, article 1; Palermo
Protocol, article 3 (d)). The project's charter adds: whose age is disputed or not known is
treated as a child until it is decided.
"""

from __future__ import annotations

from datetime import date

from marfa.domain.dates.answer import Answer
from marfa.domain.dates.partial import PartialDate
from marfa.domain.message import InputError, Message

AGE_OF_MAJORITY = 18


def age_on(born: PartialDate, day: date) -> tuple[int, int]:
    """The lowest and the highest age in completed years that are possible on a day.

    Years are Gregorian. Born on 29 February, a person turns a year older on 1 March of a common
    year. Days before birth count as age 0 as long as birth by that day is possible at all.
    Raises InputError when the person cannot have been born by that day.
    """
    if born.earliest > day:
        raise InputError.at(Message("domain:age-before-birth", {"day": day}))
    return max(0, _completed_years(born.latest, day)), _completed_years(born.earliest, day)


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


def _completed_years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

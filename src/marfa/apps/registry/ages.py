"""Ages that follow from a birth date known in part."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from marfa.domain.dates import AGE_OF_MAJORITY, PartialDate, age_on

if TYPE_CHECKING:
    from marfa.apps.registry.models import Person

BANDS = (
    (0, 4, "age_0_4"),
    (5, 11, "age_5_11"),
    (12, 17, "age_12_17"),
    (18, 24, "age_18_24"),
    (25, 59, "age_25_59"),
    (60, 200, "age_60_plus"),
)


def age_band(born: PartialDate | None, day: date) -> str:
    """Code of ``age_bands`` for what is known on a day: the widest that is certain."""
    if born is None:
        return "unknown"
    if born.earliest > day:  # they were not born yet as far as is known: a slip in one of the two
        return BANDS[0][2]
    lowest, highest = age_on(born, day)
    for first, last, code in BANDS:
        if first <= lowest and highest <= last:
            return code
    if highest < AGE_OF_MAJORITY:
        return "child"
    return "adult" if lowest >= AGE_OF_MAJORITY else "unknown"


def possible_ages(born: PartialDate | None, day: date) -> tuple[int, int] | None:
    """The lowest and the highest age that somebody may have on a day; None where none is known."""
    return None if born is None or born.earliest > day else age_on(born, day)


def child_until(born: PartialDate | None, *, disputed: bool) -> date | None:
    """The eighteenth birthday of the youngest whom this may be; None: treat as a child."""
    if born is None or disputed:
        return None
    last = born.latest
    try:
        return last.replace(year=last.year + AGE_OF_MAJORITY)
    except ValueError:  # 29 February: from 1 March on
        return date(last.year + AGE_OF_MAJORITY, 3, 1)


def least_age(until: date, day: date) -> int:
    """The lowest age that somebody may have on a day, by the day until which they are a child
    (``child_until``): the birth is sealed and stays so."""
    birthday_to_come = (until.month, until.day) > (day.month, day.day)
    return AGE_OF_MAJORITY - (until.year - day.year) - birthday_to_come


def treated_as_child(person: Person, day: date) -> bool:
    """Whether somebody is treated as a child on a day: in doubt, yes."""
    return person.age_disputed or person.child_until is None or day < person.child_until

"""In doubt, a child."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from marfa.domain.dates import (
    AGE_OF_MAJORITY,
    Answer,
    PartialDate,
    age_on,
    born_when_aged,
    is_child_on,
    treat_as_child_on,
)
from marfa.domain.message import InputError
from tests.domain.dates.strategies import days, partial_dates


def birthdays_counted(born: date, day: date) -> int:
    """Age as a parent counts it: one birthday after another. Not for 29 February."""
    return sum(
        date(year, born.month, born.day) <= day for year in range(born.year + 1, day.year + 1)
    )


@given(days, days)
def test_age_of_a_known_birthday(born: date, day: date) -> None:
    assume(born <= day and (born.month, born.day) != (2, 29))
    age = birthdays_counted(born, day)
    assert age_on(PartialDate.on(born), day) == (age, age)


def test_born_on_the_leap_day() -> None:
    born = PartialDate.gregorian(2008, 2, 29)
    assert age_on(born, date(2026, 2, 28)) == (17, 17)
    assert age_on(born, date(2026, 3, 1)) == (18, 18)


@given(partial_dates(), days, st.floats(0, 1))
def test_every_possible_birthday_lies_between(born: PartialDate, day: date, where: float) -> None:
    possible = born.earliest + timedelta(days=int((born.latest - born.earliest).days * where))
    assume(possible <= day and (possible.month, possible.day) != (2, 29))
    low, high = age_on(born, day)
    assert low <= birthdays_counted(possible, day) <= high


@given(partial_dates(), days, st.booleans(), st.floats(0, 1))
def test_no_possible_child_goes_unprotected(
    born: PartialDate, day: date, disputed: bool, where: float
) -> None:
    possible = born.earliest + timedelta(days=int((born.latest - born.earliest).days * where))
    assume((possible.month, possible.day) != (2, 29))
    if birthdays_counted(possible, day) < AGE_OF_MAJORITY or possible > day or disputed:
        assert treat_as_child_on(born, day, disputed=disputed)
    else:
        assert is_child_on(born, day, disputed=disputed) is not Answer.YES


@pytest.mark.parametrize(
    ("born", "answer"),
    [
        (None, Answer.CANNOT_SAY),
        (PartialDate.gregorian(2008), Answer.CANNOT_SAY),
        (PartialDate.gregorian(2007), Answer.NO),
        (PartialDate.gregorian(2009), Answer.YES),
        (PartialDate.gregorian(2005, about=True), Answer.NO),
        (PartialDate.gregorian(2006, about=True), Answer.CANNOT_SAY),
        (PartialDate.gregorian(2030), Answer.YES),
    ],
)
def test_on_a_summers_day(born: PartialDate | None, answer: Answer) -> None:
    assert is_child_on(born, date(2026, 7, 1)) is answer


def test_the_eighteenth_birthday() -> None:
    born = PartialDate.gregorian(2008, 7, 1)
    assert is_child_on(born, date(2026, 6, 30)) is Answer.YES
    assert is_child_on(born, date(2026, 7, 1)) is Answer.NO


def test_a_disputed_age_is_never_certainly_adult() -> None:
    day = date(2026, 7, 1)
    assert is_child_on(PartialDate.gregorian(1980), day, disputed=True) is Answer.CANNOT_SAY
    assert is_child_on(PartialDate.gregorian(2015), day, disputed=True) is Answer.YES


@given(st.integers(0, 120), st.integers(0, 5), st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_birthdays_that_fit_an_age(lowest: int, more: int, day: date) -> None:
    born = born_when_aged(lowest, lowest + more, day)
    assert age_on(born, day) == (lowest, lowest + more)
    # One day further on either side no longer fits.
    assert age_on(PartialDate.on(born.earliest - timedelta(days=1)), day)[0] == lowest + more + 1
    if lowest > 0:
        assert age_on(PartialDate.on(born.latest + timedelta(days=1)), day)[1] == lowest - 1


@pytest.mark.parametrize(("lowest", "highest"), [(-1, 3), (5, 4), (100, 200)])
def test_no_ages(lowest: int, highest: int) -> None:
    with pytest.raises(InputError):
        born_when_aged(lowest, highest, date(2026, 7, 1))


def test_a_day_before_birth_has_no_age() -> None:
    with pytest.raises(InputError):
        age_on(PartialDate.gregorian(2030), date(2026, 7, 1))
    assert age_on(PartialDate.gregorian(2026), date(2026, 7, 1)) == (0, 0)

"""What is certain holds for every possible day; what is not certain has a day for and against."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.domain.dates import Answer, Calendar, CalendarDate, PartialDate
from marfa.domain.message import InputError
from tests.domain.dates.strategies import days, partial_dates


def possible(value: PartialDate) -> list[date]:
    """Days at and between the bounds: enough to find a counter-example to an ordering."""
    middle = value.earliest + (value.latest - value.earliest) / 2
    return [value.earliest, middle, value.latest]


def test_an_answer_is_no_truth_value() -> None:
    with pytest.raises(TypeError):
        bool(Answer.CANNOT_SAY)
    assert Answer.YES.negated() is Answer.NO
    assert Answer.CANNOT_SAY.negated() is Answer.CANNOT_SAY


@given(partial_dates())
def test_bounds_are_ordered_and_hold_what_was_stated(value: PartialDate) -> None:
    first, last = value.stated
    assert value.earliest <= first <= last <= value.latest
    if not value.approximate and value.calendar is Calendar.GREGORIAN:
        assert (value.earliest, value.latest) == (first, last)


@given(partial_dates(), partial_dates())
def test_certain_order_holds_for_every_possible_day(a: PartialDate, b: PartialDate) -> None:
    before = {x < y for x in possible(a) for y in possible(b)}
    assert {Answer.YES: {True}, Answer.NO: {False}}.get(a.is_before(b), {True, False}) == before
    assert a.is_before(b) is b.is_after(a)


@given(partial_dates(), partial_dates())
def test_same_day(a: PartialDate, b: PartialDate) -> None:
    answer = a.is_same_day(b)
    meets = a.earliest <= b.latest and b.earliest <= a.latest
    assert (answer is Answer.NO) == (not meets)
    assert (answer is Answer.YES) == (meets and a.is_exact and b.is_exact)
    assert answer is b.is_same_day(a)


@given(partial_dates(), days, st.integers(0, 4_000))
def test_within_a_period(value: PartialDate, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    answer = value.falls_within(first, last)
    inside = {first <= day <= last for day in (value.earliest, value.latest)}
    assert (answer is Answer.YES) == (inside == {True})
    if answer is Answer.NO:
        assert inside == {False}


@pytest.mark.parametrize(
    ("value", "earliest", "latest"),
    [
        (PartialDate.gregorian(1999), "1999-01-01", "1999-12-31"),
        (PartialDate.gregorian(2000, 2), "2000-02-01", "2000-02-29"),
        (PartialDate.gregorian(1999, about=True), "1997-01-01", "2001-12-31"),
        (PartialDate.gregorian(1999, 5, about=True), "1999-02-01", "1999-08-31"),
        (PartialDate.gregorian(1999, 5, 3, about=True), "1999-04-18", "1999-05-18"),
        (PartialDate(CalendarDate(1998), CalendarDate(2001, 2)), "1998-01-01", "2001-02-28"),
        # The converted range of Ramadan 1420 with two days on either side.
        (PartialDate.hijri(1420, 9), "1999-12-07", "2000-01-09"),
        (PartialDate.on(date(2001, 9, 11)), "2001-09-11", "2001-09-11"),
    ],
)
def test_bounds(value: PartialDate, earliest: str, latest: str) -> None:
    assert value.earliest.isoformat() == earliest
    assert value.latest.isoformat() == latest


def test_hijri_input_is_kept_beside_the_range() -> None:
    value = PartialDate.hijri(1420, 9)
    assert value.start == CalendarDate(1420, 9, calendar=Calendar.HIJRI)
    assert value.stated == (date(1999, 12, 9), date(2000, 1, 7))


@pytest.mark.parametrize(
    ("start", "end", "key"),
    [
        (CalendarDate(2001), CalendarDate(1998), "date-range-order"),
        (CalendarDate(2001, 5), CalendarDate(2001, 4, 30), "date-range-order"),
        (
            CalendarDate(1999),
            CalendarDate(1422, calendar=Calendar.HIJRI),
            "date-two-calendars",
        ),
    ],
)
def test_ranges_that_are_none(start: CalendarDate, end: CalendarDate, key: str) -> None:
    with pytest.raises(InputError) as error:
        PartialDate(start, end)
    assert error.value.problems[0].message.key == key

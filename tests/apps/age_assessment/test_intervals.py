"""Random intervals: whoever may be under 18 by any result is a child, in either calendar."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marfa.apps.age_assessment.intervals import is_certainly_adult, widen, widest_of
from marfa.domain.dates import PartialDate, born_when_aged, from_storage, to_storage

TODAY = date(2028, 2, 29)
"""A leap day, on which nobody turns 18 but who was born on one."""
DAYS = st.dates(date(1985, 1, 1), date(2014, 12, 31))
HIJRI = st.builds(
    PartialDate.hijri, st.integers(1405, 1435), st.integers(1, 12), st.integers(1, 29)
)
GREGORIAN = st.builds(
    lambda day, n: _between(day, day + timedelta(days=n)), DAYS, st.integers(0, 3000)
)
AGED = st.builds(
    lambda low, more: born_when_aged(low, low + more, TODAY), st.integers(10, 30), st.integers(0, 9)
)
RESULT = st.one_of(HIJRI, GREGORIAN, AGED)


def _between(first: date, last: date) -> PartialDate:
    return (
        from_storage(f"{first.isoformat()}/{last.isoformat()}")
        if first < last
        else PartialDate.on(first)
    )


def is_under_18(born: date, day: date) -> bool:
    """By counting birthdays, and not as the product does."""
    birthday = (
        (3, 1)
        if (born.month, born.day) == (2, 29) and not _leap(born.year + 18)
        else (
            born.month,
            born.day,
        )
    )
    return (day.year, day.month, day.day) < (born.year + 18, *birthday)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@given(st.lists(RESULT, max_size=5), st.data())
def test_no_birthday_that_any_result_leaves_possible_is_under_18(
    results: list[PartialDate], data: st.DataObject
) -> None:
    adult = is_certainly_adult(results, TODAY)
    youngest = max((each.latest for each in results), default=None)
    assert adult is (youngest is not None and not is_under_18(youngest, TODAY))
    for each in results:
        born = data.draw(st.dates(each.earliest, each.latest))
        assert not (adult and is_under_18(born, TODAY))
    # One more result never makes an adult of who was a child.
    more = data.draw(RESULT)
    assert adult or not results or not is_certainly_adult([*results, more], TODAY)


@given(HIJRI)
def test_a_hijri_birthday_has_its_doubt(born: PartialDate) -> None:
    """The moon may be sighted a day sooner or later, so that the last day of doubt decides."""
    said = born.stated[1]
    assert born.latest > said
    for day in (said, born.latest):
        eighteen = day.replace(year=day.year + 18) if (day.month, day.day) != (2, 29) else None
        if eighteen is not None:
            assert is_certainly_adult([born], eighteen) is (day == born.latest)


@given(RESULT, st.decimals(Decimal("0.01"), 20, places=2))
def test_an_error_widens_to_both_sides(born: PartialDate, error: Decimal) -> None:
    wide = widen(born, error)
    least = timedelta(days=int(error * 365))
    assert born.earliest - wide.earliest >= least
    assert wide.latest - born.latest >= least
    assert from_storage(to_storage(wide)) == wide
    assert widest_of([born, wide]) == wide

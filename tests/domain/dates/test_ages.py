"""An age as people say it, in the scripts and languages in which it is typed at a gate."""

from __future__ import annotations

from datetime import date

import pytest

from marfa.domain.dates import age_on, read_age
from marfa.domain.dates.ages import Unit
from marfa.domain.message import InputError

DAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    "text",
    [
        *("40", "٤٠", "۴۰", " 40. ", "40 years", "40 years old", "Aged 40", "40 yrs", "40y"),
        *("40 سنة", "٤٠ سنه", "٤٠ سنةً", "40 عامًا", "40 عاما", "عمرها ٤٠ سنة", "\u200f٤٠ سنة"),
        *("40 ans", "40 años", "40 лет", "40岁", "40 歲"),
    ],
)
def test_forty_years_in_every_way_of_saying_it(text: str) -> None:
    told = read_age(text)
    assert told is not None
    assert age_on(told.born(DAY), DAY) == (40, 40)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        # Who was born on 31 August is seven months old on 31 March, on 1 October five.
        ("6 months", date(2025, 9, 1), date(2025, 9, 30)),
        ("٦ أشهر", date(2025, 9, 1), date(2025, 9, 30)),
        ("1 month", date(2026, 2, 1), date(2026, 2, 28)),
        ("شهران", date(2026, 1, 1), date(2026, 1, 31)),
        ("8个月", date(2025, 7, 1), date(2025, 7, 31)),
        ("3 weeks", date(2026, 3, 4), date(2026, 3, 10)),
        ("10 أيام", date(2026, 3, 21), date(2026, 3, 21)),
        ("سنتان", date(2023, 4, 1), date(2024, 3, 31)),
    ],
)
def test_infants_are_told_in_months_weeks_and_days(text: str, first: date, last: date) -> None:
    told = read_age(text)
    assert told is not None
    born = told.born(DAY)
    assert (born.earliest, born.latest) == (first, last)


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("about 40", 38, 42),
        ("حوالي ١٧ سنة", 15, 19),
        ("about 1 year", 0, 3),
        ("12 to 14 years", 12, 14),
        ("12–14 years", 12, 14),
        ("بين 12 و14 سنة", 12, 14),
    ],
)
def test_an_age_that_is_not_known_exactly(text: str, lowest: int, highest: int) -> None:
    told = read_age(text)
    assert told is not None
    assert age_on(told.born(DAY), DAY) == (lowest, highest)


@pytest.mark.parametrize(
    "text",
    [
        *("1990", "سنة 1990", "1990 سنة", "عام 34", "3 May 1990", "12 to 14", "12-14", "12/14"),
        *("40 yrz", "forty", "سنة", "", "5 months 1990", "3 days 4 months", "40 h", "1000 years"),
    ],
)
def test_what_may_mean_something_else_is_no_age(text: str) -> None:
    assert read_age(text) is None


@pytest.mark.parametrize("text", ["126", "14 to 12 years", "14 to 12 months"])
def test_what_is_no_age_of_a_person_is_refused(text: str) -> None:
    told = read_age(text)
    assert told is not None
    with pytest.raises(InputError) as wrong:
        told.born(DAY)
    assert [problem.message.code for problem in wrong.value.problems] == ["domain:age-range"]


def test_each_word_means_one_unit() -> None:
    assert {read_age(f"3 {word}").unit for word in ("years", "months", "weeks", "days")} == set(  # type: ignore[union-attr]
        Unit
    )

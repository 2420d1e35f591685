"""Days at a place: changes of clocks, leap days, ends of months."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.platform import moments

BEIRUT, TRIPOLI = "Asia/Beirut", "Africa/Tripoli"
ZONES = ["UTC", "Africa/Tripoli", "Asia/Beirut", "America/Bogota", "Asia/Kathmandu", "Africa/Cairo"]


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        # Beirut, 31 March 2024: 0:00 becomes 1:00 (tz database, asia, Rule Lebanon).
        (date(2024, 3, 31), time(0, 30), BEIRUT, datetime(2024, 3, 30, 22, 30, tzinfo=UTC)),
        (date(2024, 3, 31), time(1, 0), BEIRUT, datetime(2024, 3, 30, 22, 0, tzinfo=UTC)),
        # Beirut, 27 October 2024: 0:00 becomes 23:00 of the day before, which comes twice.
        (date(2024, 10, 26), time(23, 30), BEIRUT, datetime(2024, 10, 26, 20, 30, tzinfo=UTC)),
        (date(2024, 2, 29), time(12, 0), TRIPOLI, datetime(2024, 2, 29, 10, 0, tzinfo=UTC)),
    ],
)
def test_known_days(day: date, at: time, zone: str, expected: datetime) -> None:
    assert moments.instant_on_day(day, at, zone) == expected


def test_a_day_has_23_24_or_25_hours() -> None:
    def hours(day: date) -> float:
        begin = moments.end_of_day(day - timedelta(days=1), "Asia/Beirut")
        return (moments.end_of_day(day, "Asia/Beirut") - begin).total_seconds() / 3600

    assert hours(date(2024, 3, 30)) == 24
    assert hours(date(2024, 10, 26)) == 25
    # The day that clocks jump into begins at 1:00; its midnight is taken as that instant.
    assert hours(date(2024, 3, 31)) == 23


def test_days_later_keeps_the_time_on_the_wall() -> None:
    start = moments.instant_on_day(date(2024, 3, 29), time(9), "Asia/Beirut")
    later = moments.days_later(start, 3, "Asia/Beirut")
    assert later == moments.instant_on_day(date(2024, 4, 1), time(9), "Asia/Beirut")
    assert later - start == timedelta(days=3) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 12, 31), -1, date(2025, 11, 30)),
    ],
)
def test_months_end_where_they_end(day: date, months: int, expected: date) -> None:
    assert moments.months_later(day, months) == expected


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(-240, 240))
def test_months_agree_with_dateutil(day: date, months: int) -> None:
    relativedelta = pytest.importorskip("dateutil.relativedelta").relativedelta
    assert moments.months_later(day, months) == day + relativedelta(months=months)


@given(st.dates(date(2000, 1, 1), date(2037, 1, 1)), st.sampled_from(ZONES))
def test_days_follow_each_other_without_gap(day: date, zone: str) -> None:
    end = moments.end_of_day(day, zone)
    assert timedelta(hours=22) <= moments.end_of_day(day + timedelta(days=1), zone) - end
    assert moments.days_later(end, 0, zone) == end

"""Ticks through time: downtime, changes of clocks, leap days; nothing is lost or doubled."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.platform import clock
from marfa.platform.jobs import schedules
from marfa.platform.jobs.models import Job, Tick
from marfa.platform.jobs.registry import JobType, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Daily, Every, Schedule, enqueue_due, schedule_job
from marfa.platform.jobs.worker import Worker

START = datetime(2024, 2, 28, 8, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@job("tests.tick", once=True)
def tick(run: Run) -> None:
    """Does nothing; its rows are what is looked at."""


def only(monkeypatch: pytest.MonkeyPatch, schedule: Schedule) -> None:
    monkeypatch.setattr(schedules, "_schedules", {})
    schedule_job(schedule, tick)


def done() -> int:
    return Job.objects.filter(state=Job.State.DONE).count()


def test_every_hour_for_three_days_with_two_of_them_down(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, Every(timedelta(hours=1)))
    up = [*range(8), *range(56, 73)]
    for hour in up:
        with clock.set_to(START + timedelta(hours=hour, minutes=5)):
            Worker().work(until_empty=True)
    # None at the first, which sets the time; then one an hour, one for all of the downtime.
    assert done() == len(up) - 1


def test_two_workers_enqueue_a_tick_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, Every(timedelta(hours=1)))
    with clock.set_to(START):
        enqueue_due(clock.now())
    later = START + timedelta(hours=2)
    with clock.set_to(later):
        known = Tick.objects.get(pk="tests.tick").due_at
        assert enqueue_due(later) == 1
        assert schedules._enqueue(tick, known, later, later) == 0, "the other worker had looked"
        assert enqueue_due(later) == 0
    assert Job.objects.count() == 1


def test_a_clock_that_was_wrong_by_years_does_not_stop_the_ticks(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, Every(timedelta(hours=1)))
    with clock.set_to(START + timedelta(days=3000)):
        enqueue_due(clock.now())
    with clock.set_to(START):
        assert enqueue_due(clock.now()) == 0
    with clock.set_to(START + timedelta(hours=1)):
        assert enqueue_due(clock.now()) == 1


def days_of(schedule: Daily, first: datetime, count: int) -> list[date]:
    found, moment = [], first
    for _ in range(count):
        moment = schedule.after(moment)
        found.append(moment.astimezone(ZoneInfo(schedule.zone)).date())
    return found


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("Asia/Beirut", time(0, 30)),  # jumped over in March
        ("Asia/Beirut", time(23, 30)),  # shown twice in October
        ("Africa/Tripoli", time(2, 30)),
        ("America/Bogota", time(0, 0)),
    ],
)
def test_each_day_of_a_leap_year_once(zone: str, at: time) -> None:
    start = datetime(2023, 12, 31, 12, tzinfo=ZoneInfo(zone))
    schedule = Daily(at, zone)
    begin = schedule.after(start) - timedelta(seconds=1)
    days = days_of(schedule, begin, 366)
    assert days == [days[0] + timedelta(days=number) for number in range(366)]
    assert date(2024, 2, 29) in days


@given(
    MOMENTS,
    st.sampled_from(["UTC", "Asia/Beirut", "Africa/Cairo", "America/Santiago"]),
    st.times().map(lambda at: at.replace(microsecond=0)),
)
def test_daily_comes_next_and_within_a_day_and_a_shift(
    moment: datetime, zone: str, at: time
) -> None:
    found = Daily(at, zone).after(moment)
    assert moment < found <= moment + timedelta(hours=26)


@given(MOMENTS, st.integers(1, 100_000))
def test_every_counts_from_one_beginning(moment: datetime, seconds: int) -> None:
    schedule = Every(timedelta(seconds=seconds))
    found = schedule.after(moment)
    assert moment < found <= moment + schedule.distance
    assert schedule.after(found) - found == schedule.distance


def test_what_comes_again_is_once_and_names_nothing() -> None:
    with pytest.raises(ValueError, match="once"):
        schedule_job(Every(timedelta(hours=1)), often)
    with pytest.raises(ValueError, match="once"):
        schedule_job(Every(timedelta(hours=1)), named)  # type: ignore[arg-type]


@job("tests.often")
def often(run: Run) -> None: ...


@job("tests.named", once=True)
def named(run: Run, *, subject: uuid.UUID) -> None: ...


def test_the_platform_brings_its_ticks() -> None:
    known: dict[str, tuple[Schedule, JobType[[]]]] = schedules._schedules
    assert {"deadlines.escalate", "jobs.prune", "outbox.prune", "outbox.sweep"} <= set(known)

"""Jobs that come again: at a distance in time, or every day at a time on a place's wall.

A tick says "look now", and the job finds by query what there is to do. So after two days
without power one tick is enough, and none is made up for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db import transaction

from marfa.platform import moments
from marfa.platform.jobs.models import Tick
from marfa.platform.jobs.registry import JobType

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Schedule(Protocol):
    """Knows its next time."""

    def after(self, moment: datetime) -> datetime:
        """The first time that lies after ``moment``, in UTC."""
        ...


@dataclass(frozen=True)
class Every:
    """At equal distances of elapsed time, counted from the same beginning everywhere."""

    distance: timedelta

    def after(self, moment: datetime) -> datetime:
        passed = (moment - EPOCH) // self.distance
        return EPOCH + (passed + 1) * self.distance


@dataclass(frozen=True)
class Daily:
    """Once on each day of the calendar, when clocks in ``zone`` show ``at``.

    On a day whose clocks jump over that time it comes after the jump; where they show it twice
    it comes the first time only.
    """

    at: time
    zone: str = "UTC"

    def after(self, moment: datetime) -> datetime:
        day = moment.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1)
        while (found := moments.instant_on_day(day, self.at, self.zone)) <= moment:
            day += timedelta(days=1)
        return found


_schedules: dict[str, tuple[Schedule, JobType[[]]]] = {}


def schedule_job(schedule: Schedule, job: JobType[[]]) -> None:
    """Let a job without arguments be enqueued at its times.

    Raises ValueError for a job that is not ``once``: ticks must not pile up behind a slow one.
    """
    if not job.once or job.schema.kinds:
        raise ValueError(f"{job.name} comes again, so it is once and has no arguments")
    _schedules[job.name] = (schedule, job)


def enqueue_due(now: datetime) -> int:
    """Enqueue every job whose time has come, each once however many times were missed.

    The first time of a job that is new is its next one. Returns how many were enqueued.
    """
    known = dict(Tick.objects.values_list("name", "due_at"))
    made = 0
    for name, (schedule, job) in _schedules.items():
        following = schedule.after(now)
        due_at = known.get(name)
        if due_at is None:
            Tick.objects.bulk_create([Tick(name=name, due_at=following)], ignore_conflicts=True)
        elif due_at <= now:
            made += _enqueue(job, due_at, following, now)
        elif due_at > following:
            # The clock was put back, or the schedule was changed: do not wait for the old time.
            Tick.objects.filter(pk=name, due_at=due_at).update(due_at=following)
    return made


def _enqueue(job: JobType[[]], due_at: datetime, following: datetime, now: datetime) -> int:
    """The tick moves on and its job is written in one transaction; one worker of many does it."""
    with transaction.atomic():
        mine = Tick.objects.filter(pk=job.name, due_at=due_at)
        if not mine.update(due_at=following, last_at=now):
            return 0
        job.enqueue()
        return 1

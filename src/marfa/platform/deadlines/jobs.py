"""The job that climbs the ladders."""

from __future__ import annotations

from datetime import timedelta

from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.jobs.registry import EVERY_ORGANISATION, Retry, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Every, schedule_job


@job(
    "deadlines.escalate",
    once=True,
    atomic=False,
    rows=EVERY_ORGANISATION,
    retry=Retry(attempts=5, first=timedelta(minutes=1), longest=timedelta(minutes=5)),
)
def escalate_deadlines(run: Run) -> None:
    """Publish each step of a ladder that has become due."""
    climb_ladders()


schedule_job(Every(timedelta(minutes=1)), escalate_deadlines)

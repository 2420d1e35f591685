"""The jobs' own job: throw away what was done long ago."""

from __future__ import annotations

from datetime import time

from marfa.platform.jobs.actions import prune_jobs
from marfa.platform.jobs.registry import job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Daily, schedule_job


@job("jobs.prune", once=True)
def prune_old_jobs(run: Run) -> None:
    """Delete jobs that were done or cancelled long enough ago."""
    prune_jobs()


schedule_job(Daily(time(2, 0)), prune_old_jobs)

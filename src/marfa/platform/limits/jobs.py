"""Counters that say nothing any more are not kept."""

from __future__ import annotations

from datetime import timedelta

from marfa.platform.jobs.registry import job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Every, schedule_job
from marfa.platform.limits.limiter import forget_full


@job("limits.forget_full", once=True)
def delete_full_counters(run: Run) -> None:
    """Delete the counters of whom nothing limits now."""
    forget_full()


schedule_job(Every(timedelta(hours=1)), delete_full_counters)

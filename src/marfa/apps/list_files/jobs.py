"""What is kept of a request only until it is over."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.list_files.actions import forget_run_out
from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Every, schedule_job


@job("list_files.forget", once=True, rows=EVERY_ORGANISATION)
def forget_rows(run: Run) -> None:
    """Forget which rows a request was about that nobody answered, or used, in time."""
    forget_run_out()


schedule_job(Every(timedelta(minutes=10)), forget_rows)

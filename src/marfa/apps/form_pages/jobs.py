"""The job that deletes late forms nobody came back for."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.form_pages.late_forms import delete_expired
from marfa.platform.jobs.registry import job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Every, schedule_job


@job("form_pages.delete_late_forms", once=True)
def delete_late_forms(run: Run) -> None:
    """Delete forms that were sent and not saved, whose time is over."""
    delete_expired()


schedule_job(Every(timedelta(minutes=5)), delete_late_forms)

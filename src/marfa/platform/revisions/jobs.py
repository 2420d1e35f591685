"""Drafts whose time is over are deleted, whether or not their owner comes back."""

from __future__ import annotations

from datetime import timedelta

from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Every, schedule_job
from marfa.platform.revisions.drafts import delete_expired


@job("revisions.delete_expired_drafts", once=True, rows=EVERY_ORGANISATION)
def delete_expired_drafts(run: Run) -> None:
    """Delete the drafts that can no longer be opened."""
    delete_expired()


schedule_job(Every(timedelta(hours=1)), delete_expired_drafts)

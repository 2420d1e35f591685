"""The jobs that look at searches, and forget old ones."""

from __future__ import annotations

from datetime import time, timedelta

from marfa.apps.name_search.search_watch import forget_old, review_searches
from marfa.platform import clock
from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Daily, Every, schedule_job

KEPT = timedelta(days=30)


@job("name_search.review", once=True, rows=EVERY_ORGANISATION)
def review_recent_searches(run: Run) -> None:
    """Tell who answers for a place of what was searched there."""
    review_searches()


@job("name_search.prune", once=True, rows=EVERY_ORGANISATION)
def prune_searches(run: Run) -> None:
    """Forget who searched, thirty days later."""
    forget_old(clock.now() - KEPT)


schedule_job(Every(timedelta(minutes=5)), review_recent_searches)
schedule_job(Daily(time(2, 45)), prune_searches)

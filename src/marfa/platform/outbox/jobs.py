"""Jobs of the outbox beside the deliveries themselves."""

from __future__ import annotations

from datetime import time, timedelta

from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Daily, Every, schedule_job
from marfa.platform.outbox import mail
from marfa.platform.outbox.delivery import prune_parcels, sweep_destinations

__all__ = ["mail"]


@job("outbox.sweep", once=True, rows=EVERY_ORGANISATION)
def look_again(run: Run) -> None:
    """Find what waits although nobody is about to deliver it."""
    sweep_destinations()


@job("outbox.prune", once=True, rows=EVERY_ORGANISATION)
def prune_old_parcels(run: Run) -> None:
    """Delete what was delivered long enough ago."""
    prune_parcels()


schedule_job(Every(timedelta(minutes=5)), look_again)
schedule_job(Daily(time(2, 15)), prune_old_parcels)

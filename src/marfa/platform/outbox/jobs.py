"""Jobs of the outbox beside the deliveries themselves."""

from __future__ import annotations

from datetime import time, timedelta

from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Daily, Every, ticks
from marfa.platform.outbox import mail
from marfa.platform.outbox.delivery import prune_parcels, sweep

__all__ = ["mail"]


@job("outbox.sweep", once=True, rows=EVERY_ORGANISATION)
def look_again(run: Run) -> None:
    """Find what waits although nobody is about to deliver it."""
    sweep()


@job("outbox.prune", once=True, rows=EVERY_ORGANISATION)
def prune(run: Run) -> None:
    """Delete what was delivered long enough ago."""
    prune_parcels()


ticks(Every(timedelta(minutes=5)), look_again)
ticks(Daily(time(2, 15)), prune)

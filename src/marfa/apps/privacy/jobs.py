"""The end of retention comes by the clock: nobody has to think of it."""

from __future__ import annotations

from datetime import time

from marfa.apps.privacy.retention import apply_retention
from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Daily, schedule_job
from marfa.safeguards.actor import Actor, ActorKind


@job("privacy.retain", once=True, atomic=False, rows=EVERY_ORGANISATION)
def end_retention(run: Run) -> None:
    """Destroy what is past its period, group by group; a run that is stopped loses none of them.

    The log has the key of the job as who did it.
    """
    apply_retention(actor=Actor(run.id, ActorKind.JOB), between=run.check)


schedule_job(Daily(time(3, 0)), end_retention)

"""The log's own job: a signed head at every quarter of an hour."""

from __future__ import annotations

from datetime import timedelta

from marfa.platform.jobs.registry import job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Every, schedule_job
from marfa.safeguards.audit.installation_heads import sign_head


@job("log.sign_head", once=True, atomic=False)
def sign_log_head(run: Run) -> None:
    """Sign how far the log reaches, inside and outside."""
    sign_head()


schedule_job(Every(timedelta(minutes=15)), sign_log_head)

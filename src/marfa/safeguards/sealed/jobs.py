"""Halves of keys and approvals that were not used in time are destroyed by the clock.

The job has neither passphrase nor cookie, so it can open nothing.
"""

from __future__ import annotations

from datetime import timedelta

from marfa.platform.jobs.registry import job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Every, schedule_job
from marfa.safeguards.sealed.key_lock import forget_idle
from marfa.safeguards.sealed.requests import forget_run_out


@job("sealed.forget", once=True)
def forget_unused_keys(run: Run) -> None:
    """Lock keys that nobody used for fifteen minutes; destroy approvals that ran out."""
    forget_idle()
    forget_run_out()


schedule_job(Every(timedelta(minutes=1)), forget_unused_keys)

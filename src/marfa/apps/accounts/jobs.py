"""Who came in when is not kept for ever, also where the server is never started anew."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.accounts.actions import forget_past_sign_ins
from marfa.platform.jobs.registry import job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Every, schedule_job


@job("accounts.forget_past_sign_ins", once=True)
def delete_past_sign_ins(run: Run) -> None:
    """Delete ended sessions, and links that let nobody in any more."""
    forget_past_sign_ins()


schedule_job(Every(timedelta(hours=1)), delete_past_sign_ins)

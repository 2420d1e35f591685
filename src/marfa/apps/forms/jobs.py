"""What is done beside, with forms that came in: their rules are run again, and what was practice
goes after its time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import time, timedelta

from django.db import close_old_connections

from marfa.apps.forms.actions.decisions import recheck_submission
from marfa.apps.forms.models import Submission
from marfa.apps.forms.retention import end_practice, practice_that_ends
from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Daily, Every, schedule_job
from marfa.safeguards.actor import Actor, ActorKind

log = logging.getLogger("marfa.forms")
AT_ONCE = 100


@job("forms.recheck", once=True, atomic=False, rows=EVERY_ORGANISATION)
def recheck_received(run: Run) -> None:
    """Run the rules of its form again over each submission that was not checked yet.

    One that cannot be checked is logged by the kind of the fault, and keeps none of the others
    waiting; it is tried again at the next time.
    """
    actor = Actor(run.id, ActorKind.JOB)
    for submission in not_checked():
        run.check()
        try:
            recheck_submission(actor=actor, submission=submission)
        except Exception as error:
            log.error("a submission could not be checked: %s", type(error).__name__)
            close_old_connections()


def not_checked() -> Iterator[Submission]:
    """Submissions that were received only, the oldest first; what comes meanwhile is among them."""
    found = Submission.objects.filter(state=Submission.State.RECEIVED).order_by("id")
    after = None
    while some := list(
        (found.filter(pk__gt=after) if after else found).select_related("version__form", "form")[
            :AT_ONCE
        ]
    ):
        yield from some
        after = some[-1].pk


@job("forms.end_practice", once=True, atomic=False, rows=EVERY_ORGANISATION)
def end_practices(run: Run) -> None:
    """Delete what came in for practice fourteen days ago, one by one.

    One that cannot be deleted keeps none of the others waiting; the job fails at the end, so that
    somebody sees it, and it is tried again at the next time.
    """
    actor = Actor(run.id, ActorKind.JOB)
    left = 0
    for submission in list(practice_that_ends()):
        run.check()
        try:
            end_practice(actor=actor, submission=submission)
        except Exception as error:
            left += 1
            log.error("a submission of practice could not be deleted: %s", type(error).__name__)
            close_old_connections()
    if left:
        raise RuntimeError(f"{left} submissions of practice could not be deleted")


schedule_job(Every(timedelta(seconds=20)), recheck_received)
schedule_job(Daily(time(2, 50)), end_practices)

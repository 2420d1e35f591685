"""What is done beside: large spreadsheets become forms, the rules of forms that came in are run
again, and what was practice goes after its time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import time, timedelta
from uuid import UUID

from django.db import close_old_connections

from marfa.apps.forms.actions.conversions import (
    add_upload,
    end_upload,
    examine_upload,
    expired_uploads,
    refuse_upload,
)
from marfa.apps.forms.actions.decisions import recheck_submission
from marfa.apps.forms.models import FormUpload, FormVersion, Submission
from marfa.apps.forms.retention import end_practice, practice_that_ends
from marfa.domain.message import InputError
from marfa.platform.jobs.registry import EVERY_ORGANISATION, Retry, job
from marfa.platform.jobs.run import JobCancelledError, Run
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


@job("forms.convert", once=True, atomic=False, retry=Retry(attempts=3), rows=EVERY_ORGANISATION)
def convert_upload(run: Run, *, upload: UUID) -> None:
    """Make a form of a spreadsheet that is much work, or keep what is wrong with it.

    A file that ends its worker three times is not tried again until somebody asks for it.
    """
    waiting = FormUpload.objects.filter(pk=upload, state=FormUpload.State.WAITING)
    row = waiting.first()
    if row is None:
        return

    def tell(percent: int) -> None:
        run.progress(percent, 100)
        run.check()
        if not waiting.exists():
            raise JobCancelledError

    examined = examine_upload(row, tell)
    try:
        if isinstance(examined, InputError):
            raise examined
        with run.effect():
            made = add_upload(upload=row, examined=examined)
            _end(row, FormUpload.State.ADDED, made)
    except InputError as error:
        with run.effect():
            refuse_upload(upload=row, error=error)
            _end(row, FormUpload.State.REFUSED)


def _end(row: FormUpload, state: FormUpload.State, made: FormVersion | None = None) -> None:
    """In the last transaction, which is undone where somebody stopped it meanwhile."""
    if not end_upload(row, state, made):
        raise JobCancelledError


@job("forms.forget_uploads", once=True, rows=EVERY_ORGANISATION)
def forget_uploads(run: Run) -> None:
    """Delete spreadsheets that nobody did anything with for thirty days."""
    expired_uploads().delete()


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
schedule_job(Daily(time(2, 55)), forget_uploads)

"""Moves of a job from one state to another, each on the condition that nobody else moved it."""

from __future__ import annotations

import uuid
from types import TracebackType
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from marfa.platform import clock
from marfa.platform.jobs.models import Job

SUPERSEDED = "superseded"
WORKER_DIED = "worker-died"
HANDS_OFF: dict[str, Any] = {"token": None, "lease_until": None}


def held_job(job: uuid.UUID, token: uuid.UUID) -> QuerySet[Job]:
    """The job, if the worker with this token still has it."""
    return Job.objects.filter(pk=job, state=Job.State.RUNNING, token=token)


def wait_again(job: QuerySet[Job], **changes: object) -> bool:
    """Put a job back among those that wait.

    Where equal work waits already, that one will do it, and this one ends as superseded: then
    False. False as well where the query no longer finds the job.
    """
    try:
        with transaction.atomic():
            return bool(job.update(state=Job.State.WAITING, **HANDS_OFF, **changes))
    except IntegrityError:
        end_job(job, Job.State.CANCELLED, error=SUPERSEDED)
        return False


def end_job(job: QuerySet[Job], state: Job.State, *, error: str = "") -> bool:
    """End a job in a state; False where the query no longer finds it."""
    now = clock.now()
    return bool(job.update(state=state, finished_at=now, error=error, **HANDS_OFF))


def supersede_older(job: Job) -> None:
    """Equal work that failed for good before: one dead letter stands for all of it."""
    if job.key is not None:
        older = Job.objects.filter(key=job.key, state=Job.State.DEAD).exclude(pk=job.pk)
        older.update(state=Job.State.CANCELLED, error=SUPERSEDED)


def describe_error(error: BaseException) -> str:
    """Type and place of an error. Its text stays out: it may hold what the job was about."""
    place = ""
    step: TracebackType | None = error.__traceback__
    while step is not None:
        module = step.tb_frame.f_globals.get("__name__", "")
        if module.startswith("marfa."):
            place = f" at {module}:{step.tb_lineno}"
        step = step.tb_next
    return f"{type(error).__name__}{place}"[:200]

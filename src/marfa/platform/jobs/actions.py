"""Changes to jobs, apart from running them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from marfa.platform import clock
from marfa.platform.arguments import Stored, arguments_digest
from marfa.platform.jobs.models import Job, Tick
from marfa.platform.jobs.registry import JobType
from marfa.platform.jobs.states import wait_again

KEPT = timedelta(days=30)
"""How long what is done or cancelled can still be looked at."""


def enqueue_job(
    *, job_type: JobType[Any], arguments: Stored, run_at: datetime | None = None
) -> uuid.UUID:
    """Write a job into the current transaction; used through ``JobType.enqueue``."""
    now = clock.now()
    key = arguments_digest(job_type.name, arguments) if job_type.once else None
    made = Job(
        name=job_type.name, arguments=arguments, key=key, run_at=run_at or now, created_at=now
    )
    if key is None:
        made.save(force_insert=True)
        return made.id
    with transaction.atomic(savepoint=False):
        return _enqueue_once(made)


def _enqueue_once(made: Job) -> uuid.UUID:
    """Insert, or else hold the row that waits until this transaction ends.

    Without the lock a worker could start the waiting job before this transaction's data are
    visible to it, and the work would be done on the old state alone.
    """
    while True:
        Job.objects.bulk_create([made], ignore_conflicts=True)
        waiting = Job.objects.filter(key=made.key, state=Job.State.WAITING)
        held = waiting.select_for_update().values_list("id", "run_at").first()
        if held is not None:
            break
    identifier, run_at = held
    if made.run_at < run_at:
        Job.objects.filter(pk=identifier).update(run_at=made.run_at)
    return identifier


def cancel_job(*, job: uuid.UUID) -> bool:
    """Cancel what waits at once; ask what runs to stop. False where there is nothing to cancel."""
    now = clock.now()
    found = Job.objects.filter(pk=job)
    with transaction.atomic():
        if found.filter(state=Job.State.WAITING).update(state=Job.State.CANCELLED, finished_at=now):
            return True
        return bool(found.filter(state=Job.State.RUNNING).update(cancel_requested=True))


def retry_job(*, job: uuid.UUID) -> bool:
    """Let a job that failed for good be tried again from now on, with all its attempts.

    False where it has not failed, or where equal work already waits: that one does it.
    """
    dead = Job.objects.filter(pk=job, state=Job.State.DEAD)
    with transaction.atomic():
        if not dead.select_for_update().exists():
            return False
        return wait_again(
            dead, attempts=0, run_at=clock.now(), finished_at=None, cancel_requested=False
        )


def forget_jobs(names: Iterable[str]) -> None:
    """Delete jobs of some names in whatever state, and when they come again: this installation has
    nothing more of what they do."""
    named = list(names)
    with transaction.atomic():
        Job.objects.filter(name__in=named).delete()
        Tick.objects.filter(name__in=named).delete()


def prune_jobs() -> int:
    """Delete what was done or cancelled 30 days ago; what failed stays until somebody looks."""
    old = Job.objects.filter(
        state__in=[Job.State.DONE, Job.State.CANCELLED], finished_at__lt=clock.now() - KEPT
    )
    return old.delete()[0]

"""Taking the next job, so that no other worker takes it too."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from marfa.platform import clock
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.registry import job_names, job_type
from marfa.platform.jobs.states import WORKER_DIED, end_job


def claim_job(lease: timedelta) -> Job | None:
    """The job to do now, held for ``lease``; None where there is none.

    A job whose worker died comes first. One that has been started as often as it may be ends
    among the dead letters here, since a worker that dies cannot say so itself.
    """
    now = clock.now()
    # Looking takes no lock: on SQLite an idle worker must not stand in the way of others.
    if not (_waiting(now) | _abandoned(now, lease)).exists():
        return None
    return _claim(now, lease, _abandoned(now, lease).order_by("lease_until", "id"), _free(now))


def claim_next(lease: timedelta) -> Job | None:
    """The next job that waits, within the transaction that ends the one before it.

    So a queue of short jobs costs one commit each. Those of dead workers are left to claim().
    """
    now = clock.now()
    return _claim(now, lease, _free(now))


def _claim(now: datetime, lease: timedelta, *queues: QuerySet[Job]) -> Job | None:
    try:
        with transaction.atomic():
            for queue in queues:
                found = queue.select_for_update(skip_locked=True, of=("self",)).first()
                if found is not None:
                    return _take(found, now, lease)
    except IntegrityError:
        # Equal work was started by another worker in this moment.
        pass
    return None


def _waiting(now: datetime) -> QuerySet[Job]:
    return Job.objects.filter(state=Job.State.WAITING, run_at__lte=now, name__in=job_names())


def _abandoned(now: datetime, lease: timedelta) -> QuerySet[Job]:
    """Jobs whose lease has run out, or lies so far ahead that the machine's clock went back."""
    too_far = now + 2 * lease
    return Job.objects.filter(
        Q(lease_until__lte=now) | Q(lease_until__gt=too_far),
        state=Job.State.RUNNING,
        name__in=job_names(),
    )


def _free(now: datetime) -> QuerySet[Job]:
    """What waits and has no equal that runs, in the order of its times."""
    equal_runs = Job.objects.filter(state=Job.State.RUNNING, key=OuterRef("key"))
    return _waiting(now).exclude(Exists(equal_runs)).order_by("run_at", "id")


def _take(job: Job, now: datetime, lease: timedelta) -> Job | None:
    row = Job.objects.filter(pk=job.pk, state=job.state, token=job.token)
    if job.cancel_requested:
        end_job(row, Job.State.CANCELLED)
        return None
    if job.attempts >= job_type(job.name).retry.attempts:
        end_job(row, Job.State.DEAD, error=job.error or WORKER_DIED)
        return None
    changes: dict[str, Any] = {
        "state": Job.State.RUNNING,
        "token": uuid.uuid4(),
        "lease_until": now + lease,
        "heartbeat_at": now,
        "started_at": now,
        "attempts": job.attempts + 1,
    }
    if not row.update(**changes):
        return None
    for name, value in changes.items():
        setattr(job, name, value)
    return job

"""Questions about jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from marfa.platform import clock
from marfa.platform.arguments import arguments_digest
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.registry import JobType, job_names

LATE = timedelta(minutes=10)


def dead_letters() -> QuerySet[Job]:
    """What failed for good, the latest first."""
    return Job.objects.filter(state=Job.State.DEAD).order_by("-finished_at", "-id")


def running_jobs() -> QuerySet[Job]:
    """What a worker has in hand."""
    return Job.objects.filter(state=Job.State.RUNNING).order_by("started_at", "id")


def newest_job(job_type: JobType[Any], **arguments: object) -> Job | None:
    """The last job with these arguments that was asked for, of a kind that waits once."""
    key = arguments_digest(job_type.name, job_type.schema.store(arguments))
    return Job.objects.filter(key=key).order_by("-created_at", "-id").first()


def late_jobs() -> QuerySet[Job]:
    """What should have begun ten minutes ago: no worker runs, or too few do."""
    limit = clock.now() - LATE
    waiting = Job.objects.filter(state=Job.State.WAITING, run_at__lt=limit)
    return waiting.order_by("run_at", "id")


def unknown_jobs() -> QuerySet[Job]:
    """What waits for another version of the software: this one has no such job."""
    return Job.objects.filter(state=Job.State.WAITING).exclude(name__in=job_names()).order_by("id")

"""The table of jobs and the table of what is due when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.ids import new_id

# Written out, since these stand in constraints.
WAITING, RUNNING = "waiting", "running"


class Job(models.Model):
    """One piece of work. It holds identifiers alone: no text, no result, no text of an error."""

    class State(models.TextChoices):
        WAITING = WAITING, _("waiting")
        RUNNING = RUNNING, _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        DEAD = "dead", _("failed for good")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - NULL is "not unique"
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    run_at = models.DateTimeField()
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Starts since the last progress that was stored.
    attempts = models.PositiveIntegerField(default=0)
    # Who has it: made anew at each start, so that a worker that lost it can no longer end it.
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    cancel_requested = models.BooleanField(default=False)
    # For people, written by heartbeats at any time.
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(null=True)
    # Where the next start goes on: written in the transaction of a step and nowhere else.
    position = models.PositiveIntegerField(default=0)
    cursor = models.UUIDField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state=WAITING), name="jobs_one_waits"
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state=RUNNING), name="jobs_one_runs"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[WAITING, RUNNING, "done", "cancelled", "dead"]),
                name="jobs_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state=RUNNING, token__isnull=False, lease_until__isnull=False)
                | (~Q(state=RUNNING) & Q(token__isnull=True)),
                name="jobs_running_has_a_worker",
            ),
        ]
        indexes = [
            models.Index(fields=["run_at", "id"], condition=Q(state=WAITING), name="jobs_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state=RUNNING), name="jobs_running"),
            models.Index(fields=["state", "finished_at"], name="jobs_by_end"),
        ]

    def __str__(self) -> str:
        return f"job {self.pk} {self.name}"


class Tick(models.Model):
    """When a job that comes again is due next."""

    name = models.CharField(primary_key=True, max_length=100)
    due_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("tick")
        verbose_name_plural = _("ticks")

    def __str__(self) -> str:
        return f"tick {self.name}"

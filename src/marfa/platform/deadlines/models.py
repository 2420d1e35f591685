"""The table of deadlines and the steps of their ladders that were reached."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.ids import new_id
from marfa.platform.rowsecurity.tables import OfAnOwner, says_whose_it_is

OPEN = "open"


class Deadline(OfAnOwner):
    """Something that has to be done for a record by a moment. It is never moved: a new date is
    a new row, so that what was promised first can still be read."""

    class State(models.TextChoices):
        OPEN = OPEN, _("open")
        MET = "met", _("met")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=100)
    subject = models.UUIDField()
    responsible = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    # The ladder as it stood when the deadline was set: [[step, seconds after due_at], ...].
    ladder = models.JSONField(default=list)
    next_step_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state=OPEN),
                name="deadlines_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state=OPEN, ended_at__isnull=True)
                | Q(state__in=["met", "withdrawn"], ended_at__isnull=False),
                name="deadlines_ended_when_closed",
            ),
            says_whose_it_is("deadlines_deadline_owned"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=OPEN), name="deadlines_open"),
            models.Index(
                fields=["next_step_at"], condition=Q(state=OPEN), name="deadlines_next_step"
            ),
            models.Index(
                fields=["responsible", "due_at"], condition=Q(state=OPEN), name="deadlines_whose"
            ),
            models.Index(fields=["subject"], name="deadlines_subject"),
        ]

    def __str__(self) -> str:
        return f"deadline {self.pk} {self.kind}"


class StepReached(OfAnOwner):
    """A step of a ladder, reached once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=40)
    # When it should have been reached, and when it was: they differ where nothing ran.
    at = models.DateTimeField()
    reached_at = models.DateTimeField()

    class Meta:
        verbose_name = _("step reached")
        verbose_name_plural = _("steps reached")
        constraints = [
            models.UniqueConstraint(fields=["deadline", "step"], name="deadlines_step_once"),
            models.CheckConstraint(
                condition=Q(reached_at__gte=F("at")), name="deadlines_step_not_early"
            ),
            says_whose_it_is("deadlines_step_owned"),
        ]

    def __str__(self) -> str:
        return f"step {self.step} of deadline {self.deadline_id}"

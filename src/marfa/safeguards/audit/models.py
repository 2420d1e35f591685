"""One entry of the log."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.platform.migration.guards import TableGuards
from marfa.safeguards.audit import chain

CODE_LENGTH = 100


class Entry(models.Model):
    """What was done, by whom, to what. It names keys and codes alone, has no foreign keys, and
    outlives what it names. It is written by ``writer.append_events`` and never changed.

    place: lane and sequence (``chain.place``).
    policies: their ids, with blanks between. detail: canonical JSON.
    previous, hash: the link to the entry before it in its lane.
    """

    table_guards = TableGuards("marfa.safeguards.audit.guards")

    # An entry's own table holds what is written, whoever reads it: no default ordering.
    place = models.BigIntegerField(primary_key=True, editable=False)
    at = models.DateTimeField(editable=False)
    action = models.CharField(max_length=CODE_LENGTH, editable=False)
    actor_id = models.UUIDField(editable=False)
    actor_kind = models.CharField(max_length=10, editable=False)
    subject_id = models.UUIDField(null=True, editable=False)
    object_kind = models.CharField(max_length=CODE_LENGTH, blank=True, editable=False)
    object_id = models.UUIDField(null=True, editable=False)
    # No choices: the log outlives the vocabularies of today.
    purpose = models.CharField(max_length=30, editable=False)
    outcome = models.CharField(max_length=10, editable=False)
    organisation_id = models.UUIDField(null=True, editable=False)
    policies = models.TextField(blank=True, editable=False)
    rows = models.BigIntegerField(default=1, editable=False)
    rows_root = models.BinaryField(null=True, editable=False)
    detail = models.TextField(default="{}", editable=False)
    previous = models.BinaryField(editable=False)
    hash = models.BinaryField(editable=False)

    objects: ClassVar[models.Manager[Entry]] = models.Manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        indexes = [
            models.Index(fields=["at", "place"], name="audit_by_time"),
            models.Index(fields=["actor_id", "at", "place"], name="audit_by_actor"),
            models.Index(
                fields=["subject_id", "at", "place"],
                condition=Q(subject_id__isnull=False),
                name="audit_by_subject",
            ),
            models.Index(
                fields=["object_id", "at", "place"],
                condition=Q(object_id__isnull=False),
                name="audit_by_object",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(place__gte=0, rows__gte=0), name="audit_positive"),
            models.CheckConstraint(
                condition=Q(outcome__in=["done", "denied", "failed"]), name="audit_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"log entry {self.lane}/{self.sequence}"

    @property
    def lane(self) -> int:
        return chain.lane_of(self.place)

    @property
    def sequence(self) -> int:
        return chain.sequence_of(self.place)

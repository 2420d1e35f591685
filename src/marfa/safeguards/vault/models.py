"""Keys of persons and of records, wrapped; and which persons were erased.

Subjects and records are named by their keys without foreign keys: they are rows of apps above.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from marfa.domain.ids import new_id


class SubjectKey(models.Model):
    """The data key of one person, wrapped by a version of the instance key."""

    subject = models.UUIDField(primary_key=True, editable=False)
    wrapped_key = models.BinaryField()
    key_version = models.PositiveIntegerField(db_index=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"key of subject {self.subject}"


class RecordKey(models.Model):
    """A record about several people has a data key of its own; it is nowhere but in its wraps."""

    record = models.UUIDField(primary_key=True, editable=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"key of record {self.record}"


class RecordWrap(models.Model):
    """The key of a record, wrapped by the key of one of the people whom it is about."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record = models.ForeignKey(RecordKey, on_delete=models.CASCADE, related_name="wraps")
    subject = models.ForeignKey(SubjectKey, on_delete=models.CASCADE, related_name="record_wraps")
    wrapped_key = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "subject"], name="vault_one_wrap_a_subject"),
        ]

    def __str__(self) -> str:
        return f"wrap {self.pk}"


class Erasure(models.Model):
    """A person who was erased. No key is made for them again.

    number, digest: place in the erased list, and digest of the list up to there; empty until the
    list has been written, which is right after the erasure is committed.
    """

    subject = models.UUIDField(primary_key=True, editable=False)
    erased_at = models.DateTimeField()
    reason = models.CharField(max_length=40)
    number = models.PositiveIntegerField(null=True, unique=True)
    digest = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number=None, digest=None) | Q(number__gte=1, digest__isnull=False),
                name="vault_listed_with_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"erasure of {self.subject}"

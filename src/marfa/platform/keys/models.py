"""What the database knows of the instance key: numbers and times, no secret."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class KeyVersion(models.Model):
    """One version of the instance key. retired_at: since when nothing lies under it any more."""

    number = models.PositiveIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="keys_from_one"),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(retired_at__gte=F("made_at")),
                name="keys_retired_after_made",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of the instance key"

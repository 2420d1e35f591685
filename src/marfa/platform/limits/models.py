"""The counters of the limiter."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Counter(models.Model):
    """How far one key has run ahead of its limit.

    key: HMAC-SHA-256 of what is counted, in hexadecimal.
    full_at: when all of its attempts are there again, in microseconds since 1970, UTC.
    """

    key = models.CharField(max_length=64, primary_key=True)
    full_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(full_at__gte=0), name="limits_full_at_positive"),
        ]
        indexes = [models.Index(fields=["full_at"], name="limits_by_full_at")]

    def __str__(self) -> str:
        return "counter"

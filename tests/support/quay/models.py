"""Rows about one person, about two, about somebody who is only mentioned, and of an inquiry."""

from __future__ import annotations

from django.db import models

from marfa.domain.ids import new_id
from marfa.platform.files.models import StoredFile
from marfa.platform.revisions.models import Versioned


class Guest(Versioned):
    """A person; the row's key is the person's."""

    code = models.CharField("code", max_length=60)
    left_on = models.DateField("left on", null=True)

    class Meta:
        verbose_name_plural = "guests"

    def __str__(self) -> str:
        return f"guest {self.pk}"


class Stay(Versioned):
    """What hangs on a person, with a file of theirs."""

    guest = models.ForeignKey(Guest, on_delete=models.CASCADE)
    bed = models.CharField("bed", max_length=60, blank=True)
    story = models.TextField("story", blank=True)
    paper = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True)

    class Meta:
        verbose_name_plural = "stays"

    def __str__(self) -> str:
        return f"stay {self.pk}"


class Mention(models.Model):
    """What somebody said of a third person."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.UUIDField()
    said_by = models.UUIDField(null=True)
    stay = models.ForeignKey(Stay, on_delete=models.SET_NULL, null=True)
    text = models.TextField("text")
    said_on = models.DateField("said on")

    class Meta:
        verbose_name_plural = "mentions"

    def __str__(self) -> str:
        return f"mention {self.pk}"


class Bond(models.Model):
    """Two people belong together."""

    id = models.UUIDField(primary_key=True, default=new_id)
    one = models.UUIDField(null=True)
    other = models.UUIDField(null=True)
    kind = models.CharField("kind", max_length=60)

    class Meta:
        verbose_name_plural = "bonds"

    def __str__(self) -> str:
        return f"bond {self.pk}"


class Suspicion(models.Model):
    """What an inquiry holds against somebody."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.UUIDField()
    text = models.TextField("text")
    touched_at = models.DateTimeField("touched")

    class Meta:
        verbose_name_plural = "suspicions"

    def __str__(self) -> str:
        return f"suspicion {self.pk}"

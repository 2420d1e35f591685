"""Signatures under lists of questions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.ids import new_id, new_reference


class ListSignature(models.Model):
    """Two people sign that a list is used with real people, in these questions and words. It is
    only added to; a changed list is signed anew.

    digest: of the list and of its words in every language (``Instrument.digest``).
    until: the last day on which it holds. ended_at: when somebody took it back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    instrument = models.CharField(_("list"), max_length=80)
    version = models.CharField(_("version"), max_length=40)
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField(_("signed"))
    signed_by = models.UUIDField(editable=False)
    second_at = models.DateTimeField(_("signed by a second person"), null=True)
    second_by = models.UUIDField(null=True, editable=False)
    until = models.DateField(_("until"), null=True)
    ended_at = models.DateTimeField(_("taken back"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("signature under a list")
        verbose_name_plural = _("signatures under lists")
        indexes = [models.Index(fields=["instrument", "digest"], name="screening_signature_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(second_at=None, second_by=None, until=None)
                | Q(second_at__isnull=False, second_by__isnull=False, until__isnull=False)
                & ~Q(second_by=F("signed_by")),
                name="screening_signature_by_two",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="screening_signature_ended_by",
            ),
        ]

    def __str__(self) -> str:
        return f"signature {self.reference}"

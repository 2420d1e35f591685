"""Holds on deletion, and requests of the people whom data are about. Neither names anybody."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id, new_reference

REASONS = codelist("hold_reasons").codes
KINDS = codelist("data_request_kinds").codes
OUTCOMES = codelist("data_request_outcomes").codes


class Hold(models.Model):
    """Nothing of a person is deleted until a day, for a reason. A longer one is a new hold."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    subject = models.UUIDField(editable=False)
    reason = models.CharField(_("reason"), max_length=30)
    placed_at = models.DateTimeField(_("placed"))
    placed_by = models.UUIDField(editable=False)
    until = models.DateField(_("until"))
    lifted_at = models.DateTimeField(_("lifted"), null=True)

    class Meta:
        verbose_name = _("hold on deletion")
        verbose_name_plural = _("holds on deletion")
        indexes = [models.Index(fields=["subject"], name="privacy_hold_of_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=REASONS), name="privacy_hold_reason"),
        ]

    def __str__(self) -> str:
        return f"hold {self.reference}"


class DataRequest(models.Model):
    """Somebody asked for what is theirs. due_on: the day by which they have an answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    subject = models.UUIDField(editable=False)
    kind = models.CharField(_("kind"), max_length=30)
    received_on = models.DateField(_("received"))
    due_on = models.DateField(_("due"))
    taken_by = models.UUIDField(editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True)
    outcome = models.CharField(_("outcome"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("data-subject request")
        verbose_name_plural = _("data-subject requests")
        indexes = [
            models.Index(fields=["due_on"], condition=Q(settled_at=None), name="privacy_due"),
            models.Index(fields=["subject"], name="privacy_request_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="privacy_request_kind"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("received_on")), name="privacy_due_after_received"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="")
                | Q(settled_at__isnull=False, outcome__in=OUTCOMES),
                name="privacy_settled_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.reference}"

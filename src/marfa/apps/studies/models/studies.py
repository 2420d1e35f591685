"""A study as it is planned, and who reads for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation
from marfa.domain.ids import new_id, new_reference
from marfa.platform.revisions.models import Versioned
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.vault.fields import Vaulted, VaultJSONField

KIND = "Study"
"""As the charter calls it."""


class Study(Versioned, Vaulted):
    """A study of how well one list of questions works, at some sites.

    author: who planned it, and never signs what comes of it.
    digest: of the list as it was planned. words: language -> digest of the words put to people.
    protocol: digest of all that may not change while people are enrolled; empty before that.
    sites: references of the sites. plan: the texts of the protocol and the ethics approval.
    stopped_at: from then on nobody is enrolled. result: what it found, once it is closed.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        ENROLLING = "enrolling", _("open for enrolment")
        CLOSED = "closed", _("ended")

    vault_subject = "id"
    owned_rows = OwnedRows(kind=KIND)

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    author = models.UUIDField(editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    instrument = models.CharField(_("list of questions"), max_length=60)
    instrument_version = models.CharField(max_length=20)
    digest = models.CharField(max_length=80)
    words = models.JSONField(default=dict)
    setting = models.CharField(_("setting"), max_length=20)
    sites = models.JSONField(default=list)
    protocol = models.CharField(max_length=64, blank=True)
    begins = models.DateField(_("begins"))
    approval_ends = models.DateField(_("the approval ends"), null=True)
    needed_flagged = models.PositiveIntegerField(_("flagged people to assess"))
    needed_not_flagged = models.PositiveIntegerField(_("people not flagged to assess"))
    percent_not_flagged = models.PositiveIntegerField(_("of those not flagged, drawn by lot"))
    children = models.BooleanField(_("children take part"), default=False)
    assessors_know = models.BooleanField(
        _("whoever assesses knows what the interview found"), default=True
    )
    planned_at = models.DateTimeField(_("planned on"))
    stopped_at = models.DateTimeField(_("enrolment ended"), null=True)
    closed_at = models.DateTimeField(_("ended"), null=True)
    plan = VaultJSONField(null=True)
    result = VaultJSONField(null=True)

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="closed") & Q(closed_at__isnull=False))
                | (Q(state__in=["planned", "enrolling"]) & Q(closed_at=None)),
                name="studies_closed_with_time",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", protocol="")
                | (Q(state__in=["enrolling", "closed"]) & ~Q(protocol="")),
                name="studies_protocol_is_fixed",
            ),
            models.CheckConstraint(
                condition=Q(percent_not_flagged__gte=1, percent_not_flagged__lte=100),
                name="studies_share_is_percent",
            ),
        ]

    def __str__(self) -> str:
        return f"study {self.reference}"


class PanelMember(models.Model):
    """Somebody who reads assessments for a study, without what screening said."""

    owned_rows = OwnedRows(kind=KIND, object_key="study")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="panel")
    user = models.UUIDField(editable=False)
    named_at = models.DateTimeField(_("named on"))

    class Meta:
        verbose_name = _("reader of a study")
        verbose_name_plural = _("readers of studies")
        constraints = [
            models.UniqueConstraint(fields=["study", "user"], name="studies_reader_once")
        ]

    def __str__(self) -> str:
        return f"reader {self.pk}"

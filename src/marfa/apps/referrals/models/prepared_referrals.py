"""Referrals that a worker prepared, until a supervisor sends them or gives them back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.models import Recipient
from marfa.apps.assistance.models.assistance import SUPPORT
from marfa.apps.cases.models.case import URGENCIES, Case
from marfa.apps.referrals.models.referrals import Referral
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.ids import new_id
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField


class PreparedReferral(Versioned, AboutPerson):
    """What a case worker wants to ask of somebody outside the organisation. Nothing has left.

    fields: names of what is to be told, and none of it. protected: whether the person was
    protected when it was prepared. due_at: when whoever was to send it is late.
    decided_by: who sent it or gave it back, never who prepared it. words: why it was given back.
    referral: what was sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("prepared, not sent yet")
        GIVEN_BACK = "given_back", _("given back, not sent")
        SENT = "sent", _("sent by a supervisor")
        REPLACED = "replaced", _("prepared again")
        DROPPED = "dropped", _("withdrawn before it was sent")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="prepared_referrals")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Referral.Kind.choices)
    way = models.CharField(_("way"), max_length=10, choices=Referral.Way.choices)
    purpose = models.CharField(_("purpose"), max_length=LONGEST_WORD)
    support = models.CharField(_("kind of help"), max_length=LONGEST_WORD, blank=True)
    urgency = models.CharField(_("urgency"), max_length=10)
    fields = models.JSONField(_("what is told"), default=list)
    opens_record = models.BooleanField(default=False)
    protected = models.BooleanField(editable=False)
    note = VaultTextField(null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    prepared_at = models.DateTimeField(_("prepared"))
    prepared_by = models.UUIDField(editable=False)
    due_at = models.DateTimeField(_("to be sent by"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.UUIDField(null=True, editable=False)
    words = VaultTextField(null=True)
    referral = models.OneToOneField(
        Referral, on_delete=models.SET_NULL, null=True, related_name="prepared"
    )

    class Meta:
        verbose_name = _("prepared referral")
        verbose_name_plural = _("prepared referrals")
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state="waiting"), name="referrals_prepared_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("prepared_by")),
                name="referrals_prepared_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "dropped"])
                | Q(
                    state__in=["given_back", "replaced", "sent"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="referrals_prepared_decided",
            ),
            models.CheckConstraint(
                condition=Q(support="") | Q(support__in=SUPPORT), name="referrals_prepared_for"
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=URGENCIES), name="referrals_prepared_urgency"
            ),
        ]

"""Disclosures, and the notices to past recipients after a withdrawal."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.models.recipients import KINDS, PURPOSES, DataAgreement, Recipient
from marfa.apps.consents.models.consents import FORMS, Consent, LegalBasisRecord, Withdrawal
from marfa.apps.organisations.models import Organisation
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson, Person
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id, new_reference

ANSWERS = codelist("recall_answers").codes


class Sharing(AboutPerson):
    """One disclosure. Its ground is a consent or another basis, and its agreement is named.

    fields: what was sent, such as ``PersonName.text``. tier: the most harmful among them.
    opening: key of the opening by which a guest partner sees the record, where it does.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="sharings")
    recipient_kind = models.CharField(_("kind of recipient"), max_length=LONGEST_WORD)
    purpose = models.CharField(_("purpose"), max_length=LONGEST_WORD)
    agreement = models.ForeignKey(DataAgreement, on_delete=models.PROTECT, related_name="sharings")
    consent = models.ForeignKey(
        Consent, on_delete=models.CASCADE, null=True, related_name="sharings"
    )
    basis = models.ForeignKey(
        LegalBasisRecord, on_delete=models.CASCADE, null=True, related_name="sharings"
    )
    fields = models.JSONField(_("fields"), default=list)
    tier = models.CharField(_("tier"), max_length=LONGEST_WORD)
    opening = models.UUIDField(null=True, editable=False)
    at = models.DateTimeField(_("at"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        indexes = [models.Index(fields=["person", "at"], name="consents_shared_when")]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient_kind__in=KINDS), name="consents_shared_outside_firewall"
            ),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="consents_shared_for"),
            models.CheckConstraint(
                condition=Q(consent__isnull=False, basis=None)
                | Q(consent=None, basis__isnull=False),
                name="consents_shared_on_one_ground",
            ),
        ]


class RecallNotice(models.Model):
    """A past recipient is told that consent was taken back, and says what it did.

    The recipient reads it too, when the person is no longer open to it: keys, codes and moments.
    since: when the first of what it received was sent.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.CASCADE, related_name="notices")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="notices")
    purpose = models.CharField(_("purpose"), max_length=LONGEST_WORD)
    since = models.DateTimeField(_("first sent"))
    made_at = models.DateTimeField(_("recorded on"))
    due_at = models.DateTimeField(_("tell by"))
    told_at = models.DateTimeField(_("told"), null=True)
    told_how = models.CharField(_("how"), max_length=LONGEST_WORD, blank=True)
    told_by = models.UUIDField(null=True, editable=False)
    answer = models.CharField(_("answer"), max_length=LONGEST_WORD, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("notice of a withdrawal")
        verbose_name_plural = _("notices of withdrawals")
        constraints = [
            models.CheckConstraint(
                condition=Q(told_at=None, told_how="")
                | Q(told_at__isnull=False, told_how__in=FORMS),
                name="consents_told_how",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | Q(answered_at__isnull=False, answer__in=ANSWERS),
                name="consents_answered_with",
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.reference}"

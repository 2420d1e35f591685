"""Consents by purpose and recipient, and other legal grounds."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.models.recipients import PURPOSES, Recipient
from marfa.apps.registry.models.households import Relationship
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id
from marfa.safeguards.vault.fields import VaultTextField

GIVERS = codelist("consent_givers")
FORMS = codelist("consent_forms").codes
CIRCUMSTANCES = codelist("consent_circumstances").codes
GROUNDS = codelist("basis_grounds")
FOR_CHILDREN = tuple(each.code for each in GIVERS.entries if each.attributes.get("for_child"))


class Consent(AboutPerson):
    """One answer to one question; it is never changed, but followed by another.

    recipient: to whom; None for use by the organisation itself.
    guardian: the relationship of who answered for a child, which has to be verified.
    circumstance: an answer that is not free is no consent; it can only be a refusal.
    text, text_version, text_state: the pack that was shown, a digest of its words, and whether
        it was a draft or reviewed.
    understood: the person could say it again in their own words.
    child_view: what a child said about it themselves.
    no_doubt_of_age: whoever wrote it down has no doubt that the person is grown up, where
        nothing is known of their age.
    opens_record: whether it was asked, too, that a guest partner may look at the whole record.
    supersedes: the answer before this one; at most one follows it.
    """

    class Decision(models.TextChoices):
        GIVEN = "given", _("said yes")
        REFUSED = "refused", _("said no")

    class TextState(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEWED = "reviewed", _("reviewed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(_("purpose"), max_length=LONGEST_WORD)
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, null=True, related_name="consents"
    )
    decision = models.CharField(_("answer"), max_length=10, choices=Decision.choices)
    given_by = models.CharField(_("answered by"), max_length=LONGEST_WORD)
    guardian = models.ForeignKey(
        Relationship, on_delete=models.SET_NULL, null=True, related_name="consents"
    )
    how = models.CharField(_("how"), max_length=LONGEST_WORD)
    circumstance = models.CharField(_("circumstances"), max_length=LONGEST_WORD)
    language = models.CharField(_("language"), max_length=3)
    interpreter = models.CharField(_("code of the interpreter"), max_length=20, blank=True)
    text = models.CharField(_("text shown"), max_length=60)
    text_version = models.CharField(_("version of the text"), max_length=16)
    text_state = models.CharField(_("state of the text"), max_length=10, choices=TextState.choices)
    understood = models.BooleanField(_("understood"))
    no_doubt_of_age = models.BooleanField(_("no doubt of age"), default=False)
    opens_record = models.BooleanField(_("the whole record"), default=False)
    child_view = VaultTextField(null=True)
    at = models.DateTimeField(_("recorded on"))
    by = models.UUIDField(editable=False)
    supersedes = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="successors"
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [
            models.Index(fields=["person", "purpose", "recipient"], name="consents_consent_to"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "supersedes"],
                condition=Q(supersedes__isnull=False),
                name="consents_consent_followed_once",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=PURPOSES), name="consents_consent_purpose"
            ),
            models.CheckConstraint(
                condition=Q(given_by__in=GIVERS.codes, how__in=FORMS),
                name="consents_consent_by_whom_and_how",
            ),
            models.CheckConstraint(
                condition=Q(circumstance__in=CIRCUMSTANCES)
                & (Q(decision="refused") | Q(decision="given", circumstance="free")),
                name="consents_consent_is_free",
            ),
            models.CheckConstraint(
                condition=Q(decision="refused") | Q(understood=True),
                name="consents_consent_is_understood",
            ),
        ]


class Withdrawal(AboutPerson):
    """A consent that was taken back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="withdrawals")
    given_by = models.CharField(_("withdrawn by"), max_length=LONGEST_WORD)
    how = models.CharField(_("how"), max_length=LONGEST_WORD)
    at = models.DateTimeField(_("recorded on"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "consent"], name="consents_withdrawn_once"
            ),
            models.CheckConstraint(
                condition=Q(given_by__in=GIVERS.codes, how__in=FORMS),
                name="consents_withdrawal_by_whom_and_how",
            ),
        ]


class LegalBasisRecord(AboutPerson):
    """A ground other than consent, with its reason, until a day on which somebody looks again.

    recipient: to whom; None for use by the organisation itself. It stands in for no consent that
    was taken back. After ``review_on`` it counts no more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(_("purpose"), max_length=LONGEST_WORD)
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, null=True, related_name="bases"
    )
    ground = models.CharField(_("ground"), max_length=LONGEST_WORD)
    basis = models.CharField(_("legal basis"), max_length=LONGEST_WORD)
    reason = VaultTextField()
    child_view = VaultTextField(null=True)
    review_on = models.DateField(_("review by"))
    at = models.DateTimeField(_("recorded on"))
    by = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("legal basis of a person’s data")
        verbose_name_plural = _("legal bases of persons’ data")
        indexes = [
            models.Index(fields=["person", "purpose", "recipient"], name="consents_basis_to")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=PURPOSES), name="consents_basis_purpose"
            ),
            models.CheckConstraint(
                condition=Q(ground__in=GROUNDS.codes), name="consents_basis_ground"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["vital_interest", "public_interest", "legal_obligation"]),
                name="consents_basis_is_not_consent",
            ),
        ]

"""Recipients of data, and agreements with them. Nothing here is about a person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id, new_reference

KINDS = tuple(
    entry.code
    for entry in codelist("recipient_kinds").entries
    if not entry.attributes.get("firewalled")
)
"""Kinds that can be a recipient. Those behind the firewall are none (charter, rule 7)."""

LONGEST_WORD = 40

PURPOSES = (
    "registration",
    "screening",
    "assistance",
    "child_protection",
    "tracing",
    "evidence",
    "statistics",
)
"""For which purposes something about a person may be asked for, agreed on and sent."""


class Recipient(models.Model):
    """Somebody outside the organisation to whom data may go.

    guest: the organisation of this installation that it is; None: outside, and ``name`` says who.
    mail: address of an office, for messages without anybody's identity; never of one person.
    age_key: public key of age to which packages for it are encrypted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=LONGEST_WORD)
    guest = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="as_recipient"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    mail = models.EmailField(_("address of the office"), blank=True)
    age_key = models.CharField(_("public key"), max_length=100, blank=True, default="")
    created_at = models.DateTimeField(_("recorded on"))
    created_by = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="agreements_recipient_kind"),
            models.CheckConstraint(
                condition=Q(guest__isnull=False, name="") | (Q(guest=None) & ~Q(name="")),
                name="agreements_recipient_is_one",
            ),
        ]

    def __str__(self) -> str:
        return f"recipient {self.reference}"


class DataAgreement(models.Model):
    """What was agreed with a recipient: for which purposes it may be given data, and how long.

    until: the first moment at which it is not in force any more.
    onward: whether the recipient may hand on what it is given.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="agreements")
    purposes = models.JSONField(_("purposes"), default=list)
    onward = models.BooleanField(_("may pass it on"), default=False)
    starts_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("agreement on data")
        verbose_name_plural = _("agreements on data")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("starts_at")), name="agreements_agreement_until_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"agreement {self.reference}"

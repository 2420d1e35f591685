"""Somebody comes and asks for a person. Nothing in these tables says whether there is one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id, new_reference
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.vault.fields import Vaulted, VaultTextField

KIND = "Enquiry"
"""As the charter calls it."""
RELATIONSHIPS = codelist("relationship_kinds").codes
SEXES = codelist("sex").codes


class Enquiry(Vaulted):
    """What somebody said who looks for a person, sealed by a key of its own.

    No column leads to anybody who is registered: a case that it may be about names it from its own
    side (``ClaimedRelative``). It is closed at the same time and in the same way whether or not
    somebody was found.

    tie: what they say to be to whom they look for. sex, age_from, age_to: of whom they look for;
    by these a worker is asked whether it may be somebody in their care.
    due_at: by when somebody has looked at it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("not looked into yet")
        CLOSED = "closed", _("looked into")

    vault_subject = "id"
    owned_rows = OwnedRows(kind=KIND)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    tie = models.CharField(_("relationship"), max_length=40)
    sex = models.CharField(_("sex"), max_length=40, default="unknown")
    age_from = models.PositiveSmallIntegerField(_("age from"), null=True)
    age_to = models.PositiveSmallIntegerField(_("age to"), null=True)
    who = VaultTextField(null=True)
    reach = VaultTextField(null=True)
    sought = VaultTextField(null=True)
    told = VaultTextField(null=True)
    taken_at = models.DateTimeField(_("taken down"))
    taken_by = models.UUIDField(editable=False)
    due_at = models.DateTimeField(_("due by"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="tracing_enquiry_open")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, closed_by=None)
                | Q(state="closed", closed_at__isnull=False, closed_by__isnull=False),
                name="tracing_enquiry_closed",
            ),
            models.CheckConstraint(
                condition=Q(tie__in=RELATIONSHIPS), name="tracing_enquiry_tie_known"
            ),
            models.CheckConstraint(condition=Q(sex__in=SEXES), name="tracing_enquiry_sex_known"),
            models.CheckConstraint(
                condition=Q(age_from=None)
                | Q(age_to=None)
                | Q(age_to__gte=F("age_from"), age_to__lte=120),
                name="tracing_enquiry_ages",
            ),
        ]

    def __str__(self) -> str:
        return f"enquiry {self.reference}"


class EnquiryLook(models.Model):
    """A worker has looked at an enquiry. What came of it does not stand here."""

    owned_rows = OwnedRows(kind=KIND, object_key="enquiry")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("look at an enquiry")
        verbose_name_plural = _("looks at enquiries")
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "by"], name="tracing_looked_once"),
        ]

    def __str__(self) -> str:
        return f"look {self.pk}"

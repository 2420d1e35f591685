"""Requests for files with names."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marfa.apps.organisations.models import Organisation
from marfa.domain.ids import new_id, new_reference
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.vault.fields import Vaulted, VaultTextField
from marfa.safeguards.words import Purpose

LONGEST_ADDRESS = 1000


class NamedFileRequest(Vaulted):
    """Somebody wants a file of a list with names, contacts or narratives; somebody else says
    whether they may. It is made once.

    list: name of the list. address: where it is, narrowed and sorted as it was. columns: what was
    asked for. places: organisations and sites of the rows. rows: how many. keys: which they were,
    16 bytes each, in their order; gone once it is over. What came into the list later is in no
    file that was approved before.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for a second person")
        APPROVED = "approved", _("approved: the file can be made")
        MADE = "made", _("the file was made")
        DECLINED = "declined", pgettext_lazy("file request", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("file request", "withdrawn")

    OPEN = (State.ASKED, State.APPROVED)

    vault_subject = "id"
    owned_rows = OwnedRows(kind="Export")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    list = models.CharField(max_length=40)
    address = models.CharField(max_length=LONGEST_ADDRESS)
    columns = models.JSONField()
    places = models.JSONField()
    rows = models.PositiveIntegerField(_("rows"))
    keys = models.BinaryField(null=True)
    purpose = models.CharField(_("purpose"), max_length=40)
    reason = VaultTextField(_("reason"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.UUIDField(db_index=True, editable=False)
    asked_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("until"))
    answered_by = models.UUIDField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request for a file with names")
        verbose_name_plural = _("requests for files with names")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by=None)
                | ~Q(answered_by=F("asked_by"))
                | ~Q(state__in=["approved", "made"]),
                name="list_files_two_different_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "made"])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="list_files_made_only_if_approved",
            ),
            models.CheckConstraint(
                condition=Q(keys=None) | Q(state__in=["asked", "approved"]),
                name="list_files_rows_only_while_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "approved", "made", "declined", "withdrawn"]),
                name="list_files_state_known",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=[purpose.value for purpose in Purpose]),
                name="list_files_purpose_known",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")), name="list_files_request_ends"
            ),
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="list_files_open")]

    def __str__(self) -> str:
        return f"request {self.reference}"

    def in_force(self, at: datetime) -> bool:
        """Whether it may still be approved, or its file made."""
        return self.state in self.OPEN and at < self.expires_at

"""What comes back filled in: kept as it came, sealed, and judged."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.forms.models.definitions import FormDefinition, FormVersion
from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.ids import new_id, new_reference
from marfa.platform.files.models import StoredFile
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.vault.fields import (
    VaultBytesField,
    Vaulted,
    VaultJSONField,
    VaultTextField,
)


class Submission(Vaulted):
    """One form, filled in. Its bytes are never changed.

    subject: by whose key it is sealed: a key of its own until the person is known, then that
    person's (``hand_over``); sealed_before_by: the former, which is erased with them.
    instance: the instanceID, by which a second sending is known; replaces: that of the submission
    that it corrects. xml: the bytes as they came; sha256: of them, made when they came. findings:
    what the server found to be otherwise. waits_for: how many attachments are named and did not
    come yet. doubles: how often other bytes came under its instanceID, and were refused.
    practice: as of its form when it came; the database lets it be neither decided nor given to a
    person, and ``ending`` deletes it.
    """

    owned_rows = OwnedRows(kind="Submission")
    vault_subject = "subject"

    class State(models.TextChoices):
        RECEIVED = "received", _("arrived")
        CHECKED = "checked", _("checked")
        DIFFERENT = "different", _("with differences")
        ACCEPTED = "accepted", _("accepted")
        SET_ASIDE = "set_aside", _("set aside")

    class Way(models.TextChoices):
        OPENROSA = "openrosa", _("an app on a device")
        PAGES = "pages", _("the pages")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", null=True)
    form = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="submissions")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    instance = models.UUIDField()
    replaces = models.UUIDField(null=True)
    subject = models.UUIDField(db_index=True)
    sealed_before_by = models.UUIDField(null=True)
    handed_over_at = models.DateTimeField(_("added to a person’s record"), null=True)
    xml = VaultBytesField()
    sha256 = VaultTextField()
    findings = VaultJSONField(null=True)
    findings_count = models.PositiveIntegerField(default=0)
    waits_for = models.PositiveIntegerField(default=0)
    doubles = models.PositiveIntegerField(default=0)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RECEIVED
    )
    practice = models.BooleanField(_("for practice"), default=False, editable=False)
    way = models.CharField(_("by way of"), max_length=10, choices=Way.choices)
    received_at = models.DateTimeField(_("arrived"))
    submitted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    checked_at = models.DateTimeField(_("checked"), null=True)
    settled_at = models.DateTimeField(_("decided"), null=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    sentence = VaultTextField(_("why"), null=True)

    class Meta:
        verbose_name = _("received form")
        verbose_name_plural = _("received forms")
        constraints = [
            models.UniqueConstraint(fields=["form", "instance"], name="forms_instance_once"),
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "set_aside"], settled_at__isnull=False)
                | (~Q(state__in=["accepted", "set_aside"]) & Q(settled_at=None)),
                name="forms_settled_with_time",
            ),
            models.CheckConstraint(
                condition=Q(practice=False)
                | Q(
                    state__in=["received", "checked", "different"],
                    settled_at=None,
                    handed_over_at=None,
                    sealed_before_by=None,
                ),
                name="forms_practice_becomes_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "received_at"], name="forms_queue")
        ]

    def __str__(self) -> str:
        return f"submission {self.reference}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.practice = self.form.is_practice
        super().save(*args, **kwargs)

    @property
    def is_practice(self) -> bool:
        """Whether it is of made-up people: by its own mark or by its form's."""
        return self.practice or self.form.is_practice


class Attachment(Vaulted):
    """A file that came with a submission; its name as the form has it."""

    owned_rows = OwnedRows(kind="Submission", object_key="submission")
    vault_subject = "subject"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="attachments")
    subject = models.UUIDField(db_index=True)
    name = VaultTextField()
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return f"attachment {self.pk}"

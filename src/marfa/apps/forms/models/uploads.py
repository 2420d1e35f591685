"""Spreadsheets that wait to become forms: more work than a page may take."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.forms.models.definitions import FormVersion
from marfa.apps.organisations.models import Organisation
from marfa.domain.ids import new_id, new_reference
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.words import Purpose


class FormUpload(models.Model):
    """One spreadsheet with the files that it shows, from when it was sent in until thirty days
    after. What it holds stands sealed in its parts: nobody has looked yet at what was sent.

    purpose: for which step it is to ask. version: what became of it.
    """

    owned_rows = OwnedRows(kind="Form")

    class State(models.TextChoices):
        WAITING = "waiting", _("being checked")
        ADDED = "added", _("added")
        REFUSED = "refused", _("cannot be accepted yet")
        STOPPED = "stopped", _("stopped")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("for which step"), max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    version = models.ForeignKey(
        FormVersion, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("spreadsheet of a form")
        verbose_name_plural = _("spreadsheets of forms")
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=[purpose.value for purpose in Purpose]),
                name="forms_upload_purpose_known",
            ),
            models.CheckConstraint(
                condition=Q(state="added", version__isnull=False)
                | Q(state__in=["waiting", "refused", "stopped"], version=None),
                name="forms_upload_added_with_version",
            ),
        ]

    def __str__(self) -> str:
        return f"spreadsheet {self.reference}"


class UploadPart(models.Model):
    """The spreadsheet, a file that it shows, or what keeps it out; with its name, sealed."""

    owned_rows = OwnedRows(kind="Form", object_key="upload")

    class Role(models.TextChoices):
        SHEET = "sheet"
        MEDIA = "media"
        PROBLEMS = "problems"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    upload = models.ForeignKey(FormUpload, on_delete=models.CASCADE, related_name="parts")
    role = models.CharField(max_length=10, choices=Role.choices)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("part of a spreadsheet of a form")
        verbose_name_plural = _("parts of spreadsheets of forms")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["sheet", "media", "problems"]), name="forms_part_role_known"
            ),
            models.UniqueConstraint(
                fields=["upload", "role"],
                condition=~Q(role="media"),
                name="forms_one_sheet_of_an_upload",
            ),
        ]

    def __str__(self) -> str:
        return f"part {self.pk} of spreadsheet {self.upload_id}"

"""Forms as they are asked: one definition, many versions. They tell of no person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation
from marfa.domain.ids import new_id, new_reference
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.words import Purpose

PRACTICE = "-practice"
"""How the identifier of a form for practice ends."""


class FormDefinition(models.Model):
    """A form of an organisation, whatever its version.

    form_id: its name in the XForm. titles: language -> title. purpose: for which step it asks.
    sensitive: it asks what is of the tier ``sensitive``. open_to_apps: OpenRosa clients get it.
    practice_of: the form that it is practised for; what comes in for it is of made-up people and
    becomes nothing.
    """

    owned_rows = OwnedRows(kind="Form")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="forms")
    form_id = models.CharField(_("identifier"), max_length=64)
    titles = models.JSONField(_("titles"), default=dict)
    purpose = models.CharField(_("for which step"), max_length=40)
    sensitive = models.BooleanField(_("asks for sensitive data"), default=True)
    open_to_apps = models.BooleanField(_("open to outside apps"), default=False)
    practice_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="practised_as", null=True, blank=True
    )
    created_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "form_id"], name="forms_one_of_an_id"),
            models.CheckConstraint(
                condition=Q(purpose__in=[purpose.value for purpose in Purpose]),
                name="forms_purpose_known",
            ),
            # Until submissions are encrypted on the device, what is sensitive stays in our pages;
            # made-up answers may come from elsewhere.
            models.CheckConstraint(
                condition=~Q(sensitive=True, open_to_apps=True, practice_of__isnull=True),
                name="forms_sensitive_stays_here",
            ),
            # A form that asks real people is never made one for practice afterwards.
            models.CheckConstraint(
                condition=Q(practice_of__isnull=True) | Q(form_id__endswith=PRACTICE),
                name="forms_practice_by_its_name",
            ),
        ]

    def __str__(self) -> str:
        return f"form {self.form_id}"

    @property
    def is_practice(self) -> bool:
        """Whether it is filled in with made-up people alone."""
        return self.practice_of_id is not None


class FormVersion(models.Model):
    """One version of a form; once published it is never changed, only withdrawn.

    xml: the XForm as UTF-8 text. md5: of its bytes, as OpenRosa has it. languages: codes, the
    default first. missing: what is not translated, language -> places. asks: path of a question ->
    what of the register it fills, or its declared tier. source_sha256: of its file. added_by,
    published_by: two people; nobody where it was added on the machine.
    """

    owned_rows = OwnedRows(kind="Form", object_key="form")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(_("version"), max_length=60)
    xml = models.TextField()
    md5 = models.CharField(max_length=32)
    source_sha256 = models.CharField(max_length=64)
    languages = models.JSONField(_("languages"), default=list)
    missing = models.JSONField(_("not translated"), default=dict)
    asks = models.JSONField(_("what it asks"), default=dict)
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("added by"),
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published"), null=True)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True)

    class Meta:
        verbose_name = _("version of a form")
        verbose_name_plural = _("versions of forms")
        constraints = [
            models.UniqueConstraint(fields=["form", "version"], name="forms_version_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(published_at__lte=F("withdrawn_at")),
                name="forms_withdrawn_after_published",
            ),
            models.CheckConstraint(
                condition=Q(added_by=None) | Q(published_by=None) | ~Q(published_by=F("added_by")),
                name="forms_published_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of form {self.form_id}"

    @property
    def is_offered(self) -> bool:
        """Whether it can be filled in now."""
        return self.published_at is not None and self.withdrawn_at is None


class FormMedia(models.Model):
    """A picture, sound or list that a version shows. It tells of no person."""

    owned_rows = OwnedRows(kind="Form", object_key="version")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="media")
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    md5 = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("file of a form")
        verbose_name_plural = _("files of forms")
        constraints = [
            models.UniqueConstraint(fields=["version", "filename"], name="forms_media_once"),
        ]

    def __str__(self) -> str:
        return f"file {self.pk} of version {self.version_id}"

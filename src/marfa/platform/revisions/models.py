"""Versioned rows, their revisions, and drafts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.ids import new_id
from marfa.platform.revisions.merge import MergeKind
from marfa.platform.rowsecurity.tables import OfAnOwner, says_whose_it_is

NAME_LENGTH = 100
ACTION_LENGTH = 60


class Versioned(models.Model):
    """An editable row. It is changed by ``revisions.actions`` alone, which keep ``version``.

    merge_kinds: the fields that hold a set or a list as JSON; all others are one value.
    """

    merge_kinds: ClassVar[Mapping[str, MergeKind]] = {}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Revision(OfAnOwner):
    """One field of one row in one version: what it was, what it became.

    ``before`` and ``after`` are typed JSON (``codec``). A sealed field appears as the sealed
    bytes, so that erasing its key erases its history.
    """

    class Kind(models.TextChoices):
        CREATED = "created", _("created")
        CHANGED = "changed", _("changed")
        SET_ASIDE = "set_aside", _("set aside")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    model = models.CharField(max_length=NAME_LENGTH, editable=False)
    object_id = models.UUIDField(editable=False)
    version = models.PositiveIntegerField(editable=False)
    field = models.CharField(max_length=NAME_LENGTH, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, editable=False)
    before = models.JSONField(null=True, editable=False)
    after = models.JSONField(null=True, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
    )
    at = models.DateTimeField(editable=False)
    purpose = models.CharField(max_length=ACTION_LENGTH, editable=False)
    action = models.CharField(max_length=ACTION_LENGTH, editable=False)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        indexes = [models.Index(fields=["object_id", "version"], name="revisions_of_object")]
        constraints = [
            models.UniqueConstraint(
                fields=["object_id", "model", "version", "field"],
                condition=~Q(kind="set_aside"),
                name="revisions_field_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["created", "changed", "set_aside"]),
                name="revisions_kind_known",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="revisions_from_one"),
            says_whose_it_is("revisions_revision_owned"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.model}.{self.field} in version {self.version}"


class Draft(OfAnOwner):
    """What a person typed and did not send yet: sealed, theirs alone, gone after its time.

    subject: the row it is about, or empty for a new one; never a name.
    base_version: version of the row when the form was opened.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", editable=False
    )
    form = models.CharField(max_length=NAME_LENGTH, editable=False)
    subject = models.CharField(max_length=36, blank=True, editable=False)
    base_version = models.PositiveIntegerField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    sealed = models.BinaryField(editable=False)
    saved_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(db_index=True, editable=False)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["user", "form", "subject"], name="revisions_one_draft"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("saved_at")), name="revisions_draft_expires"
            ),
            says_whose_it_is("revisions_draft_owned"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"

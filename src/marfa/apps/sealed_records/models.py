"""The table of sealed notes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Organisation
from marfa.domain.ids import new_id, new_reference
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.sealed.models import SealedRecord


class SealedNote(models.Model):
    """What is known of a sealed note without opening it: its code and what kind of thing it is.

    code: what people call it by; it is random and says nothing of anybody.
    """

    class Kind(models.TextChoices):
        IDENTITY = "identity", _("true identity")
        TESTIMONY = "testimony", _("testimony")
        INFORMANT = "informant", _("informant")

    owned_rows = OwnedRows(kind="SealedRecord", object_key="record")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    code = models.CharField(_("protected code"), max_length=12)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    record = models.OneToOneField(SealedRecord, on_delete=models.PROTECT, related_name="note")
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("sealed note")
        verbose_name_plural = _("sealed notes")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="sealed_records_code_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["identity", "testimony", "informant"]),
                name="sealed_records_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"sealed note {self.reference}"

"""The register of data incidents. Who was affected is not stored: it is worked out from the log."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id, new_reference
from marfa.platform import clock
from marfa.safeguards.vault.fields import Vaulted, VaultTextField

KINDS = codelist("incident_kinds").codes


class Incident(models.Model):
    """What went wrong, as codes and times. account: key of the user through whom, if one.

    began_at, ended_at: the time in which data may have been seen; None where it is not known, and
    an end also where it still goes on.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CONTAINED = "contained", _("contained")
        TOLD = "told", _("data-protection authority told")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("what happened"), max_length=30)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    noticed_at = models.DateTimeField(_("noticed"))
    began_at = models.DateTimeField(_("from"), null=True)
    ended_at = models.DateTimeField(_("until"), null=True)
    account = models.UUIDField(null=True, editable=False)
    due_at = models.DateTimeField(_("tell the data-protection authority by"))
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)
    contained_at = models.DateTimeField(_("contained"), null=True)
    told_at = models.DateTimeField(_("data-protection authority told"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("data incident")
        verbose_name_plural = _("data incidents")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="incidents_kind_known"),
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("began_at")), name="incidents_end_after_begin"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                name="incidents_closed_with_time",
            ),
        ]

    def __str__(self) -> str:
        return f"incident {self.reference}"

    @property
    def is_overdue(self) -> bool:
        """Whether the time to tell the authority is over, and nobody has told it."""
        waits = self.state in (self.State.OPEN, self.State.CONTAINED)
        return waits and self.due_at <= clock.now()


class Note(Vaulted):
    """What somebody wrote about an incident, sealed by a key of the incident's own."""

    vault_subject = "incident_id"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="notes")
    text = VaultTextField(_("note"))
    written_at = models.DateTimeField(_("written"))
    written_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return f"note {self.pk}"

"""The table of late forms."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.ids import new_id


class LateForm(models.Model):
    """A form that was sent without scripts after its session had ended: sealed, for minutes.

    user: whose session it was; it is given back to nobody else.
    digest: of the secret in the browser that sent it; it is given back in no other.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", editable=False
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sealed = models.BinaryField(editable=False)
    sent_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(db_index=True, editable=False)

    class Meta:
        verbose_name = _("form sent too late")
        verbose_name_plural = _("forms sent too late")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")), name="form_pages_late_form_expires"
            ),
        ]

    def __str__(self) -> str:
        return f"late form {self.pk}"

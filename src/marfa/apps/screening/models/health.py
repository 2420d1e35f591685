"""A confidential health check, which everybody is offered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Site
from marfa.apps.registry.models.person import AboutPerson
from marfa.apps.screening.models.interviews import Screening
from marfa.domain.ids import new_id
from marfa.safeguards.vault.fields import VaultTextField


class HealthCheck(AboutPerson):
    """Somebody said yes to a health check. It says nothing else of them: everybody is offered one,
    and nobody is asked why.

    screening: the talk after which they said it; none where it was at the end of a private
    conversation. due_at: by when a health service is to be called. called: which one, and what was
    agreed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    screening = models.OneToOneField(
        Screening, on_delete=models.CASCADE, null=True, related_name="health_check"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("a health service is called by"))
    agreed_by = models.UUIDField(editable=False)
    agreed_at = models.DateTimeField(_("health check agreed on"))
    called = VaultTextField(null=True)
    called_by = models.UUIDField(null=True, editable=False)
    called_at = models.DateTimeField(_("a health service was called"), null=True)

    class Meta:
        verbose_name = _("health check")
        verbose_name_plural = _("health checks")
        indexes = [models.Index(fields=["called_at", "due_at"], name="screening_health_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(called_at=None, called_by=None)
                | Q(called_at__isnull=False, called_by__isnull=False),
                name="screening_health_called",
            ),
        ]

"""Protection of a person: why, and how it came and went."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.registry.models.person import AboutPerson
from marfa.domain.ids import new_id
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField


class Protection(Versioned, AboutPerson):
    """Somebody is protected from a moment on, and nobody knows of them but who is assigned.

    review_on: by when those who are assigned look at it again; it does not end by itself.
    It is taken away by two people: one asks, and another one does it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reason = VaultTextField(null=True)
    began_at = models.DateTimeField(_("protected since"))
    began_by = models.UUIDField(editable=False)
    review_on = models.DateField(_("review by"))
    asked_at = models.DateTimeField(null=True)
    asked_by = models.UUIDField(null=True, editable=False)
    asked_why = VaultTextField(null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("protection of a person")
        verbose_name_plural = _("protections of persons")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(ended_at=None),
                name="registry_protected_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False, asked_by__isnull=False)
                & ~Q(ended_by=F("asked_by")),
                name="registry_protection_ended_by_two",
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None, asked_by=None)
                | Q(asked_at__isnull=False, asked_by__isnull=False),
                name="registry_protection_asked_by_one",
            ),
        ]

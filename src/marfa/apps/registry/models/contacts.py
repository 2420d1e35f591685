"""Contacts: ways to reach a person that do not put them in danger."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.codelists import codelist
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField

CONTACT_KINDS = codelist("contact_kinds").codes


class ContactPoint(Versioned, AboutPerson):
    """One way to reach a person. Nobody uses one that is not known to be safe.

    when: hours or days that are safe. words: what to say and whom to ask for if somebody else
    answers. avoid: what must never be done or said.
    """

    class Safety(models.TextChoices):
        SAFE = "safe", _("safe")
        NOT_SAFE = "not_safe", _("not safe")
        NOT_ASKED = "not_asked", _("not asked yet")

    kind = models.CharField(_("kind"), max_length=LONGEST_WORD, default="phone")
    safety = models.CharField(
        _("safe to use"), max_length=20, choices=Safety.choices, default=Safety.NOT_ASKED
    )
    value = VaultTextField(null=True)
    whose = VaultTextField(null=True)
    when = VaultTextField(null=True)
    words = VaultTextField(null=True)
    avoid = VaultTextField(null=True)
    recorded_at = models.DateTimeField(_("recorded"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("contact details of a person")
        verbose_name_plural = _("contact details of people")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CONTACT_KINDS), name="registry_contact_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(safety__in=["safe", "not_safe", "not_asked"]),
                name="registry_contact_safety_known",
            ),
        ]

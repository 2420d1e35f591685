"""Papers of a person, and who holds them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.codelists import codelist
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField

DOCUMENT_KINDS = codelist("identity_documents").codes


class IdentityDocument(Versioned, AboutPerson):
    """One document. country: ISO 3166-1 of who issued it. held_by: of ``document_holders``.

    scan: key of a stored file.
    """

    kind = models.CharField(_("kind"), max_length=LONGEST_WORD, default="other")
    number = VaultTextField(null=True)
    country = VaultTextField(null=True)
    held_by = VaultTextField(null=True)
    valid_until = VaultTextField(null=True)
    scan = models.UUIDField(null=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("document of a person")
        verbose_name_plural = _("documents of persons")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DOCUMENT_KINDS), name="registry_document_kind_known"
            ),
        ]

"""The origin of a case that was read in from a file."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models.person import AboutPerson
from marfa.domain.ids import new_id
from marfa.safeguards.vault.fields import VaultJSONField

LONGEST_SOURCE = 80


class ForeignCase(AboutPerson):
    """One case of a file of another organisation, and the case that was made of it.

    source: that organisation, as whoever read the file in named it. theirs: its reference of the
    case; for a case without one a keyed digest of what it says. said: the fields of HTCDS of it
    that have no place in our records, as the file had them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="foreign")
    source = models.CharField(_("organisation"), max_length=LONGEST_SOURCE)
    theirs = models.CharField(_("its reference"), max_length=80)
    said = VaultJSONField(null=True)
    read_at = models.DateTimeField(_("imported"))
    read_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("case of another organisation")
        verbose_name_plural = _("cases of other organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "theirs"], name="referrals_foreign_once"
            )
        ]

"""Names of a person: several, in any script, of several kinds."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.codelists import codelist
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField

NAME_KINDS = codelist("name_kinds").codes


class PersonName(Versioned, AboutPerson):
    """One name. text: the whole name as the person writes or says it, in one script.

    place: order in which names are shown; the first is what the person is called by.
    ended_at: since when it counts no more; it stays in the history and out of the search.
    """

    kind = models.CharField(_("kind"), max_length=LONGEST_WORD, default="usual")
    text = VaultTextField(null=True)
    place = models.PositiveSmallIntegerField(default=0)
    recorded_at = models.DateTimeField(_("recorded"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NAME_KINDS), name="registry_name_kind_known"
            ),
        ]

"""Answers of a talk, one a row."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marfa.apps.registry.models.person import AboutPerson
from marfa.apps.screening.models.interviews import Screening
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField

LONGEST_ITEM = 60


class ScreeningAnswer(Versioned, AboutPerson):
    """What the person said to one item and, apart from it, what the officer saw.

    Each is sealed and has a history of its own: what is kept of a talk grows with what is answered,
    and two devices on different questions never meet.

    stated, observed: codes of an answer. worded: language of the words in which it was put.
    said_at: when it was said, of an answer that was given in the private conversation before and is
    not asked again; None of one that was given here.
    """

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(_("question"), max_length=LONGEST_ITEM, editable=False)
    stated = VaultTextField(null=True)
    observed = VaultTextField(null=True)
    worded = VaultTextField(null=True)
    said_at = models.DateTimeField(_("said before"), null=True)

    class Meta:
        verbose_name = _("answer in a screening")
        verbose_name_plural = _("answers in screenings")
        constraints = [
            models.UniqueConstraint(fields=["screening", "item"], name="screening_item_once")
        ]

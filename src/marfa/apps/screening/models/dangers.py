"""Danger: what is to be done at a site, and what was done for somebody."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Site
from marfa.apps.registry.models.person import AboutPerson
from marfa.apps.screening.models.interviews import Screening
from marfa.domain.ids import new_id, new_reference
from marfa.safeguards.vault.fields import VaultTextField


class Danger(models.TextChoices):
    """What is dealt with before anything else."""

    IMMEDIATE = "immediate", _("Someone is in danger now")
    SELF_HARM = "self_harm", _("The person may hurt themselves")
    MEDICAL = "medical", _("A medical emergency")
    CHILD_ALONE = "child_alone", _("A child is alone")


DUTIES = "duties"
"""What has to be reported at a site, whoever tells it; it is told before anything is asked."""


class SiteWords(models.Model):
    """A text of one site in one language: what has to be reported there, or the steps in a danger,
    one a line. A text that another person has not reviewed is a draft.
    """

    KINDS = ((DUTIES, _("What has to be reported at this site")), *Danger.choices)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS)
    language = models.CharField(_("language"), max_length=20)
    text = models.TextField(_("text"))
    written_by = models.UUIDField(null=True, editable=False)
    written_at = models.DateTimeField(_("written"))
    reviewed_by = models.UUIDField(null=True, editable=False)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)

    class Meta:
        verbose_name = _("text of a site")
        verbose_name_plural = _("texts of sites")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "kind", "language"], name="screening_words_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[DUTIES, *Danger.values]), name="screening_words_kind"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                & (Q(written_by=None) | ~Q(reviewed_by=F("written_by"))),
                name="screening_words_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of site {self.site_id}"

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


class DangerStep(AboutPerson):
    """What was done for somebody in a danger: by whom, when, in words. It is only added to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="dangers")
    kind = models.CharField(_("kind"), max_length=20, choices=Danger.choices)
    done = VaultTextField(null=True)
    at = models.DateTimeField(_("recorded on"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("step taken in a danger")
        verbose_name_plural = _("steps taken in dangers")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Danger.values), name="screening_danger_kind"
            ),
        ]

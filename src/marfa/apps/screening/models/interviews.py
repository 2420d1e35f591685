"""Talks in which somebody is screened."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Site
from marfa.apps.registry.models.person import AboutPerson
from marfa.domain.codelists import codelist
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultJSONField, VaultTextField

URGENCIES = codelist("screening_urgencies").codes


class Screening(Versioned, AboutPerson):
    """One talk with one person, or as much of it as there was.

    urgency: how soon the next step is due; nothing else of the outcome stands in the open.
    conditions: ``conditions.Condition`` -> ``conditions.Met``. interpreter: their code, no name.
    words: language -> digest of the words of the list, where they were the same at the first
    question and at the end. Empty for a form, of which nobody knows, and for talks from before.
    language: that in which the questions are put now; a list may lack the words of a language.
    stated, observed, worded: item -> what stands in a row of ``ScreeningAnswer`` now. They are of
    talks from before answers had rows; they are read, and never written again. Only the vault
    opens them, and it is closed while tables are brought up to date.
    outcome: ``views.full`` of the result when it was finished. indication: the one that holds now.
    wish: what the person wants, in their words. reach: how they may be reached safely, if at all.
    help_declined_at: when the person said no to protection; help stays open, and nobody is told.
    submission: the form that came in and of which it was made, if so; recorded_at: when.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("before the first question")
        ASKING = "asking", _("under way")
        FINISHED = "finished", _("finished")
        STOPPED = "stopped", _("stopped")
        DECLINED = "declined", _("the person said no")
        NOT_SAFE = "not_safe", _("put off: it was not safe to speak")

    OPEN = (State.PREPARING, State.ASKING)

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    officer = models.UUIDField(editable=False)
    submission = models.UUIDField(null=True, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices)
    opened_at = models.DateTimeField(_("begun"))
    asked_at = models.DateTimeField(_("first question"), null=True)
    closed_at = models.DateTimeField(_("interview ended"), null=True)
    recorded_at = models.DateTimeField(_("put on record later"), null=True)
    instrument = models.CharField(_("instrument"), max_length=60, blank=True)
    instrument_version = models.CharField(max_length=20, blank=True)
    instrument_digest = models.CharField(max_length=80, blank=True)
    words = models.JSONField(default=dict)
    pilot = models.BooleanField(_("trial"), default=True)
    language = models.CharField(_("language"), max_length=20)
    addressee = models.CharField(_("form of address"), max_length=12, default="feminine")
    age = models.CharField(_("age, for the rule"), max_length=10, default="unknown")
    urgency = models.CharField(_("urgency"), max_length=10, default="routine")

    conditions = VaultJSONField(null=True)
    interpreter = VaultTextField(null=True)
    stated = VaultJSONField(null=True)
    observed = VaultJSONField(null=True)
    worded = VaultJSONField(null=True)
    said = VaultTextField(null=True)
    seen = VaultTextField(null=True)
    outcome = VaultJSONField(null=True)
    indication = VaultTextField(null=True)
    wish = VaultTextField(null=True)
    why_closed = VaultTextField(null=True)
    help_declined_at = models.DateTimeField(_("said no to protection"), null=True)
    reach = VaultTextField(null=True)

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        indexes = [models.Index(fields=["site", "state"], name="screening_at_site")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["preparing", "asking"]),
                name="screening_one_open",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "preparing",
                        "asking",
                        "finished",
                        "stopped",
                        "declined",
                        "not_safe",
                    ]
                ),
                name="screening_state_known",
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=list(URGENCIES)), name="screening_urgency_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "asking"], closed_at=None)
                | (~Q(state__in=["preparing", "asking"]) & Q(closed_at__isnull=False)),
                name="screening_closed_at_end",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "declined", "not_safe", "stopped"])
                | Q(asked_at__isnull=False),
                name="screening_asked_before_end",
            ),
            models.CheckConstraint(
                condition=Q(help_declined_at=None) | Q(state="finished"),
                name="screening_declined_after_end",
            ),
        ]

"""What is owed to a child who is alone, in danger, at risk or a victim, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField

CARE = ("", "separated", "unaccompanied")
RISKS = ("", "at_risk", "victim")


class Duty(Versioned, AboutPerson):
    """A child has to be registered and referred by a moment.

    first_at: when it began. It never moves, so that nothing that fails gives more time.
    due_at: by when; it comes sooner and never later. care, risk, danger: why.
    met_by: what satisfies it, until met_until (empty: on and on). After that it is live by the
    clock alone, whether or not a worker ran.
    current: the one that stands; an earlier one is what was owed before.
    asked_by, asked_at, asked_for: who asks to end it, and for which of ``Ending``; ended_by: the
    second person who agrees.
    """

    class Met(models.TextChoices):
        NOTHING = "", _("nothing yet")
        REFERRAL = "referral", _("a referral that goes on")
        COMPLETED = "completed", _("a referral that was completed")
        DECISION = "decision", _("a best-interests decision")
        CARE = "care", _("verified care of a parent or caregiver")

    class Ending(models.TextChoices):
        NOTHING = "", _("not asked")
        ADULT_SERVICES = "adult_services", _("handed over to services for adults")
        DIED = "died", pgettext_lazy("why a duty ends", "died")
        TWICE = "twice", _("registered twice: the other record has the duty")

    first_at = models.DateTimeField(_("began"))
    due_at = models.DateTimeField(_("due by"))
    care = models.CharField(_("care"), max_length=LONGEST_WORD, blank=True)
    risk = models.CharField(_("risk"), max_length=LONGEST_WORD, blank=True)
    danger = models.BooleanField(_("in danger"), default=False)
    met_by = models.CharField(
        _("satisfied by"), max_length=12, choices=Met.choices, default=Met.NOTHING, blank=True
    )
    met_at = models.DateTimeField(_("satisfied"), null=True)
    met_until = models.DateTimeField(_("satisfied until"), null=True)
    current = models.BooleanField(default=True, editable=False)
    asked_for = models.CharField(
        _("asked to end"), max_length=20, choices=Ending.choices, default="", blank=True
    )
    asked_by = models.UUIDField(null=True, editable=False)
    asked_at = models.DateTimeField(_("asked"), null=True)
    asked_words = VaultTextField(null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("duty to a child")
        verbose_name_plural = _("duties to children")
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(current=True, ended_at=None),
                name="children_duties_by_time",
            ),
            models.Index(
                fields=["met_by", "due_at", "id"],
                condition=Q(current=True, ended_at=None),
                name="children_duties_live",
            ),
            models.Index(
                fields=["met_until"],
                condition=Q(current=True, met_until__isnull=False),
                name="children_duties_lapse",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(current=True),
                name="children_one_duty",
            ),
            models.CheckConstraint(condition=Q(care__in=CARE), name="children_care_known"),
            models.CheckConstraint(condition=Q(risk__in=RISKS), name="children_risk_known"),
            models.CheckConstraint(
                condition=Q(met_by="", met_at=None, met_until=None)
                | Q(met_by__in=["completed", "care"], met_at__isnull=False, met_until=None)
                | Q(met_by="referral", met_at__isnull=False)
                | Q(met_by="decision", met_at__isnull=False, met_until__isnull=False),
                name="children_met_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(asked_for="", asked_by=None, asked_at=None)
                | Q(
                    asked_for__in=["adult_services", "died", "twice"],
                    asked_by__isnull=False,
                    asked_at__isnull=False,
                ),
                name="children_end_asked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | (
                    Q(ended_at__isnull=False, ended_by__isnull=False, asked_by__isnull=False)
                    & ~Q(ended_by=F("asked_by"))
                ),
                name="children_ended_by_two",
            ),
        ]

    @property
    def is_live(self) -> bool:
        """Whether its clock runs, by the clock alone."""
        lapsed = self.met_until is not None and self.met_until <= clock.now()
        return self.ended_at is None and (self.met_by == "" or lapsed)

    @property
    def is_late(self) -> bool:
        """Whether its clock ran out."""
        return self.is_live and self.due_at <= clock.now()


class DutyStep(AboutPerson):
    """One step in the history of a duty, which nobody changes.

    code: what satisfies it, or the rung of the ladder. told: who was told.
    """

    class Kind(models.TextChoices):
        BEGAN = "began", pgettext_lazy("duty to a child", "The clock began")
        SOONER = "sooner", _("More is known: it is due sooner")
        MET = "met", _("Satisfied")
        AGAIN = "again", _("Not satisfied any more: the clock runs from its first moment")
        TOLD = "told", _("Told because of the clock")
        NOBODY = "nobody", _("The clock found nobody who could be told")
        ASKED = "asked", _("A colleague asked to end it")
        KEPT = "kept", _("The second person did not agree to end it")
        ENDED = "ended", _("Ended by two")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=20, blank=True)
    told = models.UUIDField(null=True, editable=False)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("step of a duty to a child")
        verbose_name_plural = _("steps of duties to children")
        indexes = [
            models.Index(fields=["duty", "at"], name="children_steps_in_time"),
            models.Index(
                fields=["told", "at"],
                condition=Q(told__isnull=False),
                name="children_steps_told",
            ),
        ]

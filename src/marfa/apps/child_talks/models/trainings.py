"""Who is trained to speak with children, and what the organisation sets."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Organisation
from marfa.domain.ids import new_reference
from marfa.platform.revisions.models import Versioned


class TalkTraining(Versioned):
    """A training of a member of staff, until a day. It counts once a second person confirmed it,
    who neither entered it nor has it.

    language: code of ISO 639-3, where the training is one in a language.
    """

    class What(models.TextChoices):
        CHILDREN = "children", _("speaking with children")
        SIGN = "sign", _("a sign language")
        LANGUAGE = "language", _("a language")

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="talk_trainings")
    what = models.CharField(_("training"), max_length=10, choices=What.choices)
    language = models.CharField(_("language"), max_length=20, blank=True)
    until = models.DateField(_("until"))
    entered_at = models.DateTimeField(_("recorded on"))
    entered_by = models.UUIDField(editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    confirmed_by = models.UUIDField(null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("training to speak with children")
        verbose_name_plural = _("trainings to speak with children")
        indexes = [models.Index(fields=["user", "what", "until"], name="child_talks_trained")]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=F("entered_by"))
                & ~Q(confirmed_by=F("user")),
                name="child_talks_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(entered_by=F("user")), name="child_talks_not_ones_own"
            ),
            models.CheckConstraint(
                condition=Q(what="language") & ~Q(language="")
                | Q(what__in=["children", "sign"], language=""),
                name="child_talks_training_of",
            ),
        ]

    def __str__(self) -> str:
        return f"training {self.reference}"


class TalkSettings(Versioned):
    """What an organisation sets: the age below which no list of questions is put, and for how many
    minutes a talk goes on, by age. The numbers are ours until somebody sets others."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="talk_settings"
    )
    least_age = models.PositiveSmallIntegerField(_("lowest age for a list"), default=10)
    minutes_to_6 = models.PositiveSmallIntegerField(_("minutes below 7"), default=20)
    minutes_7_to_9 = models.PositiveSmallIntegerField(_("minutes from 7 to 9"), default=30)
    minutes_10_to_12 = models.PositiveSmallIntegerField(_("minutes from 10 to 12"), default=45)
    minutes_13_to_17 = models.PositiveSmallIntegerField(_("minutes from 13 to 17"), default=60)

    class Meta:
        verbose_name = _("settings of conversations with children")
        verbose_name_plural = _("settings of conversations with children")
        constraints = [
            models.CheckConstraint(
                condition=Q(least_age__gte=6, least_age__lte=18), name="child_talks_least_age"
            ),
            models.CheckConstraint(
                condition=Q(
                    minutes_to_6__gte=5,
                    minutes_7_to_9__gte=F("minutes_to_6"),
                    minutes_10_to_12__gte=F("minutes_7_to_9"),
                    minutes_13_to_17__gte=F("minutes_10_to_12"),
                    minutes_13_to_17__lte=90,
                ),
                name="child_talks_minutes_by_age",
            ),
        ]

    def __str__(self) -> str:
        return f"settings of talks of {self.organisation_id}"

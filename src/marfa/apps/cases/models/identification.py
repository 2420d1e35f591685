"""Presumption, which opens help, and formal identification."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models.case import Case
from marfa.apps.cases.models.country_profiles import KINDS_OF_AUTHORITY
from marfa.apps.registry.models.person import AboutPerson
from marfa.apps.screening.models import Screening
from marfa.domain.ids import new_id
from marfa.platform.moments import last_day
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField


class Presumption(AboutPerson):
    """A first responder has reason to think that somebody may be a victim: enough to help at once.

    It is never taken back: a second person may disagree in their review, and help goes on.
    """

    class Ground(models.TextChoices):
        SCREENING = "screening", _("a screening")
        TOLD = "told", _("the person said it")
        OBSERVED = "observed", _("what was seen")
        REFERRED = "referred", _("reported by another organisation")
        CHILD = "child", _("a child in exploitation")
        OTHER = "other", _("another reason")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="presumptions")
    screening = models.ForeignKey(
        Screening, on_delete=models.SET_NULL, null=True, related_name="presumptions"
    )
    ground = models.CharField(_("ground"), max_length=12, choices=Ground.choices)
    words = VaultTextField(null=True)
    made_at = models.DateTimeField(_("when"))
    made_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("presumption")
        verbose_name_plural = _("presumptions")


class FormalIdentification(Versioned, AboutPerson):
    """What the competent authority was asked and what it decided. Help never depends on it.

    authority, authority_kind: as the country profile had it when the authority was asked.
    expected_at: by when a decision is expected; a later one is a delay, told to the supervisor.
    It is the end of the last day, which is shown as ``expected_by``.
    appeal_until: last day to appeal. appeals: the decision that this one was asked to change, by
    one appeal at most that the person did not take back.
    withdrawn_at: the person took the request back, which changes nothing else.
    wish: the person's yes to being presented, in their words. rests_on: whether that yes is enough
    by itself, or what stands beside it for who is no adult for certain.
    """

    class Decision(models.TextChoices):
        NONE = "", _("not decided")
        IDENTIFIED = "identified", _("identified as a victim")
        REFUSED = "refused", _("not identified as a victim")

    class RestsOn(models.TextChoices):
        PERSON = "person", _("the person’s own yes")
        GUARDIAN = "guardian", _("the person’s own yes and a verified guardian")
        BASIS = "basis", _("the person’s own yes and another recorded ground")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="formal")
    country = models.CharField(_("country"), max_length=2)
    authority = models.CharField(_("authority"), max_length=200)
    authority_kind = models.CharField(_("kind of authority"), max_length=40)
    asked_at = models.DateTimeField(_("authority asked"))
    asked_by = models.UUIDField(editable=False)
    expected_at = models.DateTimeField(_("decision expected by"), null=True)
    decision = models.CharField(_("decision"), max_length=12, choices=Decision.choices, blank=True)
    decided_on = models.DateField(_("decided on"), null=True)
    recorded_at = models.DateTimeField(_("recorded on"), null=True)
    recorded_by = models.UUIDField(null=True, editable=False)
    reasons = VaultTextField(null=True)
    file_number = VaultTextField(null=True)
    appeal_until = models.DateField(_("appeal until"), null=True)
    appeals = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="appealed_by"
    )
    wish = VaultTextField(null=True)
    rests_on = models.CharField(
        _("based on"), max_length=10, choices=RestsOn.choices, default=RestsOn.PERSON
    )
    withdrawn_at = models.DateTimeField(_("taken back"), null=True)
    withdrawn_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("formal identification")
        verbose_name_plural = _("formal identifications")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_on=None)
                | Q(decision__in=["identified", "refused"], decided_on__isnull=False),
                name="cases_decided_with_date",
            ),
            models.CheckConstraint(
                condition=Q(authority_kind__in=KINDS_OF_AUTHORITY),
                name="cases_authority_kind_known",
            ),
            models.UniqueConstraint(
                fields=["organisation", "case"],
                condition=Q(decision="", withdrawn_at=None),
                name="cases_one_request_open",
            ),
            models.UniqueConstraint(
                fields=["organisation", "appeals"],
                condition=Q(withdrawn_at=None),
                name="cases_one_appeal_stands",
            ),
        ]

    @property
    def expected_by(self) -> date | None:
        """The last day on which a decision is in time, at the site."""
        return last_day(self.expected_at, self.case.site.time_zone) if self.expected_at else None

"""The way back to a family: its risks, the child's wish, the decision by two, and visits."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.best_interests.models import Determination
from marfa.apps.best_interests.models.agreement import AgreedRow, agreed_constraints
from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models import Person
from marfa.apps.registry.models.person import AboutPerson
from marfa.apps.tracing.models.claims import ClaimedRelative
from marfa.domain.ids import new_id
from marfa.platform.migration.guards import TableGuards
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultJSONField, VaultTextField


class RiskCheck(AboutPerson):
    """What is known of the dangers of one family: it may be the family that trafficked.

    answers: sign of ``family_risks`` -> yes, no or unknown. danger: a sign that stops a
    reunification is there, or nobody knows. doubt: any sign is there, so that a panel decides.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(ClaimedRelative, on_delete=models.CASCADE, related_name="risk_checks")
    answers = VaultJSONField(null=True)
    words = VaultTextField(null=True)
    danger = models.BooleanField(_("danger"))
    doubt = models.BooleanField(_("in doubt"))
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("check of the risks of a family")
        verbose_name_plural = _("checks of the risks of families")
        constraints = [
            models.CheckConstraint(
                condition=Q(danger=False) | Q(doubt=True), name="tracing_danger_is_doubt"
            ),
        ]


class Parting(Versioned, AboutPerson):
    """Why brothers and sisters, or a girl and her baby, are not together. A second person agrees,
    and it is looked at again.

    other: from whom the person is apart.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        AGREED = "agreed", _("a second person agreed")
        NOT_AGREED = "not_agreed", _("a second person did not agree")
        ENDED = "ended", _("they are together again")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="partings")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    why = VaultTextField(null=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.UUIDField(editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.UUIDField(null=True, editable=False)
    review_at = models.DateTimeField(_("review"))

    class Meta:
        verbose_name = _("parting of brothers and sisters")
        verbose_name_plural = _("partings of brothers and sisters")
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("other")), name="tracing_parting_of_two"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | Q(
                    state__in=["agreed", "not_agreed", "ended"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="tracing_parting_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="tracing_parting_by_another",
            ),
            models.CheckConstraint(
                condition=Q(review_at__gt=F("asked_at"))
                & (Q(decided_at=None) | Q(state="ended") | Q(review_at__gt=F("decided_at"))),
                name="tracing_parting_reviewed_later",
            ),
        ]


class Reunification(AgreedRow, Versioned, AboutPerson):
    """Bringing a person back to a relative who was verified, prepared by one, decided by another.

    wish, wish_how, wish_at: what the child wishes, how they were asked and when. border: it leads
    into another country. needs_panel: by the border, or by a doubt about the family; then a
    determination of best interests is named. grown_up: an adult, who decides by themselves.
    ended_at: when they were together, or it was stopped.
    """

    class Wish(models.TextChoices):
        YES = "yes", _("wants to go")
        NO = "no", _("does not want to go")
        UNSURE = "unsure", _("does not know yet")

    class State(models.TextChoices):
        WAITING = "waiting", _("prepared, not decided yet")
        AGREED = "agreed", _("decided, not carried out yet")
        NOT_AGREED = "not_agreed", _("a second person did not agree")
        DONE = "done", _("they are together")
        STOPPED = "stopped", _("stopped")

    table_guards = TableGuards("marfa.apps.tracing.guards.reunifications")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reunifications")
    claim = models.ForeignKey(
        ClaimedRelative, on_delete=models.CASCADE, related_name="reunifications"
    )
    risk = models.ForeignKey(RiskCheck, on_delete=models.CASCADE, related_name="+")
    danger = models.BooleanField(default=False, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    wish = models.CharField(_("the child’s wish"), max_length=10, choices=Wish.choices)
    wish_how = VaultTextField(null=True)
    wish_at = models.DateTimeField(_("asked on"))
    border = models.BooleanField(_("across a border"))
    needs_panel = models.BooleanField(editable=False)
    determination = models.ForeignKey(
        Determination, on_delete=models.CASCADE, null=True, related_name="+"
    )
    grown_up = models.BooleanField(default=False, editable=False)
    why = VaultTextField(null=True)
    prepared_at = models.DateTimeField(_("prepared"))
    prepared_by = models.UUIDField(editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.UUIDField(null=True, editable=False)
    review_at = models.DateTimeField(_("review"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    outcome = VaultTextField(null=True)

    class Meta:
        verbose_name = _("reunification")
        verbose_name_plural = _("reunifications")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["waiting", "agreed"]),
                name="tracing_one_reunification",
            ),
            models.CheckConstraint(condition=Q(danger=False), name="tracing_danger_stops"),
            models.CheckConstraint(
                condition=Q(border=False) | Q(needs_panel=True), name="tracing_border_needs_panel"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "done"])
                | Q(needs_panel=False)
                | Q(determination__isnull=False),
                name="tracing_panel_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "done"])
                | Q(grown_up=True)
                | Q(agreed_answer="given"),
                name="tracing_reunification_with_a_yes",
            ),
            *agreed_constraints("tracing_reunification"),
            models.CheckConstraint(
                condition=Q(wish="yes") | ~Q(state__in=["agreed", "done"]),
                name="tracing_wish_of_the_child",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "stopped"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="tracing_reunification_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("prepared_by")),
                name="tracing_reunification_by_another",
            ),
            models.CheckConstraint(
                condition=Q(review_at__gt=F("prepared_at"))
                & (Q(decided_at=None) | Q(review_at__gt=F("decided_at"))),
                name="tracing_reunification_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "stopped"], ended_at__isnull=False)
                | Q(state__in=["waiting", "agreed", "not_agreed"], ended_at=None),
                name="tracing_reunification_ended",
            ),
        ]


class FamilyVisit(Versioned, AboutPerson):
    """A visit after a reunification: planned with a day, and how it went."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        WELL = "well", _("all is well")
        CONCERN = "concern", _("something worries")
        DANGER = "danger", _("the person is in danger")
        NOT_MET = "not_met", _("no one was met")

    reunification = models.ForeignKey(
        Reunification, on_delete=models.CASCADE, related_name="visits"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    due_at = models.DateTimeField(_("due by"))
    words = VaultTextField(null=True)
    held_at = models.DateTimeField(_("when"), null=True)
    held_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("visit after a reunification")
        verbose_name_plural = _("visits after reunifications")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="planned", held_at=None)
                | Q(
                    state__in=["well", "concern", "danger", "not_met"],
                    held_at__isnull=False,
                    held_by__isnull=False,
                ),
                name="tracing_visit_held",
            ),
        ]

"""A plan by need, its steps, and each time that it was looked at with the child.

There is no field for why a child needs it: nothing of a force or a group, of what a child did or
what was done to it. The goals are those of the case (``assistance.Goal``), in the child's words.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.assistance.models import Goal
from marfa.apps.best_interests.models import BestInterestsAssessment
from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField

NEEDS = codelist("recovery_needs").codes
ViewHow = BestInterestsAssessment.ViewHow


class RecoveryPlan(Versioned, AboutPerson):
    """What is done with a child until it has a life of its own again; one at a time.

    view, view_how: what the child wants, and how it is known. ending, end_view, asked_*: what
    somebody asks, with the child's own view of it; ended_by: the other person, who agreed.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("under way")
        ENDED = "ended", _("ended")

    class Ending(models.TextChoices):
        REACHED = "reached", _("the child has what was needed")
        NOT_WANTED = "not_wanted", _("the child no longer wants it")
        HANDED_OVER = "handed_over", _("others go on with it")
        CANNOT = "cannot", _("it cannot go on: the child is not here, or was registered twice")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="recovery_plans")
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RUNNING
    )
    view_how = models.CharField(_("view of the child"), max_length=10, choices=ViewHow.choices)
    view = VaultTextField(null=True)
    made_on = models.DateField(_("day"))
    review_on = models.DateField(_("review by"))
    made_at = models.DateTimeField(_("made"))
    made_by = models.UUIDField(editable=False)
    ending = models.CharField(_("why it ends"), max_length=15, choices=Ending.choices, blank=True)
    end_view = VaultTextField(null=True)
    asked_at = models.DateTimeField(_("asked to end it"), null=True)
    asked_by = models.UUIDField(null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("recovery plan")
        verbose_name_plural = _("recovery plans")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "case"],
                condition=Q(state="running"),
                name="reintegration_one_plan",
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("made_on")), name="reintegration_plan_reviewed"
            ),
            models.CheckConstraint(
                condition=Q(ending="", asked_at=None, asked_by=None)
                | Q(
                    ending__in=["reached", "not_wanted", "handed_over", "cannot"],
                    asked_at__isnull=False,
                    asked_by__isnull=False,
                    end_view__isnull=False,
                ),
                name="reintegration_end_with_view",
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at=None, ended_by=None)
                | (
                    Q(state="ended", ended_at__isnull=False, ended_by__isnull=False)
                    & Q(asked_by__isnull=False)
                    & ~Q(ended_by=F("asked_by"))
                ),
                name="reintegration_ended_by_another",
            ),
        ]


class PlanStep(Versioned, AboutPerson):
    """One step for one need: what is done, by whom, until which day. outcome: what came of it."""

    class State(models.TextChoices):
        OPEN = "open", _("under way")
        DONE = "done", _("done")
        DROPPED = "dropped", _("no longer wanted")

    plan = models.ForeignKey(RecoveryPlan, on_delete=models.CASCADE, related_name="steps")
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, related_name="+")
    need = models.CharField(_("need"), max_length=LONGEST_WORD)
    words = VaultTextField(null=True)
    by_whom = VaultTextField(null=True)
    due_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    outcome = VaultTextField(null=True)
    set_at = models.DateTimeField(_("set on"))
    set_by = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("step of a recovery plan")
        verbose_name_plural = _("steps of recovery plans")
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(state="open"), name="reintegration_steps_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(need__in=NEEDS), name="reintegration_need_known"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None, ended_by=None)
                | Q(
                    state__in=["done", "dropped"],
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                ),
                name="reintegration_step_ended",
            ),
        ]


class PlanReview(AboutPerson):
    """A plan was looked at with the child. words: what was found, and what changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(RecoveryPlan, on_delete=models.CASCADE, related_name="reviews")
    view_how = models.CharField(_("view of the child"), max_length=10, choices=ViewHow.choices)
    view = VaultTextField(null=True)
    words = VaultTextField(null=True)
    done_on = models.DateField(_("day"))
    review_on = models.DateField(_("review by"))
    at = models.DateTimeField(_("recorded on"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("review of a recovery plan")
        verbose_name_plural = _("reviews of recovery plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(review_on__gt=F("done_on")), name="reintegration_reviewed_again"
            ),
        ]

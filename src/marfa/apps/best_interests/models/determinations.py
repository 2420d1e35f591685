"""Determinations: a matter, options side by side, a panel, a decision until a day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.models import Recipient
from marfa.apps.best_interests.matters import MATTERS
from marfa.apps.best_interests.models.assessments import BestInterestsAssessment
from marfa.apps.cases.models.case import Case
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.platform.migration.guards import TableGuards
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField

DECIDED = ("decided", "superseded")


class Determination(Versioned, AboutPerson):
    """What several agencies found to be best for a child, on one matter.

    about: key of the relative, caregiver, authority or site on whom it decides; ``named`` says it
    in words. meanwhile: who protects the child until an authority is safe again.
    outcome: whether what is asked may be done. view, weighed: what the child thinks, and what it
    weighed. ordered_by, order_*: the order of the competent authority, which alone separates.
    decided_by: the chair, or the second person where no panel meets; never who prepared it.
    After ``review_on`` nothing rests on it any more, whatever the state says.
    """

    ViewHow = BestInterestsAssessment.ViewHow

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        PANEL = "panel", _("before the panel")
        DECIDED = "decided", _("decided")
        SUPERSEDED = "superseded", _("replaced by a later decision")
        DROPPED = "dropped", _("withdrawn before it was decided")

    class Outcome(models.TextChoices):
        YES = "yes", _("it is best for the child")
        NO = "no", _("it is not best for the child")

    table_guards = TableGuards("marfa.apps.best_interests.guards.determinations")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="determinations")
    matter = models.CharField(_("matter"), max_length=LONGEST_WORD)
    about = models.UUIDField(null=True, editable=False)
    named = VaultTextField(null=True)
    question = VaultTextField(null=True)
    meanwhile = VaultTextField(null=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    view_how = models.CharField(
        _("view of the child"), max_length=10, choices=ViewHow.choices, default=ViewHow.NOT_YET
    )
    view = VaultTextField(null=True)
    weighed = VaultTextField(null=True)
    outcome = models.CharField(_("outcome"), max_length=5, choices=Outcome.choices, blank=True)
    decision = VaultTextField(null=True)
    reasons = VaultTextField(null=True)
    dissent = VaultTextField(null=True)
    prepared_at = models.DateTimeField(_("prepared"))
    prepared_by = models.UUIDField(editable=False)
    panel_at = models.DateTimeField(_("put before the panel"), null=True)
    due_at = models.DateTimeField(_("to be decided by"), null=True)
    decided_on = models.DateField(_("day of the decision"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.UUIDField(null=True, editable=False)
    review_on = models.DateField(_("review by"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ordered_by = VaultTextField(null=True)
    order_reference = VaultTextField(null=True)
    order_on = models.DateField(_("day of the order"), null=True)
    order_entered_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("best-interests determination")
        verbose_name_plural = _("best-interests determinations")
        indexes = [
            models.Index(
                fields=["person", "matter", "about"],
                condition=Q(state="decided"),
                name="best_interests_decided",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(matter__in=MATTERS), name="best_interests_matter_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "panel", "dropped"],
                    decided_by=None,
                    decided_at=None,
                    decided_on=None,
                    outcome="",
                )
                | Q(
                    state__in=DECIDED,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    decided_on__isnull=False,
                    review_on__isnull=False,
                    review_on__gt=F("decided_on"),
                    outcome__in=["yes", "no"],
                    reasons__isnull=False,
                ),
                name="best_interests_decided_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("prepared_by")),
                name="best_interests_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(matter="authority_unsafe")
                | Q(meanwhile__isnull=False, named__isnull=False),
                name="best_interests_unsafe_for_one",
            ),
            models.CheckConstraint(
                condition=Q(order_on=None, ordered_by__isnull=True, order_entered_by=None)
                | Q(
                    matter="separation",
                    order_on__isnull=False,
                    ordered_by__isnull=False,
                    order_entered_by__isnull=False,
                ),
                name="best_interests_order_of_authority",
            ),
        ]


class DeterminationOption(Versioned, AboutPerson):
    """One of the options that a panel compares. chosen: the one on which it decided."""

    determination = models.ForeignKey(
        Determination, on_delete=models.CASCADE, related_name="options"
    )
    place = models.PositiveSmallIntegerField(_("place"), default=1)
    name = VaultTextField(null=True)
    speaks_for = VaultTextField(null=True)
    against = VaultTextField(null=True)
    safety = VaultTextField(null=True)
    view = VaultTextField(null=True)
    chosen = models.BooleanField(_("chosen"), default=False)

    class Meta:
        verbose_name = _("option of a determination")
        verbose_name_plural = _("options of determinations")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "determination"],
                condition=Q(chosen=True),
                name="best_interests_one_chosen",
            ),
        ]


class PanelMember(Versioned, AboutPerson):
    """Somebody on the panel. agency: whom they come from; None: this organisation.

    conflict: what of theirs may stand against the child's interests; whoever has one stands back
    and does not count. dissent: what they would have decided instead.
    """

    class Role(models.TextChoices):
        CHILD_PROTECTION = "child_protection", _("child protection")
        HEALTH = "health", _("health or psychosocial support")
        LAW = "law", _("law")
        GUARDIAN = "guardian", _("guardian of the child")
        CARE = "care", _("care or shelter")
        OTHER = "other", _("another role")

    determination = models.ForeignKey(
        Determination, on_delete=models.CASCADE, related_name="members"
    )
    agency = models.ForeignKey(Recipient, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.UUIDField(null=True, editable=False)
    name = VaultTextField(null=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    has_conflict = models.BooleanField(_("conflict of interest"), default=False)
    conflict = VaultTextField(null=True)
    stood_back = models.BooleanField(_("stood back"), default=False)
    dissents = models.BooleanField(_("dissents"), default=False)
    dissent = VaultTextField(null=True)

    class Meta:
        verbose_name = _("member of a panel")
        verbose_name_plural = _("members of panels")
        constraints = [
            models.CheckConstraint(
                condition=Q(has_conflict=False) | Q(stood_back=True, conflict__isnull=False),
                name="best_interests_conflict_stands_back",
            ),
            models.UniqueConstraint(
                fields=["organisation", "determination", "user"],
                condition=Q(user__isnull=False),
                name="best_interests_member_once",
            ),
        ]

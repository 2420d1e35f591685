"""Assessments of an age that is disputed, what was looked at, and what was found."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.best_interests.models.agreement import AgreedRow, agreed_constraints
from marfa.apps.cases.models import Case
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.codelists import codelist
from marfa.platform.migration.guards import TableGuards
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField

METHODS = codelist("age_methods")
LOOKS = tuple(sorted(each for each in METHODS.codes if METHODS.entry(each).attributes["asked"]))
"""What can be asked for: what is there on paper, and what people tell."""
EXAMINATIONS = tuple(sorted(set(METHODS.codes) - set(LOOKS)))
"""What cannot be asked for here. One that was made elsewhere is entered with its error."""
LIVE = ["asked", "agreed", "proposed", "decided", "appealed"]
AFTER_YES = ["agreed", "proposed", "decided", "appealed", "adult"]
BY_TWO = ["decided", "appealed", "adult"]


class AgeAssessment(AgreedRow, Versioned, AboutPerson):
    """The assessment of one disputed age. The person is a child until its end.

    need: why nothing milder settles it. authority, legal_basis: who may, and by which law.
    proposed_by: who says that every result lies above 18. confirmed_by: the second person, never
    the first. appeal_until: last day on which the person may appeal; nobody is an adult before.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waits for an answer: may the age be assessed?")
        REFUSED = "refused", _("the answer was no: nothing follows from it")
        AGREED = "agreed", _("under way: a child meanwhile")
        PROPOSED = "proposed", _("adult proposed, waits for a second person: a child meanwhile")
        DECIDED = "decided", _("two decided: a child until the time to appeal is over")
        APPEALED = "appealed", _("appealed: a child meanwhile")
        CHILD = "child", _("ended: a child")
        ADULT = "adult", _("ended: an adult")

    table_guards = TableGuards("marfa.apps.age_assessment.guards")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="age_assessments")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    need = VaultTextField(null=True)
    authority = VaultTextField(null=True)
    legal_basis = VaultTextField(null=True)
    asked_at = models.DateTimeField(_("requested"))
    asked_by = models.UUIDField(editable=False)
    reasons = VaultTextField(null=True)
    proposed_at = models.DateTimeField(_("proposed"), null=True)
    proposed_by = models.UUIDField(null=True, editable=False)
    confirmed_on = models.DateField(_("decided by two on"), null=True)
    confirmed_by = models.UUIDField(null=True, editable=False)
    appeal_until = models.DateField(_("appeal possible until"), null=True)
    appealed_at = models.DateTimeField(_("appealed"), null=True)
    appeal = VaultTextField(null=True)
    appeal_answer = VaultTextField(null=True)
    ended_on = models.DateField(_("ended"), null=True)
    ended_by = models.UUIDField(null=True, editable=False)
    outcome = VaultTextField(null=True)

    class Meta:
        verbose_name = _("age assessment")
        verbose_name_plural = _("age assessments")
        constraints = [
            *agreed_constraints("age_assessment_ageassessment"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "child"])
                | Q(state="refused", agreed_answer="refused")
                | Q(state__in=AFTER_YES, agreed_answer="given"),
                name="age_assessment_after_yes",
            ),
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(state__in=LIVE),
                name="age_assessment_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="age_assessment_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=BY_TWO)
                | Q(
                    proposed_by__isnull=False,
                    confirmed_by__isnull=False,
                    confirmed_on__isnull=False,
                    appeal_until__isnull=False,
                    appeal_until__gt=F("confirmed_on"),
                ),
                name="age_assessment_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="adult") | Q(ended_on__gt=F("appeal_until")),
                name="age_assessment_after_appeal",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, ended_on=None)
                | Q(state__in=["refused", "child", "adult"], ended_on__isnull=False),
                name="age_assessment_ended",
            ),
        ]


class AgeLook(Versioned, AboutPerson):
    """One thing that is looked at or asked, before anything else: papers, and what people tell."""

    assessment = models.ForeignKey(AgeAssessment, on_delete=models.CASCADE, related_name="looks")
    kind = models.CharField(_("what is looked at"), max_length=LONGEST_WORD)
    looked_at = models.DateTimeField(_("looked at"), null=True)
    looked_by = models.UUIDField(null=True, editable=False)
    words = VaultTextField(null=True)

    class Meta:
        verbose_name = _("look at an age")
        verbose_name_plural = _("looks at an age")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LOOKS), name="age_look_never_a_body"),
            models.UniqueConstraint(
                fields=["organisation", "assessment", "kind"], name="age_look_once"
            ),
        ]


class AgeResult(Versioned, AboutPerson):
    """What one method found: every birthday that it leaves possible, its error included.

    elsewhere: somebody else made it, and it came here. error_years: as whoever made it states it.
    struck_at: entered by mistake, as somebody else than who entered it found.
    """

    assessment = models.ForeignKey(AgeAssessment, on_delete=models.CASCADE, related_name="results")
    method = models.CharField(_("method"), max_length=LONGEST_WORD)
    elsewhere = models.BooleanField(_("made elsewhere"), default=False)
    error_years = models.DecimalField(
        _("stated error, in years"),
        max_digits=4,
        decimal_places=2,
        null=True,
        validators=[MinValueValidator(0)],
    )
    found_on = models.DateField(_("as of"))
    born = VaultTextField(null=True)
    made_by = VaultTextField(null=True)
    words = VaultTextField(null=True)
    entered_at = models.DateTimeField(_("recorded on"))
    entered_by = models.UUIDField(editable=False)
    struck_at = models.DateTimeField(_("struck out"), null=True)
    struck_by = models.UUIDField(null=True, editable=False)
    struck_for = VaultTextField(null=True)

    class Meta:
        verbose_name = _("result on an age")
        verbose_name_plural = _("results on ages")
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=LOOKS)
                | Q(
                    method__in=EXAMINATIONS,
                    elsewhere=True,
                    error_years__isnull=False,
                    error_years__gt=0,
                ),
                name="age_result_with_its_error",
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None)
                | Q(struck_at__isnull=False, struck_by__isnull=False)
                & ~Q(struck_by=F("entered_by")),
                name="age_result_struck_by_another",
            ),
        ]

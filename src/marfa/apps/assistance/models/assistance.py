"""Plan and help. What somebody says to an investigation has no place here (rule 1)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marfa.apps.agreements.models import Recipient
from marfa.apps.cases.models.assessment import AREAS
from marfa.apps.cases.models.case import Case
from marfa.apps.directory.models import Service
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultJSONField, VaultTextField

SUPPORT = codelist("support_types").codes
RETURNS = ("voluntary_return", "relocation_or_resettlement")
"""Help that begins only on an assessment of the risk of it."""


class Goal(Versioned, AboutPerson):
    """What the person wants to reach, in their words."""

    class State(models.TextChoices):
        OPEN = "open", _("under way")
        REACHED = "reached", _("reached")
        DROPPED = "dropped", _("no longer wanted")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="goals")
    area = models.CharField(_("area"), max_length=LONGEST_WORD)
    words = VaultTextField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    due_on = models.DateField(_("until"), null=True)
    set_at = models.DateTimeField(_("set on"))
    set_by = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = [
            models.CheckConstraint(condition=Q(area__in=AREAS), name="assistance_goal_area"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | Q(state__in=["reached", "dropped"], ended_at__isnull=False),
                name="assistance_goal_ended",
            ),
        ]


class Help(Versioned, AboutPerson):
    """One service for the person.

    kind: of ``support_types``; name: what it is called here. provider: who gives it, where it is
    a recipient of data; else ``by_whom``. service: its entry in the directory, where it has one.
    interim: the safety plan for as long as there is no place. next_try_at: when the search for a
    place is due again. It ends for a reason of the charter's list, in which not cooperating is
    none.
    """

    class State(models.TextChoices):
        WANTED = "wanted", _("requested")
        NO_PLACE = "no_place", _("no place available")
        RUNNING = "running", _("given")
        ENDED = "ended", _("ended")
        DECLINED = "declined", _("the person does not want it")

    class End(models.TextChoices):
        NEEDS_MET = "needs_met", _("no longer needed")
        DECLINED = "declined", _("the person no longer wants it")
        MOVED = "moved", _("the person moved")
        UNSAFE = "unsafe", _("it was not safe")
        HANDED_OVER = "handed_over", _("handed over to someone else")
        REGISTERED_TWICE = "registered_twice", _("registered twice")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="help")
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, related_name="help")
    kind = models.CharField(_("kind of help"), max_length=LONGEST_WORD)
    name = VaultTextField(null=True)
    provider = models.ForeignKey(Recipient, on_delete=models.PROTECT, null=True, related_name="+")
    by_whom = VaultTextField(null=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WANTED)
    urgent = models.BooleanField(_("urgent"), default=False)
    asked_at = models.DateTimeField(_("requested"))
    asked_by = models.UUIDField(editable=False)
    next_try_at = models.DateTimeField(_("search again by"), null=True)
    interim = VaultTextField(null=True)
    started_at = models.DateTimeField(_("begun"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    end_reason = models.CharField(_("why"), max_length=20, choices=End.choices, blank=True)
    outcome = VaultTextField(null=True)

    class Meta:
        verbose_name = _("help")
        verbose_name_plural = _("help")
        indexes = [
            models.Index(fields=["case", "state"], name="assistance_help_of_case"),
            models.Index(
                fields=["next_try_at"], condition=Q(state="no_place"), name="assistance_no_place"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SUPPORT), name="assistance_help_kind"),
            models.CheckConstraint(
                condition=Q(state="no_place", next_try_at__isnull=False)
                | (~Q(state="no_place") & Q(next_try_at=None)),
                name="assistance_no_place_is_looked_for",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["wanted", "no_place"], started_at=None, ended_at=None)
                | Q(state="running", started_at__isnull=False, ended_at=None)
                | Q(state__in=["ended", "declined"], ended_at__isnull=False),
                name="assistance_help_in_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="ended",
                    end_reason__in=[
                        *("needs_met", "declined", "moved", "unsafe"),
                        *("handed_over", "registered_twice"),
                    ],
                )
                | (~Q(state="ended") & Q(end_reason="")),
                name="assistance_help_ends_for_a_reason",
            ),
        ]


class HelpTry(AboutPerson):
    """Somebody looked for a place. found: whether there was one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    help = models.ForeignKey(Help, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)
    found = models.BooleanField(_("found"))
    words = VaultTextField(null=True)

    class Meta:
        verbose_name = _("search for a place")
        verbose_name_plural = _("searches for a place")


class HelpSession(Versioned, AboutPerson):
    """One time that help was given, or was to be. by_whom: who gave it, in words. struck_at: when
    it was struck out, as entered by mistake; it stays to be seen. Nothing follows from not coming.
    """

    class Came(models.TextChoices):
        ATTENDED = "attended", _("the person came")
        MISSED = "missed", _("the person did not come")
        CANCELLED = "cancelled", _("cancelled by those who help")

    help = models.ForeignKey(Help, on_delete=models.CASCADE, related_name="sessions")
    on = models.DateField(_("day"))
    came = models.CharField(_("attendance"), max_length=10, choices=Came.choices)
    by_whom = VaultTextField(null=True)
    words = VaultTextField(null=True)
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)
    struck_at = models.DateTimeField(_("struck out on"), null=True)
    struck_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(came__in=["attended", "missed", "cancelled"]),
                name="assistance_session_came",
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None)
                | Q(struck_at__isnull=False, struck_by__isnull=False),
                name="assistance_session_struck_by_somebody",
            ),
        ]


class SafetyPlan(Versioned, AboutPerson):
    """What the person does in danger, whom they tell, and by which word; one a case."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="safety_plan")
    dangers = VaultTextField(null=True)
    signs = VaultTextField(null=True)
    steps = VaultTextField(null=True)
    people = VaultTextField(null=True)
    code_word = VaultTextField(null=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.UUIDField(editable=False)
    review_on = models.DateField(_("review by"))

    class Meta:
        verbose_name = _("safety plan")
        verbose_name_plural = _("safety plans")


class ReflectionPeriod(AboutPerson):
    """Time to recover and to decide, in which nothing is asked of the person. It can be made
    longer by a further one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reflection")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("last day"))
    recorded_at = models.DateTimeField(_("recorded on"))
    recorded_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("reflection period")
        verbose_name_plural = _("reflection periods")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="assistance_reflection_some_day"
            )
        ]


class ReturnAssessment(AboutPerson):
    """What a return or resettlement would mean for the person. It counts until ``valid_until``.

    country: ISO 3166-1, two letters. wished: the person wants it, knowing the risk.
    conclusion: of ``Conclusion``. Whoever knows them knows where to look for the person.
    """

    class Conclusion(models.TextChoices):
        SAFE = "safe", _("safe as far as can be known")
        NOT_SAFE = "not_safe", pgettext_lazy("return", "not safe")
        NOT_KNOWN = "not_known", _("not known")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="returns")
    kind = models.CharField(_("kind of help"), max_length=LONGEST_WORD)
    country = VaultTextField(null=True)
    wished = VaultJSONField(null=True)
    conclusion = VaultTextField(null=True)
    findings = VaultTextField(null=True)
    valid_until = models.DateField(_("valid up to"))
    made_at = models.DateTimeField(_("made"))
    made_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("assessment of a return")
        verbose_name_plural = _("assessments of returns")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RETURNS), name="assistance_return_kind")
        ]

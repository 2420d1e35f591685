"""The case of one person, and its steps."""

from __future__ import annotations

from django.db import models
from django.db.models import Case as When
from django.db.models import F, IntegerField, Q, Value
from django.db.models import When as Then
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marfa.apps.organisations.models import Site, Team
from marfa.apps.registry.models.person import LONGEST_WORD, AboutPerson
from marfa.apps.screening.models import HandOver
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.vault.fields import VaultTextField

URGENCIES = codelist("screening_urgencies").codes
CLOSURE_REASONS = codelist("closure_reasons").codes
BY_URGENCY = When(
    *(Then(urgency=code, then=Value(place)) for place, code in enumerate(URGENCIES)),
    output_field=IntegerField(),
)
"""How soon something is owed, the most urgent highest: an order that an index has."""
EVER_MET = When(Then(met_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())
"""Whom nobody ever met stands before all others."""


class Case(Versioned, AboutPerson):
    """Somebody is helped. A person may have several over time, one of them open.

    number: of this person's cases, from 1. worker: who is responsible; None: nobody yet, and then
    it is the supervisors'. supervisor: who looks at it with them.
    met_at: when somebody last met or reached the person; None: never since it was opened.
    closed_for: why it ended, of ``closure_reasons``; empty while it is open, and for a case that
    was closed before there were any.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("case", "open")
        CLOSED = "closed", pgettext_lazy("case", "closed")

    class Source(models.TextChoices):
        SCREENING = "screening", _("handed over after a screening")
        RESPONDER = "responder", _("a first responder")
        PERSON = "person", _("the person came themselves")
        FAMILY = "family", _("family or neighbours")
        REFERRAL = "referral", _("referred by another organisation")
        OTHER = "other", _("another way")

    number = models.PositiveSmallIntegerField(_("number"), default=1, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    urgency = models.CharField(_("urgency"), max_length=10, default="days")
    source = models.CharField(_("source of the case"), max_length=20, choices=Source.choices)
    hand_over = models.OneToOneField(
        HandOver, on_delete=models.SET_NULL, null=True, related_name="case"
    )
    worker = models.UUIDField(null=True, editable=False)
    supervisor = models.UUIDField(null=True, editable=False)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.UUIDField(editable=False)
    met_at = models.DateTimeField(_("last met"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_for = models.CharField(_("reason to close"), max_length=LONGEST_WORD, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["worker", "state"], name="cases_of_worker"),
            models.Index(fields=["site", "state", "urgency"], name="cases_at_site"),
            models.Index(
                fields=["opened_at"], condition=Q(state="open", met_at=None), name="cases_never_met"
            ),
            # The orders of the lists of open cases: else all of them are sorted for one page.
            models.Index(
                fields=["opened_at", "id"], condition=Q(state="open"), name="cases_open_by_age"
            ),
            models.Index(
                BY_URGENCY.desc(),
                F("opened_at").asc(),
                F("id").asc(),
                condition=Q(state="open"),
                name="cases_open_by_urgency",
            ),
            models.Index(
                EVER_MET.asc(),
                F("met_at").asc(),
                F("id").asc(),
                condition=Q(state="open"),
                name="cases_open_by_meeting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(state="open"),
                name="cases_one_open",
            ),
            models.UniqueConstraint(
                fields=["organisation", "person", "number"], name="cases_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | Q(state="closed", closed_at__isnull=False),
                name="cases_closed_at_end",
            ),
            models.CheckConstraint(
                condition=Q(closed_for="") | Q(state="closed", closed_for__in=CLOSURE_REASONS),
                name="cases_closed_for",
            ),
            models.CheckConstraint(condition=Q(urgency__in=URGENCIES), name="cases_urgency_known"),
        ]


class CaseStep(AboutPerson):
    """One step of a case: its history, which nobody changes.

    before, after: codes, or keys of staff for an assignment.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        ASSIGNED = "assigned", _("assigned")
        URGENCY = "urgency", _("urgency changed")
        CLOSED = "closed", pgettext_lazy("step of a case", "closed")
        REOPENED = "reopened", _("opened again")
        MOVED = "moved", _("moved to another site or team")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    before = models.CharField(max_length=LONGEST_WORD, blank=True)
    after = models.CharField(max_length=LONGEST_WORD, blank=True)
    sentence = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of cases")
        indexes = [
            models.Index(fields=["case", "at"], name="cases_steps_in_time"),
            # The timeline: the newest of all cases.
            models.Index(fields=["-at", "-id"], name="cases_steps_newest"),
        ]


class CaseNote(AboutPerson):
    """What somebody wrote down about a case: for the file, or of a case conference.

    present: who took part in a conference, by role.
    """

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        CONFERENCE = "conference", _("case conference")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.NOTE)
    words = VaultTextField(null=True)
    present = VaultTextField(null=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("note of a case")
        verbose_name_plural = _("notes of cases")


class Review(AboutPerson):
    """A second person looks at something, also from afar and after the fact. No help waits for it.

    subject: key of what it is about, where that is more than the case. wanted: code of what is to
    become of it. asked_by never answers. answered_at: also when it was withdrawn, by nobody.
    """

    class Of(models.TextChoices):
        PRESUMPTION = "presumption", _("a presumption")
        CLOSURE = "closure", _("the end of a case")
        LOWERING = "lowering", _("a lower urgency")
        PERIODIC = "periodic", _("the whole case")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a second person")
        AGREED = "agreed", _("agreed")
        NOT_AGREED = "not_agreed", _("not agreed")
        WITHDRAWN = "withdrawn", _("no longer needed: it became more urgent")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reviews")
    of = models.CharField(_("subject"), max_length=12, choices=Of.choices)
    subject = models.UUIDField(null=True, editable=False)
    asked_by = models.UUIDField(editable=False)
    asked_at = models.DateTimeField(_("asked"))
    wanted = models.CharField(max_length=LONGEST_WORD, blank=True)
    why = VaultTextField(null=True)
    due_at = models.DateTimeField(_("answer due by"))
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.WAITING
    )
    answered_by = models.UUIDField(null=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True)
    words = VaultTextField(null=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state="waiting"), name="cases_reviews_waiting"
            ),
            models.Index(
                fields=["answered_at", "case"],
                condition=Q(of="periodic"),
                name="cases_reviews_of_whole_cases",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", answered_by=None, answered_at=None)
                | Q(state="withdrawn", answered_by=None, answered_at__isnull=False)
                | (
                    Q(state__in=["agreed", "not_agreed"], answered_at__isnull=False)
                    & Q(answered_by__isnull=False)
                    & ~Q(answered_by=models.F("asked_by"))
                ),
                name="cases_reviewed_by_another",
            ),
            models.UniqueConstraint(
                fields=["organisation", "case", "of"],
                condition=Q(state="waiting"),
                name="cases_one_review_waiting",
            ),
        ]

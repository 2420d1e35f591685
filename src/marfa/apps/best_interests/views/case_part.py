"""Best interests, on the page of a child's case."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from marfa.apps.best_interests.actions.steps import is_child, today_at
from marfa.apps.best_interests.models import (
    AdultDoubt,
    AgencyDecision,
    BestInterestsAssessment,
    CapacityNote,
    ChildAnswer,
    Determination,
    Representative,
)
from marfa.apps.best_interests.queries import representatives_in_force, stands_now
from marfa.apps.best_interests.views.assessments import found_in
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.views.common import code_label, render_fragment
from marfa.safeguards.actor import Actor

MOST = 10
State = Determination.State


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """Who speaks for the child, whose yes counts, what was assessed and decided. Of an adult,
    nothing; what was begun for a child stays, and says so, until somebody ends it."""
    child, known = is_child(case), _has_rows(case)
    if not child and not known:
        return mark_safe("")
    today = today_at(case)
    rows = list(Representative.objects.filter(case=case, ended_at=None).order_by("kind", "pk"))
    counting = set(
        representatives_in_force(today).filter(person=case.person_id).values_list("pk", flat=True)
    )
    guardian = any(row.pk in counting and row.kind == "guardian" for row in rows)
    last = BestInterestsAssessment.objects.filter(case=case).order_by("-at", "pk").first()
    decided = list(Determination.objects.filter(case=case).order_by("-prepared_at", "pk")[:MOST])
    return render_fragment(
        request,
        "best_interests/case_part",
        case=case,
        child=child,
        open=case.state == Case.State.OPEN,
        today=today,
        representatives=[(row, row.pk in counting) for row in rows],
        guardian=guardian,
        doubts=list(AdultDoubt.objects.filter(case=case, ended_at=None).order_by("pk")),
        notes=list(CapacityNote.objects.filter(case=case).order_by("-at", "pk")[:MOST]),
        answers=list(ChildAnswer.objects.filter(case=case).order_by("-at", "pk")[:MOST]),
        agency=list(AgencyDecision.objects.filter(case=case).order_by("-asked_at", "pk")[:MOST]),
        last=last,
        found=found_in(last) if last else [],
        decided=[
            (row, code_label("best_interests_matters", row.matter), stands_now(row, case))
            for row in decided
        ],
    )


def _has_rows(case: Case) -> bool:
    kinds = (Representative, BestInterestsAssessment, Determination, AgencyDecision)
    return any(model._default_manager.filter(case=case).exists() for model in kinds)


def next_steps(case: Case) -> Iterable[Next]:
    """A guardian, the assessment and its next time, decisions that wait or are overdue."""
    today = today_at(case)
    if is_child(case):
        guardians = representatives_in_force(today).filter(person=case.person_id, kind="guardian")
        if not guardians.exists():
            there = reverse("cases:representative_new", args=[case.reference])
            yield Next(_("Nobody is guardian of the child: have one appointed."), there, 5)
        last = BestInterestsAssessment.objects.filter(case=case).order_by("-at", "pk").first()
        there = reverse("cases:best_interests", args=[case.reference])
        if last is None:
            yield Next(_("Assess what is best for the child."), there, 5)
        elif last.review_on <= today:
            yield Next(_("Assess again what is best for the child."), there, 6, by=last.review_on)
    for row in Determination.objects.filter(case=case, state__in=(State.PANEL, State.DECIDED)):
        page = reverse("cases:determination", args=[row.reference])
        if row.state == State.PANEL:
            text = _("A decision for the child is before the panel, or a second person.")
            yield Next(text, page, 9, row.due_at)
        elif row.review_on is not None and row.review_on <= today:
            yield Next(_("Review a decision for the child."), page, 4, by=row.review_on)


def case_happenings(case: Case) -> Iterable[Happening]:
    """Who came to speak for the child, what was assessed, and what was decided."""
    for person in Representative.objects.filter(case=case):
        what = f"{_('Representative of the child')}: {person.get_kind_display()}"
        yield Happening(person.recorded_at, what, person.name or "", person.recorded_by)
    for doubt in AdultDoubt.objects.filter(case=case):
        what = str(_("An indicator concerns an adult"))
        yield Happening(doubt.began_at, what, by=doubt.began_by)
    for assessed in BestInterestsAssessment.objects.filter(case=case):
        what = str(_("What is best for the child was assessed"))
        yield Happening(assessed.at, what, by=assessed.by)
    for row in Determination.objects.filter(case=case, decided_at__isnull=False):
        matter = code_label("best_interests_matters", row.matter)
        what = f"{_('Decided for the child')}: {matter} · {row.get_outcome_display()}"
        assert row.decided_at is not None  # noqa: S101 - the filter asks for it
        yield Happening(row.decided_at, what, by=row.decided_by)


PART = CasePart(
    "best-interests",
    _("Best interests"),
    15,
    render_part,
    next_steps,
    case_happenings,
    child=True,
)

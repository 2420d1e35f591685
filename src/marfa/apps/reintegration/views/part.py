"""The recovery plan, on the page of a child's case."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from marfa.apps.best_interests.actions.steps import is_child, today_at
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.views.common import render_fragment
from marfa.apps.reintegration.deadlines import SOON
from marfa.apps.reintegration.models import PlanReview, PlanStep, RecoveryPlan
from marfa.apps.reintegration.views.plans import steps_by_need
from marfa.safeguards.actor import Actor

State = RecoveryPlan.State


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """The plan that is under way with its open steps, and earlier ones. Of an adult for whom none
    was begun, nothing; turning 18 ends none."""
    plans = list(RecoveryPlan.objects.filter(case=case).order_by("-made_at", "pk"))
    child = is_child(case)
    if not child and not plans:
        return mark_safe("")
    running = next((row for row in plans if row.state == State.RUNNING), None)
    steps = steps_by_need(running) if running else []
    return render_fragment(
        request,
        "reintegration/part",
        case=case,
        child=child,
        open=case.state == Case.State.OPEN,
        today=today_at(case),
        running=running,
        steps=[(need, row) for need, rows in steps for row in rows if row.state == "open"],
        over=[row for row in plans if row.state == State.ENDED],
    )


def next_steps(case: Case) -> Iterable[Next]:
    """A review that is near or past, and steps whose day is past."""
    today = today_at(case)
    for row in RecoveryPlan.objects.filter(case=case, state=State.RUNNING):
        if row.review_on <= today + SOON:
            there = reverse("cases:recovery_review", args=[row.reference])
            text = _("Review the recovery plan with the child.")
            yield Next(text, there, 41, by=row.review_on)
        if row.asked_by is not None:
            there = reverse("cases:recovery", args=[row.reference])
            yield Next(_("A second person answers whether the recovery plan ends."), there, 42)
        late = PlanStep.objects.filter(plan=row, state=PlanStep.State.OPEN, due_on__lt=today)
        for step in late.order_by("due_on", "pk")[:1]:
            there = reverse("cases:recovery_step", args=[step.reference])
            yield Next(_("A step of the recovery plan is late."), there, 40, by=step.due_on)


def case_happenings(case: Case) -> Iterable[Happening]:
    """When a plan began, was looked at and ended, and each step that is over."""
    for row in RecoveryPlan.objects.filter(case=case):
        yield Happening(row.made_at, _("A recovery plan began"), row.view or "", row.made_by)
        if row.ended_at is not None:
            what = f"{_('The recovery plan ended')}: {row.get_ending_display()}"
            yield Happening(row.ended_at, what, row.end_view or "", row.ended_by)
    for seen in PlanReview.objects.filter(plan__case=case):
        what = str(_("The recovery plan was reviewed with the child"))
        yield Happening(seen.at, what, seen.words or "", seen.by)
    for step in PlanStep.objects.filter(plan__case=case).exclude(ended_at=None):
        assert step.ended_at is not None  # noqa: S101 - left out above
        what = f"{_('A step of the recovery plan')}: {step.get_state_display()}"
        yield Happening(step.ended_at, what, step.words or "", step.ended_by)


PART = CasePart(
    "recovery", _("Recovery plan"), 38, render_part, next_steps, case_happenings, child=True
)

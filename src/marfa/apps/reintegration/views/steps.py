"""The pages of the steps of a plan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marfa.apps.assistance.models import Goal
from marfa.apps.best_interests.views.common import row_named
from marfa.apps.cases.models import Case
from marfa.apps.cases.views.common import case_page, code_label, shown_or_sent
from marfa.apps.form_pages.editor import Editor
from marfa.apps.form_pages.page import edit_row
from marfa.apps.form_view import data_of, form_view
from marfa.apps.reintegration.actions.steps import StepTold, change_step, end_step, set_step
from marfa.apps.reintegration.forms import ChangeStepForm, StepForm, prompts
from marfa.apps.reintegration.models import PlanStep, RecoveryPlan
from marfa.domain.codes import format_code

CHANGE = Editor("reintegration.step", ChangeStepForm, change_step)
STATES = (PlanStep.State.DONE, PlanStep.State.DROPPED)


@form_view
@sensitive_variables("form", "goals")
def new(request: HttpRequest, reference: str) -> HttpResponse:
    """One more step, with what to think of for each need."""
    row, case, actor = row_named(request, RecoveryPlan, reference)
    there = reverse("cases:recovery", args=[reference])
    with shown_or_sent(request, actor, case):
        goals = _goals(case)
        offered = [(each.reference, each.words or "") for each in goals.values()]
        form = StepForm(data_of(request), goals=offered)

        def act() -> None:
            told = form.cleaned_data
            step = StepTold(
                need=told["need"],
                text=told["words"],
                by_whom=told["by_whom"],
                due_on=told["due_on"],
                goal=goals.get(told.get("goal", "")),
            )
            set_step(actor=actor, plan=row, told=step)

        context = {"there": there, "prompts": prompts()}
        page = case_page(request, "reintegration/step_new", case, context, form=form, alike=None)
        return page.answer(act, done=there, said=_("Saved."))


def _goals(case: Case) -> dict[str, Goal]:
    rows = Goal.objects.filter(case=case, state=Goal.State.OPEN).order_by("set_at", "pk")
    return {row.reference: row for row in rows}


@form_view
@sensitive_variables("row")
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """A step is done, or not wanted any more."""
    row, case, actor = row_named(request, PlanStep, reference, case="plan__case")
    there = reverse("cases:recovery", args=[row.plan.reference])
    with shown_or_sent(request, actor, case):

        def act() -> None:
            told = {name: request.POST.get(name, "") for name in ("state", "text")}
            end_step(actor=actor, row=row, **told)

        context = {
            "row": row,
            "need": code_label("recovery_needs", row.need),
            "states": [(each.value, each.label) for each in STATES],
            "there": there,
        }
        page = case_page(request, "reintegration/step", case, context)
        return page.answer(act, done=there, said=_("Saved."))


@form_view
@sensitive_variables("row")
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """A step, put right, which two may edit at once and neither loses anything."""
    row, case, actor = row_named(request, PlanStep, reference, case="plan__case")
    with shown_or_sent(request, actor, case):
        there = reverse("cases:recovery", args=[row.plan.reference])
        title, about = _("Change a step of the recovery plan"), format_code(case.person.code)
        return edit_row(request, CHANGE, row, title=title, done=there, about=about)

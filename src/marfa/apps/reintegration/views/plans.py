"""The pages of a plan: begun, seen, looked at again, ended by two."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marfa.apps.assistance.models import Goal
from marfa.apps.best_interests.actions.steps import is_child, today_at
from marfa.apps.best_interests.policy_facts import may_decide
from marfa.apps.best_interests.views.common import asked_on_page, row_named
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    code_label,
    must_read,
)
from marfa.apps.form_view import data_of, form_view
from marfa.apps.reintegration.actions.plans import (
    Heard,
    answer_ending,
    ask_to_end,
    begin_plan,
    review_plan,
)
from marfa.apps.reintegration.forms import PlanForm, ReviewForm
from marfa.apps.reintegration.models import NEEDS, PlanReview, PlanStep, RecoveryPlan
from marfa.safeguards.actor import Actor

State = RecoveryPlan.State


def page_of_part(case: Case) -> str:
    """The part of the page of a case."""
    return f"{reverse('cases:case', args=[case.reference])}#recovery"


@form_view
@sensitive_variables("form")
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin a plan; where one is under way, its page."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    running = RecoveryPlan.objects.filter(case=case, state=State.RUNNING).first()
    if running is not None:
        return redirect("cases:recovery", running.reference)
    form = PlanForm(data_of(request))

    def act() -> HttpResponse:
        row = begin_plan(actor=actor, case=case, heard=Heard(**form.cleaned_data))
        return redirect("cases:recovery", row.reference)

    return asked_on_page(
        request,
        case,
        form,
        act,
        title=_("Begin a recovery plan"),
        lead=_(
            "For every child who needs it. Why the child needs it is asked of no one, and stands "
            "nowhere."
        ),
        back=page_of_part(case),
        button=_("Begin"),
    )


@form_view
@sensitive_variables("row")
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """All of a plan, and what can be done with it."""
    row, case, actor = row_named(request, RecoveryPlan, reference)
    page = case_page(
        request,
        "reintegration/plan",
        case,
        partial(_shown, row, case, actor),
        within=partial(case_reading, actor, case),
    )
    return page.answer(partial(_do, request, actor, row), said=_("Saved."))


def _shown(row: RecoveryPlan, case: Case, actor: Actor) -> dict[str, object]:
    # Within ``case_reading``, also after an action that went wrong.
    row.refresh_from_db()
    row.case, row.person = case, case.person
    reviews = list(PlanReview.objects.filter(plan=row).order_by("-at", "pk"))
    names = names_of([row.made_by, row.asked_by, row.ended_by, *(each.by for each in reviews)])
    waits = row.state == State.RUNNING and row.asked_by is not None
    asked = {row.asked_by} if row.asked_by is not None else set()
    steps = steps_by_need(row)
    return {
        "row": row,
        "running": row.state == State.RUNNING and case.state == Case.State.OPEN,
        "grown_up": row.state == State.RUNNING and not is_child(case),
        "today": today_at(case),
        "needs": steps,
        "going_on": any(each.state == "open" for _need, rows in steps for each in rows),
        "goals": list(Goal.objects.filter(case=case).order_by("set_at", "pk")),
        "reviews": [(each, names.get(each.by, "")) for each in reviews],
        "waits": waits,
        "decides": waits and may_decide(actor, case.person, row.pk, prepared_by=asked),
        "endings": RecoveryPlan.Ending.choices,
        "by": names.get(row.made_by, ""),
        "asker": names.get(row.asked_by, ""),
        "ender": names.get(row.ended_by, ""),
        "there": page_of_part(case),
    }


def steps_by_need(row: RecoveryPlan) -> list[tuple[str, list[PlanStep]]]:
    """The steps of a plan by need, in the order of the list; of each, what is due first."""
    rows = PlanStep.objects.filter(plan=row).select_related("goal").order_by("due_on", "pk")
    placed = sorted(rows, key=lambda each: NEEDS.index(each.need))
    return [
        (code_label("recovery_needs", need), list(found))
        for need, found in groupby(placed, key=lambda each: each.need)
    ]


def _do(request: HttpRequest, actor: Actor, row: RecoveryPlan) -> HttpResponse:
    told = request.POST
    match told.get("do"):
        case "end":
            ending, view = told.get("ending", ""), told.get("end_view", "")
            ask_to_end(actor=actor, plan=row, ending=ending, view=view)
        case "agree" | "keep" as answer:
            answer_ending(actor=actor, plan=row, agree=answer == "agree")
        case _other:
            raise SuspiciousOperation
    return redirect("cases:recovery", row.reference)


@form_view
@sensitive_variables("form")
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """A plan, looked at with the child."""
    row, case, actor = row_named(request, RecoveryPlan, reference)
    form = ReviewForm(data_of(request))

    def act() -> None:
        told = dict(form.cleaned_data)
        text = told.pop("text")
        review_plan(actor=actor, plan=row, heard=Heard(**told), text=text)

    return asked_on_page(
        request,
        case,
        form,
        act,
        title=_("Review the recovery plan with the child"),
        back=reverse("cases:recovery", args=[reference]),
    )

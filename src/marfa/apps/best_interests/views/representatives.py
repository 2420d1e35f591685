"""The pages of those who speak for a child, and of doubts about adults."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from marfa.apps.best_interests.actions.representatives import (
    NewRepresentative,
    appoint_representative,
    doubt_adult,
    end_representative,
    keep_representative,
    lift_doubt,
    reach_representative,
)
from marfa.apps.best_interests.forms import NOBODY, DoubtForm, RepresentativeForm
from marfa.apps.best_interests.models import AdultDoubt, Representative
from marfa.apps.best_interests.policy_facts import may_decide
from marfa.apps.best_interests.queries import other_end, representatives_of
from marfa.apps.best_interests.views.common import (
    asked_on_page,
    named_tie,
    page_of_part,
    row_named,
    ties_for,
)
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.views.common import case_named, case_page, case_reading, must_read
from marfa.apps.cases.views.formal_identification import day_said
from marfa.apps.form_view import data_of, form_view
from marfa.safeguards.actor import Actor


@form_view
@sensitive_variables("told")
def appoint(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody is to speak for the child."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    ties = ties_for(actor, case, verified=True)
    named = [(key, named_tie(row, case)) for key, row in ties.items()]
    form = RepresentativeForm(data_of(request), ties=named)

    def act() -> None:
        told = dict(form.cleaned_data)
        told["relationship"] = ties.get(told.pop("relationship", ""))
        appoint_representative(actor=actor, case=case, told=NewRepresentative(**told))

    return asked_on_page(
        request, case, form, act, title=_("A guardian, lawyer or interpreter for the child")
    )


@form_view
@sensitive_variables("row")
def representative(request: HttpRequest, reference: str) -> HttpResponse:
    """One of them: reached, reviewed, ended."""
    row, case, actor = row_named(request, Representative, reference)
    page = case_page(
        request,
        "best_interests/representative",
        case,
        partial(_shown, row, case),
        within=partial(case_reading, actor, case),
    )
    return page.answer(partial(_do, request, actor, row), said=_("Saved."))


def _shown(row: Representative, case: Case) -> dict[str, object]:
    row.refresh_from_db()
    counts = {each.pk for each in representatives_of(case.person)}
    names = names_of([row.recorded_by, row.ended_by])
    return {
        "row": row,
        "counts": row.pk in counts,
        "by": names.get(row.recorded_by, ""),
        "ended_by": names.get(row.ended_by, ""),
        "there": page_of_part(case),
    }


def _do(request: HttpRequest, actor: Actor, row: Representative) -> HttpResponse:
    told = request.POST
    match told.get("do"):
        case "reach":
            reach_representative(actor=actor, row=row)
        case "keep":
            day = day_said(told.get("review_on", ""), field="review_on")
            keep_representative(actor=actor, row=row, review_on=day)
        case "end":
            end_representative(actor=actor, row=row, text=told.get("text", ""))
        case _other:
            raise SuspiciousOperation
    return redirect("cases:representative", row.reference)


@form_view
def doubt_begin(request: HttpRequest, reference: str) -> HttpResponse:
    """An indicator concerns an adult near the child."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    ties = ties_for(actor, case, verified=False)
    named = [(key, named_tie(row, case)) for key, row in ties.items()]
    form = DoubtForm(data_of(request), ties=named)

    def act() -> None:
        told = dict(form.cleaned_data)
        chosen = told.pop("adult")
        adult = None if chosen == NOBODY else other_end(ties[chosen], case.person)[0]
        doubt_adult(actor=actor, case=case, adult=adult, **told)

    return asked_on_page(
        request,
        case,
        form,
        act,
        title=_("An indicator concerns an adult"),
        lead=_("From now on this adult answers for no child, until another person takes it back."),
    )


@form_view
@sensitive_variables("row")
def doubt(request: HttpRequest, reference: str) -> HttpResponse:
    """One doubt, which another person than who wrote it down takes back."""
    row, case, actor = row_named(request, AdultDoubt, reference, "adult")
    decides = row.ended_at is None and may_decide(
        actor, case.person, row.pk, prepared_by={row.began_by}
    )

    def shown() -> dict[str, object]:
        row.refresh_from_db()
        names = names_of([row.began_by, row.ended_by])
        by, ended_by = names.get(row.began_by, ""), names.get(row.ended_by, "")
        about = {"by": by, "ended_by": ended_by, "there": page_of_part(case)}
        return {"row": row, "decides": decides and row.ended_at is None, **about}

    within = partial(case_reading, actor, case)
    page = case_page(request, "best_interests/doubt", case, shown, within=within, alike=None)
    return page.answer(
        lambda: lift_doubt(actor=actor, row=row, text=request.POST.get("text", "")),
        said=_("Saved."),
    )

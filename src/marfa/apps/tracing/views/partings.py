"""Brothers and sisters who have to be apart: asked with a reason, answered by a second person."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import READ, known_cases, names_of
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    form_page,
    may_act_on,
)
from marfa.apps.form_view import form_view
from marfa.apps.organisations.forms import day_again
from marfa.apps.tracing.actions.partings import answer_parting, ask_parting
from marfa.apps.tracing.models import Parting
from marfa.apps.tracing.siblings import stays_with, told_of
from marfa.apps.tracing.views.common import YES_NO, day_end, may_answer, reviewing, yes_or_no
from marfa.domain.codes import format_code
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor


@form_view
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Say why a child has to be apart from somebody for now."""
    case, actor = case_named(request, reference)
    with case_reading(actor, case):
        others = stays_with(actor, case.person)

        def act(request: HttpRequest, actor: Actor, case: Case) -> None:
            named = request.POST.get("other", "")
            other = next((each for each in others if each.reference == named), None)
            if other is None:
                raise InputError.at(Message("apps.cases:choose-one"), field="other")
            until = day_end(request, "review", case)
            text = request.POST.get("text", "")
            ask_parting(actor=actor, case=case, other=other, text=text, review_at=until)

        return form_page(
            request,
            "tracing/ask_parting",
            case,
            actor,
            act,
            others=[(each.reference, format_code(each.code)) for each in others],
            review=day_again(request.POST, "review"),
        )


@form_view
def parting(request: HttpRequest, reference: str) -> HttpResponse:
    """What a colleague asks, for a second person."""
    actor = actor_in(request)
    found = Parting.objects.filter(reference=reference, case__in=known_cases(actor))
    row = found.first()
    if row is None:
        raise Http404
    case = known_cases(actor).get(pk=row.case_id)
    row.case, row.person = case, case.person
    # Nobody answers who may not know of the other child, such as a guest who was given one of them.
    other = told_of(actor, case.person).filter(pk=row.other_id).first()
    if other is None or not may_answer(actor, case, row.pk, row.asked_by):
        raise PermissionDenied
    shown = {
        "row": row,
        "other": other.code,
        "by": names_of([row.asked_by]).get(row.asked_by, ""),
        "yes_no": YES_NO,
    }
    within = partial(reviewing, actor, case, row.pk, row.asked_by)
    page = case_page(request, "tracing/parting", case, shown, within=within)
    return page.answer(partial(_answer, request, row, case, actor))


def _answer(request: HttpRequest, row: Parting, case: Case, actor: Actor) -> HttpResponse:
    answer_parting(actor=actor, parting=row, agree=yes_or_no(request, "agree"))
    messages.success(request, _("Saved."))
    if may_act_on(actor, case, READ):
        return redirect("cases:case", case.reference)
    return redirect("home")

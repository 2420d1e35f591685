"""The pages of answers: capacity, who answered, and the decision in place of a guardian."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from marfa.apps.agreements.labels import recipient_name
from marfa.apps.agreements.queries import recipient_called
from marfa.apps.best_interests.actions.answers import (
    ask_agency,
    decide_for_agency,
    note_capacity,
    record_child_answer,
)
from marfa.apps.best_interests.forms import US, AgencyForm, AnswerForm, CapacityForm
from marfa.apps.best_interests.models import AgencyDecision
from marfa.apps.best_interests.policy_facts import may_decide
from marfa.apps.best_interests.views.common import asked_on_page, page_of_part, row_named
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    must_read,
    shown_or_sent,
)
from marfa.apps.form_view import data_of, form_view


@form_view
def capacity(request: HttpRequest, reference: str) -> HttpResponse:
    """What was explained to the child, and whether it can decide."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    form = CapacityForm(data_of(request))
    return asked_on_page(
        request,
        case,
        form,
        lambda: note_capacity(actor=actor, case=case, **form.cleaned_data),
        title=_("What was explained to the child"),
        lead=_("By age, by what it is about, and by how the child is today; not by a birthday."),
    )


@form_view
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """What was answered for the child, by somebody whose answer counts."""
    case, actor = case_named(request, reference)
    with shown_or_sent(request, actor, case):
        form = AnswerForm(data_of(request))
        form.for_person(case.person)

        def act() -> None:
            told = {name: form.cleaned_data[name] for name in ("about", "text")}
            record_child_answer(actor=actor, case=case, agreement=form.agreement(), **told)

        return asked_on_page(
            request,
            case,
            form,
            act,
            title=_("An answer for the child"),
            lead=_(
                "Care for life and health waits for no answer. Who is not offered here cannot "
                "agree for the child: record a capacity, a guardian, or a decision of the agency."
            ),
        )


@form_view
def agency_begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Prepare a decision in place of a guardian."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    form = AgencyForm(data_of(request))

    def act() -> None:
        told = dict(form.cleaned_data)
        named = told.pop("agency")
        agency = None if named == US else recipient_called(named)
        ask_agency(actor=actor, case=case, agency=agency, **told)

    return asked_on_page(
        request,
        case,
        form,
        act,
        title=_("Decide in place of a guardian"),
        lead=_("Only while nobody can be appointed. A second person decides; it ends by its day."),
    )


@form_view
@sensitive_variables("row")
def agency(request: HttpRequest, reference: str) -> HttpResponse:
    """What is to be decided in place of a guardian, and the second person's decision."""
    row, case, actor = row_named(request, AgencyDecision, reference, "agency__guest")

    def shown() -> dict[str, object]:
        row.refresh_from_db()
        names = names_of([row.asked_by, row.decided_by])
        waits = row.state == AgencyDecision.State.WAITING
        return {
            "row": row,
            "agency": recipient_name(row.agency),
            "by": names.get(row.asked_by, ""),
            "decider": names.get(row.decided_by, ""),
            "waits": waits,
            "decides": waits and may_decide(actor, case.person, row.pk, prepared_by={row.asked_by}),
            "there": page_of_part(case),
        }

    def act() -> None:
        do = request.POST.get("do")
        if do not in ("agree", "refuse"):
            raise SuspiciousOperation
        text = request.POST.get("text", "")
        decide_for_agency(actor=actor, row=row, agree=do == "agree", text=text)

    within = partial(case_reading, actor, case)
    page = case_page(
        request,
        "best_interests/agency_decision",
        case,
        shown,
        within=within,
        alike={"refuse": "agree"},
    )
    return page.answer(act, said=_("Your decision is recorded."))

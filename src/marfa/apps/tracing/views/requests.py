"""Whom a child looks for: requests, who is never asked, and what goes to a tracing body."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from marfa.apps.access import actor_in
from marfa.apps.accounts.step_up import step_up_first
from marfa.apps.agreements.labels import recipient_name
from marfa.apps.agreements.queries import recipient_called, recipients_in_use
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import READ, known_cases
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    code_choices,
    code_label,
    form_page,
    may_act_on,
    must_read,
    rule_on_page,
)
from marfa.apps.consents.labels import FIELDS
from marfa.apps.form_view import data_of, form_view
from marfa.apps.referrals.disclosed_fields import disclosed_json, with_what_belongs
from marfa.apps.tracing.actions import requests as actions
from marfa.apps.tracing.actions.requests import Fear
from marfa.apps.tracing.forms import ShareForm
from marfa.apps.tracing.models import NeverThrough, TracingRequest
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose


def request_named(request: HttpRequest, reference: str) -> tuple[TracingRequest, Case, Actor]:
    """A request for who may read its case. Raises Http404, PermissionDenied as a claim does."""
    actor = actor_in(request)
    row = TracingRequest.objects.filter(reference=reference, case__in=known_cases(actor)).first()
    if row is None:
        raise Http404
    case = known_cases(actor).get(pk=row.case_id)
    if not may_act_on(actor, case, READ):
        raise PermissionDenied
    row.case, row.person = case, case.person
    return row, case, actor


@form_view
def look_for(request: HttpRequest, reference: str) -> HttpResponse:
    """Take down whom somebody in our care looks for. Nothing leaves by that."""
    case, actor = case_named(request, reference)
    must_read(actor, case)

    def act(request: HttpRequest, actor: Actor, case: Case) -> None:
        told = {name: request.POST.get(name, "") for name in ("kind", "name", "text")}
        actions.open_request(actor=actor, case=case, **told)

    kinds = [("", "—"), *code_choices("relationship_kinds")]
    return form_page(request, "tracing/look_for", case, actor, act, kinds=kinds)


@form_view
def never(request: HttpRequest, reference: str) -> HttpResponse:
    """Take down through whom nobody may trace."""
    case, actor = case_named(request, reference)
    must_read(actor, case)

    def act(request: HttpRequest, actor: Actor, case: Case) -> None:
        sent = request.POST
        fear = Fear(
            sent.get("party", ""),
            sent.get("said_by", ""),
            sent.get("text", ""),
            recipient_called(sent.get("recipient", "")),
        )
        actions.record_fear(actor=actor, case=case, fear=fear)

    known = [(each.reference, recipient_name(each)) for each in recipients_in_use()]
    return form_page(
        request,
        "tracing/never_through",
        case,
        actor,
        act,
        parties=code_choices("feared_parties"),
        who=NeverThrough.SaidBy.choices,
        recipients=known,
    )


@form_view
def tracing(request: HttpRequest, reference: str) -> HttpResponse:
    """One request: what was given to whom, and how it ended."""
    row, case, actor = request_named(request, reference)
    page = case_page(
        request,
        "tracing/request",
        case,
        partial(_shown, row, case),
        within=partial(case_reading, actor, case),
    )
    return page.answer(partial(_end, request, row, actor))


def _shown(row: TracingRequest, case: Case) -> dict[str, object]:
    row.refresh_from_db()
    shares = row.shares.select_related("sharing__recipient__guest").order_by("-at")
    return {
        "row": row,
        "kind": code_label("relationship_kinds", row.kind),
        "shares": [
            (each, recipient_name(each.sharing.recipient), _fields(each.sharing.fields))
            for each in shares
        ],
        "ends": [each for each in TracingRequest.State.choices if each[0] != "open"],
        "open": case.state == Case.State.OPEN and row.state == TracingRequest.State.OPEN,
    }


def _fields(names: list[str]) -> list[str]:
    return [str(FIELDS.get(each, each)) for each in names]


def _end(request: HttpRequest, row: TracingRequest, actor: Actor) -> HttpResponse:
    if request.POST.get("do") != "end":
        raise SuspiciousOperation
    state, text = request.POST.get("state", ""), request.POST.get("text", "")
    actions.end_request(actor=actor, request=row, state=state, text=text)
    return redirect("cases:case", row.case.reference)


@form_view
@step_up_first
def share(request: HttpRequest, reference: str) -> HttpResponse:
    """Give something to a tracing body, with a yes for this alone; it is shown once."""
    row, case, actor = request_named(request, reference)
    with case_reading(actor, case):
        form = ShareForm(data_of(request), case)
        page = case_page(request, "tracing/share", case, {"row": row}, form=form, alike=None)
        return page.answer(partial(_share, request, row, case, actor, form))


def _share(
    request: HttpRequest, row: TracingRequest, case: Case, actor: Actor, form: ShareForm
) -> HttpResponse:
    told = form.cleaned_data
    recipient = recipient_called(told["to"])
    if recipient is None:
        raise Http404
    with rule_on_page():
        sent = actions.share_request(
            actor=actor,
            request=row,
            recipient=recipient,
            fields=with_what_belongs(Purpose.TRACING, told["fields_told"]),
            agreement=form.answered(),
        )
    values = disclosed_json(sent.values)
    shown = {
        "row": row,
        "to": recipient_name(recipient),
        "values": [(str(FIELDS.get(name, name)), value) for name, value in values.items()],
    }
    return case_page(request, "tracing/shared", case, shown).shown()

"""The pages on which a case is handed on to a colleague: for who asks, and for who is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marfa.apps.access import actor_in
from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.actions import (
    accept_transfer,
    ask_transfer,
    refuse_transfer,
    withdraw_transfer,
)
from marfa.apps.cases.models import Case, CaseTransfer
from marfa.apps.cases.queries import READ, names_of
from marfa.apps.cases.transfers import (
    ANSWER,
    ASK,
    colleagues_for,
    transfer_of,
    transfers_to,
    waiting_transfer,
)
from marfa.apps.cases.views.common import case_named, case_page, may_act_on, shown_or_sent
from marfa.apps.form_view import form_view
from marfa.domain.message import InputError, Message
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault


@form_view
@sensitive_variables("waits")
def transfer(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask a colleague to take the case over, or take that back."""
    case, actor = case_named(request, reference)
    if not may_act_on(actor, case, ASK) or not may_act_on(actor, case, READ):
        raise PermissionDenied
    page = case_page(
        request,
        "cases/transfer",
        case,
        partial(_shown, case, actor),
        within=partial(shown_or_sent, request, actor, case),
    )
    return page.answer(partial(_ask, request, actor, case))


def _shown(case: Case, actor: Actor) -> dict[str, object]:
    waits = waiting_transfer(case)
    names = names_of([waits.after, waits.asked_by] if waits else [])
    colleagues = [each for each in colleagues_for(case) if each.user.pk != actor.id]
    return {
        "waits": waits,
        "asked": names.get(waits.after, "") if waits else "",
        "choices": [(each.user.reference, each.said) for each in colleagues],
        "open": case.state == Case.State.OPEN,
    }


def _ask(request: HttpRequest, actor: Actor, case: Case) -> HttpResponse:
    if request.POST.get("do") == "withdraw":
        waits = waiting_transfer(case)
        if waits is None:
            raise InputError.at(Message("apps.cases:transfer-over"))
        withdraw_transfer(actor=actor, transfer=waits)
    else:
        named = request.POST.get("worker", "")
        users = (each.user for each in colleagues_for(case))
        worker = next((user for user in users if user.reference == named), None)
        if worker is None:
            raise InputError.at(Message("apps.cases:choose-one"), field="worker")
        ask_transfer(actor=actor, case=case, worker=worker, text=request.POST.get("text", ""))
    return redirect("cases:transfer", case.reference)


@form_view
@sensitive_variables("row")
def answer_transfer(request: HttpRequest, reference: str) -> HttpResponse:
    """What a colleague is told of a case that they are asked to take over, and their answer."""
    actor = actor_in(request)
    row = next(iter(transfers_to(actor, reference)), None)
    if row is None:
        raise Http404

    def shown() -> dict[str, object]:
        row.refresh_from_db(fields=["state"])
        return {"row": row, "asker": names_of([row.asked_by]).get(row.asked_by, "")}

    page = case_page(
        request,
        "cases/transfer_answer",
        row.case,
        shown,
        within=partial(_told, actor, row),
    )
    return page.answer(partial(_answer, request, actor, row), said=_("Your answer is recorded."))


@contextmanager
def _told(actor: Actor, row: CaseTransfer) -> Iterator[None]:
    """What whoever is asked needs to see of it, on the record, and no more of the person."""
    with (
        reading(
            actor=actor,
            code=ANSWER,
            purpose=PURPOSE,
            resource=transfer_of(row),
            subject=row.person_id,
        ),
        open_vault(),
    ):
        yield


def _answer(request: HttpRequest, actor: Actor, row: CaseTransfer) -> HttpResponse:
    text = request.POST.get("text", "")
    match request.POST.get("do"):
        case "accept":
            accept_transfer(actor=actor, transfer=row, text=text)
            return redirect("cases:case", row.case.reference)
        case "refuse":
            refuse_transfer(actor=actor, transfer=row, text=text)
            return redirect(reverse("home"))
    raise SuspiciousOperation

"""The way back to a family: risks, preparation, the second person, and visits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import READ, known_cases, names_of
from marfa.apps.cases.views.common import (
    case_page,
    case_reading,
    code_choices,
    code_label,
    form_page,
    may_act_on,
)
from marfa.apps.form_view import data_of, form_view
from marfa.apps.tracing.actions import reunification as actions
from marfa.apps.tracing.actions.reunification import SIGNS, Preparation
from marfa.apps.tracing.deadlines import VISITS
from marfa.apps.tracing.forms import PrepareForm
from marfa.apps.tracing.models import ClaimedRelative, FamilyVisit, Reunification
from marfa.apps.tracing.siblings import agreed_partings, stays_with
from marfa.apps.tracing.views.claims import claim_named
from marfa.apps.tracing.views.common import may_answer, reviewing, yes_or_no
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor

LABELS: dict[str, Callable[[], str]] = {
    "yes": lambda: _("Yes"),
    "no": lambda: _("No"),
    "unknown": lambda: _("Not known"),
}


@form_view
def risks(request: HttpRequest, reference: str) -> HttpResponse:
    """What is known of the dangers of a family, sign by sign."""
    claim, case, actor = claim_named(request, reference)

    def act(request: HttpRequest, actor: Actor, case: Case) -> None:
        answers = {sign: request.POST.get(sign, "") for sign in SIGNS}
        text = request.POST.get("text", "")
        actions.check_risks(actor=actor, claim=claim, answers=answers, text=text)

    page = case_page(request, "tracing/risks", case, partial(_signs, request, claim))
    done = reverse("cases:relative", args=[claim.reference])
    return page.answer(partial(act, request, actor, case), done=done, said=_("Saved."))


def _signs(request: HttpRequest, claim: ClaimedRelative) -> dict[str, object]:
    asked = [
        {
            "code": code,
            "label": label,
            "value": request.POST.get(code, ""),
            "wrong": _("Choose one.") if request.POST and code not in request.POST else "",
        }
        for code, label in code_choices("family_risks")
    ]
    return {"claim": claim, "asked": asked, "said": [(code, say()) for code, say in LABELS.items()]}


@form_view
def prepare(request: HttpRequest, reference: str) -> HttpResponse:
    """Prepare that a child goes back to a relative who was verified."""
    claim, case, actor = claim_named(request, reference)
    with case_reading(actor, case):
        form = PrepareForm(data_of(request), case)
        apart = agreed_partings(case.person)
        together = [each.code for each in stays_with(actor, case.person) if each.pk not in apart]
        context = {"claim": claim, "together": together}
        page = case_page(request, "tracing/prepare", case, context, form=form, alike=None)
        return page.answer(partial(_prepare, actor, claim, case, form), said=_("Saved."))


def _prepare(actor: Actor, claim: ClaimedRelative, case: Case, form: PrepareForm) -> HttpResponse:
    told = form.cleaned_data
    zone = ZoneInfo(case.site.time_zone)
    asked = min(datetime.combine(told["wish_on"], time(12), zone), clock.now())
    row = actions.prepare_reunification(
        actor=actor,
        claim=claim,
        told=Preparation(
            told["wish"],
            told["wish_how"],
            asked,
            told["border"] == "yes",
            told["why"],
            agreement=form.answered(),
        ),
    )
    return redirect("cases:reunification", row.reference)


@form_view
def reunification(request: HttpRequest, reference: str) -> HttpResponse:
    """A reunification: for who works on the case, and for the second person."""
    actor = actor_in(request)
    found = Reunification.objects.filter(reference=reference, case__in=known_cases(actor))
    row = found.select_related("claim__relationship", "risk", "determination").first()
    if row is None:
        raise Http404
    case = known_cases(actor).get(pk=row.case_id)
    row.case = row.claim.case = case
    row.person = row.claim.person = case.person
    reads = may_act_on(actor, case, READ)
    answers = row.state == "waiting" and may_answer(actor, case, row.pk, row.prepared_by)
    if not (reads or answers):
        raise PermissionDenied
    within = (
        partial(case_reading, actor, case)
        if reads
        else partial(reviewing, actor, case, row.pk, row.prepared_by)
    )
    shown = partial(_shown, row, case, answers=answers, reads=reads)
    page = case_page(request, "tracing/reunification", case, shown, within=within)
    return page.answer(partial(_do, request, row, actor, reads=reads))


def _shown(row: Reunification, case: Case, *, answers: bool, reads: bool) -> dict[str, object]:
    row.refresh_from_db()
    names = names_of([row.prepared_by, row.decided_by])
    acts = row.state in ("waiting", "agreed")
    needs_panel = actions.is_panel_needed(row) if acts else row.needs_panel
    panel = actions.determined_for(row.claim) if needs_panel else None
    signs = row.risk.answers or {}
    return {
        "row": row,
        "claim": row.claim,
        "kind": code_label("relationship_kinds", row.claim.kind),
        "by": names.get(row.prepared_by, ""),
        "decider": names.get(row.decided_by, ""),
        "panel": panel,
        "needs_panel": needs_panel,
        "signs": [
            (label, LABELS[signs.get(code, "unknown")]())
            for code, label in code_choices("family_risks")
        ],
        "visits": list(row.visits.order_by("due_at", "pk")),
        "answers": answers and row.state == "waiting",
        "acts": reads and acts,
        "days": " ".join(str(each.days) for each in VISITS),
        "yes_no": [(code, LABELS[code]()) for code in ("yes", "no")],
        "now": clock.now(),
    }


def _do(request: HttpRequest, row: Reunification, actor: Actor, *, reads: bool) -> HttpResponse:
    sent = request.POST
    match sent.get("do"):
        case "answer":
            agree = yes_or_no(request, "agree")
            actions.answer_reunification(actor=actor, row=row, agree=agree)
        case "finish":
            text, visits = sent.get("outcome", ""), _days(sent.get("visits", ""))
            actions.finish_reunification(actor=actor, row=row, text=text, visits=visits)
        case "stop":
            actions.stop_reunification(actor=actor, row=row, text=sent.get("stop", ""))
        case _:
            raise SuspiciousOperation
    messages.success(request, _("Saved."))
    return redirect("cases:reunification", row.reference) if reads else redirect("home")


def _days(text: str) -> list[timedelta]:
    try:
        return [timedelta(days=int(each)) for each in text.split()]
    except (ValueError, OverflowError):
        raise InputError.at(Message("apps.tracing:days-wrong"), field="visits") from None


@form_view
def visit(request: HttpRequest, reference: str) -> HttpResponse:
    """How a visit after a reunification went."""
    actor = actor_in(request)
    found = FamilyVisit.objects.filter(
        reference=reference, reunification__case__in=known_cases(actor)
    )
    row = found.select_related("reunification").first()
    if row is None:
        raise Http404
    case = known_cases(actor).get(pk=row.reunification.case_id)
    if not may_act_on(actor, case, READ):
        raise PermissionDenied
    row.reunification.case = case
    row.person = case.person

    def act(request: HttpRequest, actor: Actor, _case: Case) -> None:
        state, text = request.POST.get("state", ""), request.POST.get("text", "")
        actions.record_visit(actor=actor, visit=row, state=state, text=text)

    with case_reading(actor, case):
        states = [each for each in FamilyVisit.State.choices if each[0] != "planned"]
        return form_page(
            request, "tracing/visit", case, actor, act, row=row, states=states, now=clock.now()
        )

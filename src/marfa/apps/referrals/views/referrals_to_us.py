"""The pages of referrals to us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk
from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import READ
from marfa.apps.cases.views.common import code_label, may_act_on
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.referrals.actions.answers import (
    accept_referral,
    ask_about_referral,
    decline_referral,
    finish_referral,
    give_back,
)
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.packages import shown_of
from marfa.apps.referrals.queries import WAITING, State, as_kept, referral_of, state_of, to_us
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

STEPS = {
    "accept": accept_referral,
    "decline": decline_referral,
    "ask": ask_about_referral,
    "give_back": give_back,
    "finish": finish_referral,
}


@require_safe
@at_desk(Desk.PROTECTION)
def every(request: HttpRequest) -> HttpResponse:
    """What others ask of us, what waits first; who it is about stands on its own page."""
    rows = [
        (
            row,
            row.organisation.name,
            row.get_kind_display(),
            code_label("support_types", row.support) if row.support else "",
            State(state_of(row)).label,
        )
        for row in to_us(actor_in(request))
    ]
    waiting = [each for each in rows if each[0].state in WAITING]
    ours = [each for each in rows if each[0].state not in WAITING]
    return render(request, "referrals/referrals_to_us.html", {"waiting": waiting, "ours": ours})


@form_view
@at_desk(Desk.PROTECTION)
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One referral to us: what was told, and our answer."""
    actor = actor_in(request)
    row = next(iter(to_us(actor, reference)), None)
    if row is None:
        raise Http404
    page = FormPage(
        request,
        "referrals/referral_to_us.html",
        context=partial(_shown, actor, row),
        within=partial(_opened, actor, row),
        site=row.site,
    )
    return page.answer(
        partial(_answer, request, actor, row), said=_("Your answer is written down.")
    )


def _answer(request: HttpRequest, actor: Actor, row: Referral) -> HttpResponse:
    step = STEPS.get(request.POST.get("do", ""))
    if step is None:
        raise SuspiciousOperation
    step(actor=actor, referral=row, text=request.POST.get("text", ""))
    return _after(actor, row)


def _after(actor: Actor, row: Referral) -> HttpResponse:
    """To the case, where it has come to whoever accepted it; else to the referral or the list."""
    with as_kept([row]):
        case = Case.objects.select_related("person").get(pk=row.case_id)
        if case.worker == actor.id and may_act_on(actor, case, READ):
            return redirect("cases:case", case.reference)
    if state_of(row) in (State.ACCEPTED, State.QUESTION):
        return redirect("referred:one", row.reference)
    return redirect("referred:all")


@contextmanager
def _opened(actor: Actor, row: Referral) -> Iterator[None]:
    with (
        as_kept([row]),
        open_vault(),
        reading(
            actor=actor,
            code="referrals.read",
            purpose=PURPOSE,
            resource=referral_of(row),
            subject=row.person_id,
        ),
    ):
        yield


def _shown(actor: Actor, row: Referral) -> dict[str, object]:
    waits = state_of(row) in WAITING
    return {**shown_of(row), "waits": waits, "record": _record(actor, row)}


def _record(actor: Actor, row: Referral) -> str:
    """The reference of the person's page, for whom it is open."""
    case = Case.objects.select_related("person").get(pk=row.case_id)
    return case.person.reference if may_act_on(actor, case, READ) else ""

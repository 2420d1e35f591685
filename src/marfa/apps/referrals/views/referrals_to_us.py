"""The pages of referrals to us."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marfa.apps.access import actor_in, at_desk
from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.models import BY_URGENCY, Case
from marfa.apps.cases.queries import READ
from marfa.apps.cases.views.common import code_label, may_act_on
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec, coded
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


KIND = Column("what", gettext_lazy("What"), kind="head", order=("kind", "support", "due_at"))
SENDER = Column("from", gettext_lazy("From"), order=("organisation__name", "due_at"))
KINDS = Filter("kind", gettext_lazy("What"), Referral.Kind.choices, lambda code: Q(kind=code))
TO_ANSWER = ListSpec(
    gettext_lazy("Waiting for an answer"),
    (
        KIND,
        SENDER,
        Column("urgency", gettext_lazy("Urgency"), kind="plain", order=(BY_URGENCY, "due_at")),
        Column("due", gettext_lazy("Answer by"), order=("due_at",)),
        Column("state", gettext_lazy("State"), kind="plain"),
    ),
    "due",
    (
        Filter(
            "urgency",
            gettext_lazy("Urgency"),
            coded("screening_urgencies"),
            lambda code: Q(urgency=code),
        ),
        KINDS,
    ),
)
GOING_ON = ListSpec(
    gettext_lazy("Accepted, in progress"),
    (KIND, SENDER, Column("answered", gettext_lazy("Answered"), order=("answered_at",))),
    "-answered",
)


@form_view
@at_desk(Desk.PROTECTION)
def every(request: HttpRequest) -> HttpResponseBase:
    """What others ask of us, what waits first; who it is about stands on its own page."""
    ours = to_us(actor_in(request))
    rows = Referral.objects.filter(pk__in=[row.pk for row in ours]).select_related(
        "organisation", "site", "recipient"
    )
    accepted = ListPage(
        request, GOING_ON, rows.exclude(state__in=WAITING), "", prepare=_say, part="accepted"
    )
    return ListPage(
        request,
        TO_ANSWER,
        rows.filter(state__in=WAITING),
        "referrals/referrals_to_us.html",
        {"accepted": accepted.found()},
        prepare=_say,
    ).answer()


def _say(rows: Sequence[Referral]) -> None:
    for row in rows:
        row.helps = code_label("support_types", row.support) if row.support else ""  # type: ignore[attr-defined]
        row.stands = State(state_of(row)).label  # type: ignore[attr-defined]


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
    return page.answer(partial(_answer, request, actor, row), said=_("Your answer is recorded."))


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

"""Who says to be a relative: the pages of a claim, of its accounts, its decision and contact."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marfa.apps.access import actor_in
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import READ, known_cases, names_of
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    code_choices,
    code_label,
    form_page,
    may_act_on,
    must_read,
)
from marfa.apps.form_view import form_view
from marfa.apps.organisations.forms import day_again
from marfa.apps.registry.models import Relationship
from marfa.apps.tracing.actions import claims as actions
from marfa.apps.tracing.actions.claims import Account, Finding
from marfa.apps.tracing.models import ClaimedRelative, FamilyContact, TieAccount, TieDecision
from marfa.apps.tracing.views.common import (
    YES_NO,
    day_end,
    may_answer,
    noon_of,
    reviewing,
    yes_or_no,
)
from marfa.domain.codes import format_code
from marfa.platform import clock
from marfa.safeguards.actor import Actor

HOWS = (
    ("apart", gettext_lazy("Apart: no one who accompanies them was there")),
    ("open_questions", gettext_lazy("With open questions: nothing was put into their mouth")),
    ("untold", gettext_lazy("They were told nothing of what anyone else said")),
)

KINDS = "relationship_kinds"


def claim_named(request: HttpRequest, reference: str) -> tuple[ClaimedRelative, Case, Actor]:
    """A claim for who may read its case. Raises Http404 where they may not know of the person,
    PermissionDenied where they may not read the case."""
    actor = actor_in(request)
    found = ClaimedRelative.objects.filter(reference=reference, case__in=known_cases(actor))
    row = found.select_related("relationship", "decision").first()
    if row is None:
        raise Http404
    case = known_cases(actor).get(pk=row.case_id)
    if not may_act_on(actor, case, READ):
        raise PermissionDenied
    row.case, row.person = case, case.person
    return row, case, actor


@form_view
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Take down who says to be a relative."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    related = _related(case)

    def act(request: HttpRequest, actor: Actor, case: Case) -> None:
        sent = request.POST
        chosen = next((row for row in related if row.reference == sent.get("related", "")), None)
        actions.claim_relative(
            actor=actor,
            case=case,
            kind=sent.get("kind", ""),
            name=sent.get("name", ""),
            reach=sent.get("reach", ""),
            text=sent.get("text", ""),
            relationship=chosen,
        )

    return form_page(
        request,
        "tracing/add_claim",
        case,
        actor,
        act,
        kinds=[("", "—"), *code_choices(KINDS)],
        related=_choices(related),
    )


@form_view
def relative(request: HttpRequest, reference: str) -> HttpResponse:
    """A claim: what each side told, what is decided, and contact once it is verified."""
    claim, case, actor = claim_named(request, reference)
    page = case_page(
        request,
        "tracing/claim",
        case,
        partial(_shown, request, claim, case),
        within=partial(case_reading, actor, case),
    )
    return page.answer(partial(_do, request, claim, case, actor), said=_("Saved."))


def _shown(request: HttpRequest, claim: ClaimedRelative, case: Case) -> dict[str, object]:
    # Within ``case_reading``, also after an action that went wrong.
    claim.refresh_from_db()
    accounts = list(claim.accounts.order_by("at", "pk"))
    decisions = list(claim.decisions.order_by("-proposed_at", "-pk"))
    names = names_of(
        key for row in decisions for key in (row.proposed_by, row.decided_by)
    ) | names_of(row.by for row in accounts)
    return {
        "claim": claim,
        "kind": code_label(KINDS, claim.kind),
        "accounts": [(row, names.get(row.by, "")) for row in accounts],
        "heard": {row.side for row in accounts},
        "decisions": [
            (row, names.get(row.proposed_by, ""), names.get(row.decided_by, ""))
            for row in decisions
        ],
        "waiting": next((row for row in decisions if row.state == "waiting"), None),
        "contacts": list(claim.contacts.order_by("-at")),
        "sides": TieAccount.Side.choices,
        "outcomes": TieDecision.Outcome.choices,
        "fits": TieDecision.Sides.choices,
        "ways": FamilyContact.Way.choices,
        "yes_no": YES_NO,
        "hows": HOWS,
        "how": request.POST.getlist("how"),
        "review": day_again(request.POST, "review"),
        "at": day_again(request.POST, "at"),
        "open": case.state == Case.State.OPEN,
        "verified": claim.state == ClaimedRelative.State.VERIFIED,
        "now": clock.now(),
    }


def _do(
    request: HttpRequest, claim: ClaimedRelative, case: Case, actor: Actor
) -> HttpResponse | None:
    sent = request.POST
    match sent.get("do"):
        case "account":
            how = sent.getlist("how")
            told = Account(
                sent.get("side", ""),
                sent.get("text", ""),
                apart="apart" in how,
                open_questions="open_questions" in how,
                untold="untold" in how,
            )
            actions.record_account(actor=actor, claim=claim, told=told)
        case "propose":
            review = day_end(request, "review", case)
            found = Finding(
                sent.get("outcome", ""), sent.get("fit", ""), sent.get("why", ""), review
            )
            actions.propose_outcome(actor=actor, claim=claim, found=found)
        case "contact":
            at = noon_of(request, "at", case)
            actions.record_contact(
                actor=actor,
                claim=claim,
                way=sent.get("way", ""),
                at=at,
                wished=sent.get("wished") == "yes",
                text=sent.get("said", ""),
            )
        case _:
            raise SuspiciousOperation
    return None


@form_view
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """What a colleague found of a claim, for a second person."""
    actor = actor_in(request)
    found = TieDecision.objects.filter(reference=reference, claim__case__in=known_cases(actor))
    row = found.select_related("claim__relationship").first()
    if row is None:
        raise Http404
    case = known_cases(actor).get(pk=row.claim.case_id)
    row.claim.case = case
    row.claim.person = row.person = case.person
    if not may_answer(actor, case, row.pk, row.proposed_by):
        raise PermissionDenied
    page = case_page(
        request,
        "tracing/decision",
        case,
        partial(_asked, row),
        within=partial(reviewing, actor, case, row.pk, row.proposed_by),
    )
    return page.answer(partial(_answer, request, row, case, actor))


def _asked(row: TieDecision) -> dict[str, object]:
    row.refresh_from_db(fields=["state", "answer", "decided_at", "decided_by"])
    return {
        "yes_no": YES_NO,
        "row": row,
        "claim": row.claim,
        "kind": code_label(KINDS, row.claim.kind),
        "accounts": list(row.claim.accounts.order_by("at", "pk")),
        "by": names_of([row.proposed_by]).get(row.proposed_by, ""),
    }


def _answer(request: HttpRequest, row: TieDecision, case: Case, actor: Actor) -> HttpResponse:
    agree = yes_or_no(request, "agree")
    text = request.POST.get("text", "")
    actions.answer_decision(actor=actor, decision=row, agree=agree, text=text)
    messages.success(request, _("Saved."))
    if may_act_on(actor, case, READ):
        return redirect("cases:relative", row.claim.reference)
    return redirect("home")


def _related(case: Case) -> list[Relationship]:
    """Who is registered as a relative of the person and was not verified yet."""
    rows = Relationship.objects.filter(to=case.person_id, ended_at=None, state="claimed")
    seen = rows.filter(person__protected=False, person__erased_at=None)
    return list(seen.select_related("person").order_by("recorded_at", "pk"))


def _choices(related: list[Relationship]) -> list[tuple[str, str]]:
    named = [
        (row.reference, f"{format_code(row.person.code)} · {code_label(KINDS, row.kind)}")
        for row in related
    ]
    return [("", _("not registered here")), *named] if named else []

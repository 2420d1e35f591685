"""The pages of a service: asked for, looked for, begun, ended."""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, current_user
from marfa.apps.agreements.labels import recipient_name
from marfa.apps.agreements.models import Recipient
from marfa.apps.agreements.queries import recipient_called, recipients_in_use
from marfa.apps.assistance.actions.assistance import (
    HelpRequest,
    ask_help,
    begin_help,
    decline_help,
    end_help,
    find_no_place,
    hurry_help,
    record_search,
)
from marfa.apps.assistance.actions.sessions import SessionTold, record_session, strike_session
from marfa.apps.assistance.models import RETURNS, SUPPORT, Goal, Help, HelpSession, HelpTry
from marfa.apps.assistance.queries import (
    begins_by,
    missing_for_return,
    pages_before_return,
    with_begin,
)
from marfa.apps.assistance.views.help_part import given_by, takes_no_one
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.views.common import (
    case_named,
    code_choices,
    code_label,
    form_page,
    must_read,
    shown_or_sent,
)
from marfa.apps.cases.views.formal_identification import day_said
from marfa.apps.directory.models import Service
from marfa.apps.directory.queries import service_called
from marfa.apps.form_view import form_view
from marfa.apps.reception.places_to_refer import services_near
from marfa.apps.registry.visibility import about_seen
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.message import InputError, Message
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor

FIRST = (
    *("shelter", "food_and_essentials", "safety_measures", "medical_care"),
    *("mental_health_and_psychosocial", "interpretation", "legal_advice"),
)
"""What is most often needed first stands at the top, on a phone without scrolling."""
MOST_SERVICES = 200


@form_view
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """What the person needs: begun at once, asked for, or without a place."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    with shown_or_sent(request, actor, case):
        goals = [
            (goal.reference, goal.words or code_label("assessment_areas", goal.area))
            for goal in Goal.objects.filter(case=case, state=Goal.State.OPEN).order_by("set_at")
        ]
    kinds = code_choices("support_types")
    first = [each for code in FIRST for each in kinds if each[0] == code]
    return form_page(
        request,
        "assistance/help_ask",
        case,
        actor,
        _ask,
        kinds=[*first, *(each for each in kinds if each[0] not in FIRST)],
        chosen=request.POST.get("kind") or request.GET.get("kind", ""),
        providers=_providers(),
        services=services_for(case),
        goals=[("", _("none")), *goals] if goals else [],
    )


def _ask(request: HttpRequest, actor: Actor, case: Case) -> None:
    told = request.POST
    goal = Goal.objects.filter(case=case, reference=told.get("goal", "")).first()
    wanted = HelpRequest(
        kind=told.get("kind", ""),
        name=told.get("name", ""),
        provider=_provider(request),
        by_whom=told.get("by_whom", ""),
        urgent=bool(told.get("urgent")),
        goal=goal,
        service=_service(request),
    )
    do = told.get("do", "")
    with together():
        row = ask_help(actor=actor, case=case, wanted=wanted, begin=do == "begin")
        if do == "no_place":
            interim, text = told.get("interim", ""), told.get("text", "")
            find_no_place(actor=actor, row=row, interim=interim, text=text)


@form_view
def help_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One help: its state, the searches for it, and what can be done with it."""
    current_user(request)
    actor = actor_in(request)
    known = with_begin(Help.objects.filter(about_seen(actor), reference=reference))
    row = known.select_related(
        "case__person__site", "case__site", "provider__guest", "goal", "service"
    ).first()
    if row is None:
        raise Http404
    case = row.case
    with shown_or_sent(request, actor, case):
        tries = list(HelpTry.objects.filter(help=row).order_by("-at"))
        held = list(HelpSession.objects.filter(help=row).order_by("-on", "-recorded_at"))
        names = names_of([*(each.by for each in tries), *(each.recorded_by for each in held)])
        missing = missing_for_return(case, row.kind) if row.kind in RETURNS else ""

        def act(request: HttpRequest, actor: Actor, case: Case) -> None:
            _act(request, actor, row)

        return form_page(
            request,
            "assistance/help",
            case,
            actor,
            act,
            row=row,
            kind=code_label("support_types", row.kind),
            by=given_by(row),
            begin_by=begins_by(row) if row.state == Help.State.WANTED else None,
            tries=[(each, names.get(each.by, "")) for each in tries],
            sessions=[(each, names.get(each.recorded_by, "")) for each in held],
            came=HelpSession.Came.choices,
            reasons=Help.End.choices,
            providers=_providers(),
            chosen=row.provider.reference if row.provider else "",
            services=services_for(case, row.kind) if row.state == Help.State.WANTED else [],
            chosen_service=row.service.reference if row.service else "",
            gone=takes_no_one(row),
            missing=_said(missing),
            decides=pages_before_return(case) if row.kind in RETURNS else [],
            alike={"found": "not_found", "found_begin": "not_found"},
        )


def _said(missing: str) -> str:
    """The sentence that says what is missing; nothing where nothing is."""
    code = f"apps.assistance:{missing}"
    return render_message(Message(code), get_language() or SOURCE_LANGUAGE) if missing else ""


def _act(request: HttpRequest, actor: Actor, row: Help) -> None:
    told, do = request.POST, request.POST.get("do", "")
    text = told.get("text", "")
    if do == "begin":
        by_whom = told.get("by_whom", "")
        provider, service = _provider(request), _service(request)
        begin_help(actor=actor, row=row, provider=provider, by_whom=by_whom, service=service)
    elif do == "no_place":
        find_no_place(actor=actor, row=row, interim=told.get("interim", ""), text=text)
    elif do in ("not_found", "found", "found_begin"):
        found = do != "not_found"
        begins = do == "found_begin"
        record_search(actor=actor, row=row, found=found, text=text, begin=begins)
    elif do == "session":
        record_session(actor=actor, row=row, told=_session_told(told))
    elif do == "strike":
        struck = row.sessions.filter(reference=told.get("session", "")).first()
        if struck is None:
            raise SuspiciousOperation
        strike_session(actor=actor, row=struck)
    elif do == "hurry":
        hurry_help(actor=actor, row=row)
    elif do == "decline":
        decline_help(actor=actor, row=row, text=text)
    elif do == "end":
        end_help(actor=actor, row=row, reason=told.get("reason", ""), text=text)
    else:
        raise SuspiciousOperation


def _session_told(told: QueryDict) -> SessionTold:
    return SessionTold(
        on=day_said(told.get("on", ""), field="on"),
        came=told.get("came", ""),
        by_whom=told.get("by_whom", ""),
        words=told.get("text", ""),
        again=bool(told.get("again")),
    )


def _providers() -> list[tuple[str, str]]:
    known = [(each.reference, recipient_name(each)) for each in recipients_in_use()]
    return [("", str(_("another provider, in words"))), *known] if known else []


def _provider(request: HttpRequest) -> Recipient | None:
    named = request.POST.get("provider", "")
    found = recipient_called(named) if named else None
    if named and found is None:
        raise InputError.at(Message("apps.cases:choose-one"), field="provider")
    return found


def services_for(case: Case, *kinds: str) -> list[tuple[str, str]]:
    """The services that take the person of a case now, to choose from; within ``open_vault()``."""
    needs = kinds or SUPPORT
    found = services_near(case.person, *needs, most=MOST_SERVICES)
    labels = dict(code_choices("support_types"))
    told = [
        (each.reference, each.name if kinds else f"{labels[each.need]}: {each.name}")
        for each in (one.service for one in found)
    ]
    return [("", str(_("none of the directory"))), *told] if told else []


def _service(request: HttpRequest) -> Service | None:
    named = request.POST.get("service", "")
    found = service_called(named) if named else None
    if named and found is None:
        raise InputError.at(Message("apps.directory:service-unknown"), field="service")
    return found

"""The pages of referrals, as the sender sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.debug import sensitive_variables

from marfa.apps.access import actor_in, may_open
from marfa.apps.accounts.step_up import is_fresh
from marfa.apps.agreements.labels import recipient_name
from marfa.apps.assistance.models import SUPPORT
from marfa.apps.cases.country_profiles import protects_children
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.queries import READ, known_cases, names_of
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    code_choices,
    may_act_on,
    must_read,
    render_fragment,
    shown_or_sent,
)
from marfa.apps.form_view import form_view
from marfa.apps.reception.places_to_refer import services_near
from marfa.apps.record_page import folded
from marfa.apps.referrals.actions.one_time_page import Made
from marfa.apps.referrals.actions.prepared_referrals import prepare_referral
from marfa.apps.referrals.actions.referrals import (
    BY_TELEPHONE,
    PATHS,
    ReferralRequest,
    SentReferral,
    answer_question,
    renew_page,
    say_what_instead,
    send_referral,
    withdraw_referral,
    write_answer,
)
from marfa.apps.referrals.disclosed_fields import default_fields, offered_fields
from marfa.apps.referrals.models import PreparedReferral, Referral
from marfa.apps.referrals.packages import shown_of
from marfa.apps.referrals.prepared_referrals import State as Prepared
from marfa.apps.referrals.prepared_referrals import unsent_of_case
from marfa.apps.referrals.queries import (
    CHILD_PROTECTION,
    PURPOSES,
    WAITING,
    State,
    has_question,
    is_back,
    of_case,
    state_of,
)
from marfa.apps.referrals.views.packages import show_package
from marfa.apps.referrals.views.recipients import (
    DISCLOSING,
    To,
    is_prepared,
    missing_for_sending,
    recipient_choices,
    recipient_chosen,
    referral_recipient_name,
    waiting_already,
)
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose

MOST = 20


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """What was asked of whom, and how it stands."""
    rows = [
        (
            each,
            referral_recipient_name(each),
            each.get_kind_display(),
            state_label(state_of(each)),
            state_of(each),
        )
        for each in of_case(case)[:MOST]
    ]
    is_open = case.state == Case.State.OPEN
    unsent = [(each, recipient_name(each.recipient)) for each in unsent_of_case(case)[:MOST]]
    content = render_fragment(
        request, "referrals/referrals", case=case, rows=rows, open=is_open, unsent=unsent
    )
    if rows or unsent or is_open:
        return content
    return folded(content, _("There are no referrals yet."))


def state_label(state: str) -> str:
    """A state in words."""
    return str(State(state).label)


def next_steps(case: Case) -> Iterable[Next]:
    """What came back, what the other side asks, and what is not answered yet."""
    rows = of_case(case)
    for row in rows.filter(is_back()).order_by("due_at", "pk"):
        text = gettext_lazy("A referral was not answered in time. Record what is done instead.")
        yield Next(text, _to(row), 4)
    for row in rows.filter(has_question()).order_by("due_at", "pk"):
        text = gettext_lazy("The other side of a referral has a question.")
        yield Next(text, _to(row), 6, row.due_at)
    for row in rows.filter(state=State.SENT, due_at__gt=clock.now()):
        yield Next(gettext_lazy("A referral has not been answered yet."), _to(row), 40, row.due_at)
    for prepared in unsent_of_case(case):
        there = reverse("cases:prepared", args=[prepared.reference])
        if prepared.state == Prepared.GIVEN_BACK:
            yield Next(gettext_lazy("A prepared referral was given back, not sent."), there, 7)
        else:
            text = gettext_lazy("A referral is prepared, and no supervisor has sent it yet.")
            yield Next(text, there, 39, prepared.due_at)


def case_happenings(case: Case) -> Iterable[Happening]:
    """When it was prepared and sent, what was said, and how it ended."""
    for prepared in PreparedReferral.objects.filter(case=case).select_related("recipient__guest"):
        what = f"{prepared.get_kind_display()} · {recipient_name(prepared.recipient)}"
        said = f"{pgettext('referral', 'Prepared')}: {what}"
        yield Happening(prepared.prepared_at, said, "", prepared.prepared_by)
        if prepared.words and prepared.decided_at is not None:
            back = f"{Prepared.GIVEN_BACK.label}: {what}"
            yield Happening(prepared.decided_at, back, prepared.words, prepared.decided_by)
    for row in of_case(case).prefetch_related("words"):
        what = f"{row.get_kind_display()} · {referral_recipient_name(row)}"
        yield Happening(row.sent_at, f"{pgettext('referral', 'Sent')}: {what}", "", row.sent_by)
        for word in row.words.all():
            side = _("They said") if word.theirs else _("We said")
            yield Happening(word.at, f"{side}: {what}", word.words or "", word.by)
        state = state_of(row)
        if row.answered_at is not None:
            yield Happening(row.answered_at, f"{_('Answered')}: {what}", "", row.answered_by)
        if row.ended_at is not None or state == State.CAME_BACK:
            yield Happening(
                row.ended_at or row.due_at, f"{state_label(state)}: {what}", row.outcome or ""
            )


def _to(row: Referral) -> str:
    return reverse("cases:referral", args=[row.reference])


MOST_SERVICES = 10
ANSWER_IN = {
    "now": gettext_lazy("an answer in two hours"),
    "days": gettext_lazy("an answer in one day"),
    "routine": gettext_lazy("an answer in three days"),
}
"""``WITHIN`` in words."""

PART = CasePart(
    "referrals",
    gettext_lazy("Referrals and transfers"),
    50,
    render_part,
    next_steps,
    case_happenings,
    child=True,
)


@form_view
@sensitive_variables("sent")
def refer(request: HttpRequest, reference: str) -> HttpResponse:
    """First for what and to whom; then what is told. Nothing typed is lost by a refusal."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    asked = {name: request.GET.get(name, "") for name in ("kind", "purpose", "to")}
    to = recipient_chosen(case, asked["to"])
    if to is None or asked["kind"] not in Referral.Kind.values or asked["purpose"] not in PURPOSES:
        return _choose(request, actor, case, asked, tried="to" in request.GET)
    if to.within and asked["purpose"] != CHILD_PROTECTION:
        return _choose(request, actor, case, asked, within=True)
    before = returned_to_worker(request, case)
    shown = case_page(
        request,
        "referrals/refer",
        case,
        partial(_shown_to, request, actor, case, asked, to, before),
        within=partial(shown_or_sent, request, actor, case) if before else nullcontext,
    )
    return shown.answer(partial(_send, request, actor, case, asked, to, before))


def _choose(
    request: HttpRequest, actor: Actor, case: Case, asked: dict[str, str], **wrong: bool
) -> HttpResponse:
    """For what, and to whom. tried: something was not chosen. within: the own site was, for more
    than the protection of a child."""
    context = {
        "kinds": Referral.Kind.choices,
        "purposes": [each for each in code_choices("purposes") if each[0] in PURPOSES],
        "to": recipient_choices(case),
        "asked": asked,
        "mandated": protects_children(case.site),
        "services": services_near(case.person, *SUPPORT, most=MOST_SERVICES),
        "opens_recipients": may_open(actor, "consents:recipients"),
        "opens_countries": may_open(actor, "cases:countries"),
        **wrong,
    }
    return case_page(request, "referrals/refer_to", case, context).shown()


def returned_to_worker(request: HttpRequest, case: Case) -> PreparedReferral | None:
    """The prepared referral that was given back, and is now prepared again."""
    found = unsent_of_case(case).filter(state=Prepared.GIVEN_BACK)
    return found.filter(reference=request.GET.get("again", "")).first()


def _shown_to(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    asked: dict[str, str],
    to: To,
    before: PreparedReferral | None,
) -> dict[str, object]:
    purpose = Purpose(asked["purpose"])
    ticked = before.fields if before else default_fields(purpose)
    first = None if request.POST else before  # after a refusal what was sent stands, also if empty
    return {
        "start": {
            name: getattr(first, name) if first else ""
            for name in ("support", "urgency", "note", "way", "opens_record")
        },
        "prepares": is_prepared(actor, to),
        "asked": asked,
        "kind": Referral.Kind(asked["kind"]).label,
        "to": to,
        "missing": [
            *missing_for_sending(actor, case, to, purpose, asked["kind"]),
            *waiting_already(case, to, asked["kind"]),
        ],
        "fresh": is_fresh(request) or to.site is not None or not DISCLOSING & actor.role_names,
        "here": request.get_full_path(),
        "ways": [each for each in Referral.Way.choices if each[0] != Referral.Way.INSIDE],
        "supports": code_choices("support_types"),
        "urgencies": [
            (code, f"{name} ({ANSWER_IN[code]})")
            for code, name in code_choices("screening_urgencies")
        ],
        "fields": offered_fields(purpose),
        "ticked": request.POST.getlist("fields") if request.POST else ticked,
    }


def _send(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    asked: dict[str, str],
    to: To,
    before: PreparedReferral | None,
) -> HttpResponse:
    typed: dict[str, Any] = {
        name: request.POST.get(name, "") for name in ("support", "urgency", "note")
    }
    outside = to.recipient is not None and to.recipient.guest_id is None
    wanted = ReferralRequest(
        kind=asked["kind"],
        purpose=asked["purpose"],
        fields=request.POST.getlist("fields"),
        site=to.site,
        recipient=to.recipient,
        way=request.POST.get("way", "") if outside else Referral.Way.INSIDE,
        opens_record=bool(request.POST.get("opens_record")),
        **typed,
    )
    with sentence_on_page():
        if is_prepared(actor, to):
            row = prepare_referral(actor=actor, case=case, wanted=wanted, instead_of=before)
            messages.success(request, _("Prepared. A supervisor sends it or gives it back."))
            return redirect("cases:prepared", row.reference)
        sent = send_referral(actor=actor, case=case, wanted=wanted)
    return answer_sent(request, case, sent)


@contextmanager
def sentence_on_page() -> Iterator[None]:
    """The charter's sentence stands on the page, with everything that was typed: raises InputError
    for what it refuses."""
    try:
        yield
    except DeniedError as error:
        raise InputError.at(error.decision.message, field="to") from None


def answer_sent(request: HttpRequest, case: Case, sent: SentReferral) -> HttpResponse:
    """After it was sent: its page, or what is told once alone."""
    if sent.page is not None:
        return _told_once(request, case, sent.referral, sent.page)
    messages.success(request, _("Sent."))
    return redirect("cases:referral", sent.referral.reference)


def _told_once(request: HttpRequest, case: Case, row: Referral, made: Made) -> HttpResponse:
    there = request.build_absolute_uri(reverse("cases:once", args=[made.secret]))
    context = {"referral": row, "link": there, "code": made.code, "until": made.until}
    return case_page(request, "referrals/referral_link", case, context).shown()


def referral_named(request: HttpRequest, reference: str) -> tuple[Referral, Case, Actor]:
    """A referral for its sender. Raises Http404 where they may not know of the person,
    PermissionDenied where they may not read the case."""
    actor = actor_in(request)
    found = Referral.objects.filter(reference=reference, case__in=known_cases(actor))
    row = found.select_related("site", "recipient__guest", "organisation", "sharing").first()
    if row is None:
        raise Http404
    case = known_cases(actor).get(pk=row.case_id)
    if not may_act_on(actor, case, READ):
        raise PermissionDenied
    row.case = case
    return row, case, actor


@form_view
@sensitive_variables("made", "content", "phrase")
def referral(request: HttpRequest, reference: str) -> HttpResponse:
    """One referral: what was told, what was said, and what the sender can do with it."""
    row, case, actor = referral_named(request, reference)
    if request.POST.get("do") in ("pack", "file", "key"):
        return show_package(request, row, case, actor)

    def act() -> HttpResponse:
        made = _do(request, actor, row)
        if made is not None:
            return _told_once(request, case, row, made)
        messages.success(request, _("Saved."))
        return redirect("cases:referral", reference)

    context, within = partial(_shown, row), partial(case_reading, actor, case)
    return case_page(request, "referrals/referral", case, context, within=within).answer(act)


def _shown(row: Referral) -> dict[str, object]:
    # Within ``case_reading``.
    row.refresh_from_db(fields=["state", "due_at"])
    state = State(state_of(row))
    outside = row.way != Referral.Way.INSIDE
    names = names_of([row.sent_by, row.answered_by, *(each.by for each in row.words.all())])
    return {
        **shown_of(row),
        "words": _words(row, names),
        "to": referral_recipient_name(row),
        "state": state.value,
        "said": state_label(state),
        "way": row.get_way_display(),
        "waits": state in WAITING,
        "back": state == State.CAME_BACK,
        "answers": [
            (each.value, each.label)
            for each in BY_TELEPHONE
            if outside and each in PATHS.get(state, ())
        ],
        "packs": row.way == Referral.Way.PACKAGE and state in (*WAITING, State.ACCEPTED),
        "links": row.way == Referral.Way.PAGE and state in WAITING,
        "by": names.get(row.sent_by, ""),
        "answered": names.get(row.answered_by, ""),
    }


def _words(row: Referral, names: dict[UUID | None, str]) -> list[tuple[object, str]]:
    return [(each, names.get(each.by, "")) for each in row.words.order_by("at", "pk")]


def _do(request: HttpRequest, actor: Actor, row: Referral) -> Made | None:
    text = request.POST.get("text", "")
    match request.POST.get("do"):
        case "answer":
            answer_question(actor=actor, referral=row, text=text)
        case "withdraw":
            withdraw_referral(actor=actor, referral=row)
        case "instead":
            say_what_instead(actor=actor, referral=row, text=text)
        case "told":
            answer = request.POST.get("answer", "")
            write_answer(actor=actor, referral=row, answer=answer, text=text)
        case "link":
            return renew_page(actor=actor, referral=row)
        case _:
            raise SuspiciousOperation
    return None

"""Contacts and feedback, on the page of a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marfa.apps.assistance.actions.follow_up import (
    SAFE_ONLY,
    cancel_contact,
    hold_contact,
    miss_contact,
    plan_contact,
    record_voice,
)
from marfa.apps.assistance.models import Contact, Voice
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.views.common import (
    case_named,
    case_reading,
    code_choices,
    code_label,
    form_page,
    must_read,
    render_fragment,
)
from marfa.apps.form_view import form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import desks_of_actor
from marfa.apps.registry.models import ContactPoint
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor

MOST = 5
OVER = (Contact.State.HELD, Contact.State.MISSED)


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """What is planned, how the last contacts went, and what the person says of the help."""
    rows = list(Contact.objects.filter(case=case).select_related("point").order_by("-due_at"))
    held = next((row for row in rows if row.state == Contact.State.HELD), None)
    return render_fragment(
        request,
        "assistance/follow_up",
        case=case,
        planned=next((row for row in rows if row.state == Contact.State.PLANNED), None),
        past=[row for row in rows if row.state in OVER][:MOST],
        risk=code_label("retrafficking_risk", held.risk) if held is not None and held.risk else "",
        voices=list(Voice.objects.filter(case=case).order_by("-at")[:MOST]),
        now=clock.now(),
        open=case.state == Case.State.OPEN,
    )


def next_steps(case: Case) -> Iterable[Next]:
    """The contact that is late or today's, or that none is planned."""
    row = Contact.objects.filter(case=case, state=Contact.State.PLANNED).first()
    if row is None:
        there = reverse("cases:plan_contact", args=[case.reference])
        yield Next(_("Plan the next meeting with the person."), there, 40)
        return
    there = reverse("cases:contact", args=[case.reference, row.reference])
    late = row.due_at <= clock.now()
    text = _("A contact is late: record how it went.") if late else _("The next contact")
    yield Next(text, there, 15 if late else 60, row.due_at)


def case_happenings(case: Case) -> Iterable[Happening]:
    """Each contact that was held, missed or not needed, and what the person said."""
    for row in Contact.objects.filter(case=case).exclude(ended_at=None):
        assert row.ended_at is not None  # noqa: S101 - left out above
        what = f"{row.get_way_display()}: {row.get_state_display()}"
        yield Happening(row.ended_at, what, row.words or "", row.ended_by)
    for voice in Voice.objects.filter(case=case):
        yield Happening(voice.at, voice.get_mark_display(), voice.words or "", voice.by)


PART = CasePart("following", _("Staying in touch"), 40, render_part, next_steps, case_happenings)


@form_view
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """When and how somebody meets or reaches the person next."""
    case, actor = case_named(request, reference)

    def act(request: HttpRequest, actor: Actor, case: Case) -> None:
        named = request.POST.get("point", "")
        point = ContactPoint.objects.filter(person=case.person_id, reference=named).first()
        plan_contact(
            actor=actor,
            case=case,
            way=request.POST.get("way", ""),
            due_at=_moment(request.POST.get("due_at", ""), case),
            point=point,
        )

    with case_reading(actor, case):
        points = _points(case)
        return form_page(
            request,
            "assistance/plan_contact",
            case,
            actor,
            act,
            ways=[way for way in Contact.Way.choices if points or way[0] not in SAFE_ONLY],
            points=points,
            rules=_rules(case),
        )


@form_view
def contact(request: HttpRequest, reference: str, contact: str) -> HttpResponse:
    """How a planned contact went."""
    case, actor = case_named(request, reference)
    row = Contact.objects.filter(case=case, reference=contact).select_related("point").first()
    if row is None:
        raise Http404
    row.case = case

    def act(request: HttpRequest, actor: Actor, case: Case) -> None:
        text = request.POST.get("text", "")
        do = request.POST.get("do", "")
        if do == "held":
            hold_contact(actor=actor, contact=row, text=text, risk=request.POST.get("risk", ""))
        elif do == "missed":
            miss_contact(actor=actor, contact=row, text=text)
        elif do == "cancelled":
            cancel_contact(actor=actor, contact=row, text=text)
        else:
            raise InputError.at(Message("apps.cases:choose-one"), field="risk")

    with case_reading(actor, case):
        return form_page(
            request,
            "assistance/contact",
            case,
            actor,
            act,
            row=row,
            value=row.point.value if row.point else "",
            when=row.point.when if row.point else "",
            say=row.point.words if row.point else "",
            avoid=row.point.avoid if row.point else "",
            risks=code_choices("retrafficking_risk"),
            now=clock.now(),
        )


@form_view
def voice(request: HttpRequest, reference: str) -> HttpResponse:
    """What the person says of the help."""
    case, actor = case_named(request, reference)
    must_read(actor, case)

    def act(request: HttpRequest, actor: Actor, case: Case) -> None:
        told = {name: request.POST.get(name, "") for name in ("mark", "text")}
        record_voice(actor=actor, case=case, **told)

    # Complaints are taken down at reception: to nobody else the page is shown.
    at_reception = Desk.RECEPTION in desks_of_actor(actor)
    marks = Voice.Mark.choices
    return form_page(
        request, "assistance/voice", case, actor, act, marks=marks, at_reception=at_reception
    )


def _moment(text: str, case: Case) -> datetime:
    """A day and a time on the clocks of the site. Raises InputError."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise InputError.at(Message("apps.assistance:moment-wrong"), field="due_at") from None
    if local.tzinfo is None:
        local = local.replace(tzinfo=ZoneInfo(case.site.time_zone))
    return local


def _points(case: Case) -> list[tuple[str, str]]:
    """The ways that the person called safe; within ``open_vault()``."""
    rows = ContactPoint.objects.filter(person=case.person_id, ended_at=None, safety="safe")
    return [
        (row.reference, f"{code_label('contact_kinds', row.kind)}: {row.value or ''}")
        for row in rows
    ]


def _rules(case: Case) -> list[tuple[str, str, str, str]]:
    """What holds for each safe way; within ``open_vault()``."""
    rows = ContactPoint.objects.filter(person=case.person_id, ended_at=None, safety="safe")
    return [
        (code_label("contact_kinds", row.kind), row.when or "", row.words or "", row.avoid or "")
        for row in rows
    ]

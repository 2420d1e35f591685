"""The pages of formal identification. Each says that help goes on."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.actions.identification import (
    appeal_decision,
    ask_authority,
    record_decision,
    withdraw_request,
)
from marfa.apps.cases.country_profiles import name_of, profile_of
from marfa.apps.cases.identification import appeal_of, open_request
from marfa.apps.cases.models import Case, FormalIdentification
from marfa.apps.cases.views.common import case_named, case_reading, form_page, must_read
from marfa.apps.consents.grounds import Age, age_of
from marfa.apps.form_view import form_view
from marfa.domain.dates import DayMonthOrder, parse_date
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor

FOR_TODAY = _("Such as 3 May 2026. Leave empty for today.")
AS_IT_STANDS = _("Such as 3 May 2026. Leave empty to keep the recorded day.")
DECISIONS = [choice for choice in FormalIdentification.Decision.choices if choice[0]]


@form_view
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down that the authority was asked, with the person's yes."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    profile = profile_of(case.site)

    def write(request: HttpRequest, actor: Actor, case: Case) -> None:
        posted = request.POST
        ask_authority(
            actor=actor,
            case=case,
            yes=bool(posted.get("yes")),
            wish=posted.get("wish", ""),
            day=day_said(posted.get("day", "")),
        )

    return form_page(
        request,
        "cases/ask_authority",
        case,
        actor,
        write,
        profile=profile if profile and profile.authority else None,
        country=name_of(profile.country) if profile else "",
        adult=age_of(case.person, clock.now()) is Age.ADULT,
    )


@form_view
def one(request: HttpRequest, reference: str, formal: str) -> HttpResponse:
    """One request: what became of it."""
    case, actor = case_named(request, reference)
    row = FormalIdentification.objects.filter(case=case, reference=formal).first()
    if row is None:
        raise Http404
    row.case = case

    def write(request: HttpRequest, actor: Actor, _case: Case) -> None:
        _write(request, actor, row)

    with case_reading(actor, case):
        return form_page(
            request,
            "cases/authority",
            case,
            actor,
            write,
            formal=row,
            country=name_of(row.country),
            decisions=DECISIONS,
            reasons=row.reasons or "",
            file_number=row.file_number or "",
            day_hint=AS_IT_STANDS if row.decision else FOR_TODAY,
            late=is_late(row, case),
            appealed=appeal_of(row),
            open_one=open_request(case),
        )


def _write(request: HttpRequest, actor: Actor, row: FormalIdentification) -> None:
    posted, do = request.POST, request.POST.get("do")
    if do == "decided":
        record_decision(
            actor=actor,
            formal=row,
            decision=posted.get("decision", ""),
            day=day_said(posted.get("day", "")),
            reasons=posted.get("reasons", ""),
            file_number=posted.get("file_number", ""),
        )
    elif do == "withdraw":
        withdraw_request(actor=actor, formal=row)
    elif do == "appeal":
        appeal_decision(
            actor=actor,
            formal=row,
            yes=bool(posted.get("yes")),
            wish=posted.get("wish", ""),
            authority=posted.get("authority", ""),
        )
    else:
        raise SuspiciousOperation


def is_late(row: FormalIdentification, case: Case) -> bool:
    """Whether an authority should have decided by now; in a closed case nothing is late."""
    if case.state != Case.State.OPEN:
        return False
    open_still = not row.decision and row.withdrawn_at is None
    return open_still and row.expected_at is not None and row.expected_at <= clock.now()


def day_said(text: str, *, field: str = "day") -> date | None:
    """One whole day as somebody writes it, day before month; None where nothing was written.

    Raises InputError for what cannot be read, and for a month or a year alone.
    """
    said = latin_digits(without_marks(text)).strip()
    if not said:
        return None
    try:
        found = parse_date(said, order=DayMonthOrder.DAY_FIRST)
    except InputError as error:
        raise InputError.at(error.problems[0].message, field=field) from None
    if not found.is_exact:
        raise InputError.at(Message("apps.cases:whole-day"), field=field)
    return found.earliest

"""The pages on which what was looked at and found is written down."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from marfa.apps.access import actor_in, current_user
from marfa.apps.age_assessment.actions import (
    ResultTold,
    record_look,
    record_result,
    strike_result,
)
from marfa.apps.age_assessment.models import AgeAssessment, AgeLook, AgeResult
from marfa.apps.age_assessment.queries import SECOND
from marfa.apps.age_assessment.views.assessment import assessment_named, of_case
from marfa.apps.cases.policy_facts import review_of
from marfa.apps.cases.queries import ASKED, known_cases
from marfa.apps.cases.views.common import case_page, case_reading, code_choices, code_label
from marfa.apps.cases.views.formal_identification import day_said
from marfa.apps.form_view import form_view
from marfa.apps.registry.birth_field import read_birth
from marfa.domain.dates import PartialDate
from marfa.domain.digits import latin_digits
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide


@form_view
def look(request: HttpRequest, reference: str) -> HttpResponse:
    """One thing that is looked at or asked, in words; also that there was nothing."""
    actor = _actor(request)
    found = AgeLook.objects.filter(reference=reference, assessment__case__in=known_cases(actor))
    row = found.select_related("assessment").first()
    if row is None:
        raise Http404
    of_case(row.assessment, actor)
    case = row.assessment.case
    shown = {"row": row, "kind": code_label("age_methods", row.kind)}

    def write() -> None:
        record_look(actor=actor, look=row, text=request.POST.get("text", ""))

    page = case_page(
        request,
        "age_assessment/look",
        case,
        shown,
        within=partial(case_reading, actor, case),
    )
    return page.answer(write, done=_there(row.assessment), said=gettext("Saved."))


@form_view
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """What a method found, with its error."""
    row, actor = assessment_named(request, reference)

    def write() -> HttpResponse:
        record_result(actor=actor, assessment=row, told=_told(request, row))
        return redirect(_there(row))

    shown = {"row": row, "methods": code_choices("age_methods")}
    page = case_page(
        request,
        "age_assessment/result",
        row.case,
        shown,
        within=partial(case_reading, actor, row.case),
    )
    return page.answer(write, said=gettext("Saved."))


@form_view
def strike(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody else than who entered a result says that it was entered by mistake."""
    actor = _actor(request)
    found = AgeResult.objects.filter(reference=reference, assessment__case__in=known_cases(actor))
    row = found.select_related("assessment").first()
    if row is None or row.struck_at is not None:
        raise Http404
    of_case(row.assessment, actor)
    case = row.assessment.case
    row.person = case.person
    resource = review_of(case.person, row.pk, asked_by=row.entered_by)
    if request.method != "POST" and not decide(actor, SECOND, resource, ASKED).allowed:
        raise PermissionDenied

    def write() -> None:
        strike_result(actor=actor, result=row, text=request.POST.get("text", ""))

    shown = {"row": row, "method": code_label("age_methods", row.method)}
    page = case_page(
        request,
        "age_assessment/strike",
        case,
        shown,
        within=partial(case_reading, actor, case),
    )
    return page.answer(write, done=_there(row.assessment), said=gettext("Saved."))


def _actor(request: HttpRequest) -> Actor:
    current_user(request)
    return actor_in(request)


def _there(row: AgeAssessment) -> str:
    return reverse("cases:age", args=[row.reference])


def _told(request: HttpRequest, row: AgeAssessment) -> ResultTold:
    posted = request.POST
    today = clock.today(row.case.site.time_zone)
    return ResultTold(
        method=posted.get("method", ""),
        found_on=day_said(posted.get("found_on", ""), field="found_on") or today,
        lowest=_age(posted.get("lowest", ""), "lowest"),
        highest=_age(posted.get("highest", ""), "highest"),
        born=_birth(posted.get("born", ""), today),
        error_years=_years(posted.get("error_years", "")),
        elsewhere=bool(posted.get("elsewhere")),
        made_by=posted.get("made_by", ""),
        words=posted.get("text", ""),
    )


def _age(text: str, field: str) -> int | None:
    said = latin_digits(text).strip()
    if not said:
        return None
    if not said.isascii() or not said.isdigit() or len(said) > 3:
        raise InputError.at(Message("apps.age_assessment:number"), field=field)
    return int(said)


def _years(text: str) -> Decimal | None:
    said = latin_digits(text).strip().replace("٫", ".").replace(",", ".")
    if not said:
        return None
    try:
        found = Decimal(said)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) > 99 or found != round(found, 2):
        raise InputError.at(Message("apps.age_assessment:error-number"), field="error_years")
    return found


def _birth(text: str, today: object) -> PartialDate | None:
    try:
        return read_birth(text, today)  # type: ignore[arg-type]
    except InputError as error:
        raise InputError.at(error.problems[0].message, field="born") from None

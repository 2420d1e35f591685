"""The pages of an age assessment: asking for it, and all that is decided in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext

from marfa.apps.access import actor_in, current_user
from marfa.apps.age_assessment.actions import (
    agree_adult,
    answer_appeal,
    appeal_age,
    ask_assessment,
    disagree_adult,
    end_as_child,
    make_adult,
    propose_adult,
    record_answer,
)
from marfa.apps.age_assessment.models import LIVE, LOOKS, AgeAssessment, AgeResult
from marfa.apps.age_assessment.queries import (
    State,
    births_in,
    is_appeal_over,
    makes_adult,
    may_be_second,
    results_about,
    widest_about,
)
from marfa.apps.best_interests.agreement import AgreementFields
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import READ, known_cases, names_of
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    code_label,
    form_page,
    may_act_on,
    must_read,
)
from marfa.apps.cases.views.formal_identification import day_said
from marfa.apps.form_view import Context, data_of, form_view
from marfa.domain.dates import PartialDate, age_on, show_date
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

Act = Callable[[HttpRequest, Actor, AgeAssessment], object]


@form_view
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Why it is needed, by whom and by which law. What will be looked at stands on the page; there
    is nothing else to choose."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    if not case.person.age_disputed:
        raise Http404

    def write(request: HttpRequest, actor: Actor, case: Case) -> None:
        told = {name: request.POST.get(name, "") for name in ("need", "authority", "legal_basis")}
        ask_assessment(actor=actor, case=case, **told)

    looks = [code_label("age_methods", each) for each in LOOKS]
    return form_page(request, "age_assessment/ask", case, actor, write, looks=looks)


@form_view
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """How it stands, what was looked at and found, and what may be decided now."""
    row, actor = assessment_named(request, reference)

    def act() -> None:
        step = STEPS.get(request.POST.get("do", ""))
        if step is None:
            raise SuspiciousOperation
        try:
            step(request, actor, row)
        except InputError:
            row.refresh_from_db()
            raise

    page = case_page(
        request,
        "age_assessment/one",
        row.case,
        partial(_shown, row, actor),
        alike={"dismissed": "upheld"},
        within=partial(case_reading, actor, row.case),
    )
    return page.answer(act, done=request.path, said=gettext("Saved."))


@form_view
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """What was answered, by who may answer. A no changes nothing."""
    row, actor = assessment_named(request, reference)
    if row.state != State.ASKED:
        raise Http404
    form = AgreementFields(data_of(request))
    with open_vault():
        form.for_person(row.person)

    def write() -> None:
        record_answer(actor=actor, assessment=row, agreement=form.agreement())

    page = case_page(
        request,
        "age_assessment/answer",
        row.case,
        {"row": row},
        form=form,
        alike=None,
        within=partial(case_reading, actor, row.case),
    )
    done = reverse("cases:age", args=[row.reference])
    return page.answer(write, done=done, said=gettext("Saved."))


def assessment_named(request: HttpRequest, reference: str) -> tuple[AgeAssessment, Actor]:
    """An assessment for who may read its case. Raises Http404 where they may not know of the
    person, PermissionDenied where they may not read the case."""
    current_user(request)
    actor = actor_in(request)
    rows = AgeAssessment.objects.filter(reference=reference, case__in=known_cases(actor))
    row = rows.first()
    if row is None:
        raise Http404
    of_case(row, actor)
    return row, actor


def of_case(row: AgeAssessment, actor: Actor) -> None:
    """Its case, with person and site. Raises PermissionDenied for who may not read it."""
    row.case = known_cases(actor).get(pk=row.case_id)
    row.person = row.case.person
    if not may_act_on(actor, row.case, READ):
        raise PermissionDenied


def _shown(row: AgeAssessment, actor: Actor) -> Context:
    today = clock.today(row.case.site.time_zone)
    looks = sorted(row.looks.all(), key=lambda each: LOOKS.index(each.kind))
    widest = widest_about(row.person_id)
    staff = {row.asked_by, row.proposed_by, row.confirmed_by, row.ended_by}
    return {
        "row": row,
        "live": row.state in LIVE,
        "looks": looks,
        "left": sum(each.looked_at is None for each in looks),
        "results": [_told(each) for each in AgeResult.objects.filter(person=row.person_id)],
        "widest": ages_of(widest, clock.today(row.case.site.time_zone)) if widest else "",
        "any": bool(results_about(row.person_id)),
        "adult": makes_adult(row.person_id, today),
        "second": row.state == State.PROPOSED and may_be_second(actor, row),
        "mine": row.proposed_by == actor.id,
        "over": row.state == State.DECIDED and is_appeal_over(row),
        "names": {str(key): name for key, name in names_of(staff).items()},
    }


def _told(row: AgeResult) -> dict[str, object]:
    born = next(iter(births_in([row])), None)
    said = show_date(born, get_language() or "en") if born else ""
    ages = ages_of(born, row.found_on) if born else ""
    return {"row": row, "born": said, "ages": ages}


def ages_of(born: PartialDate, day: object) -> str:
    """Ages in years on a day, the lowest and the highest."""
    lowest, highest = age_on(born, day)  # type: ignore[arg-type]
    return gettext("%(lowest)s to %(highest)s") % {"lowest": lowest, "highest": highest}


def _text(request: HttpRequest) -> str:
    return request.POST.get("text", "")


def _second(request: HttpRequest, actor: Actor, row: AgeAssessment) -> None:
    until = day_said(request.POST.get("appeal_until", ""), field="appeal_until")
    agree_adult(actor=actor, assessment=row, appeal_until=until)


def _appeal_answer(request: HttpRequest, actor: Actor, row: AgeAssessment) -> None:
    upheld = request.POST.get("do") == "upheld"
    answer_appeal(actor=actor, assessment=row, upheld=upheld, text=_text(request))


STEPS: dict[str, Act] = {
    "propose": lambda request, actor, row: propose_adult(
        actor=actor, assessment=row, text=_text(request)
    ),
    "agree": _second,
    "disagree": lambda request, actor, row: disagree_adult(
        actor=actor, assessment=row, text=_text(request)
    ),
    "appeal": lambda request, actor, row: appeal_age(
        actor=actor, assessment=row, text=_text(request)
    ),
    "upheld": _appeal_answer,
    "dismissed": _appeal_answer,
    "child": lambda request, actor, row: end_as_child(
        actor=actor, assessment=row, text=_text(request)
    ),
    "adult": lambda _request, actor, row: make_adult(actor=actor, assessment=row),
}

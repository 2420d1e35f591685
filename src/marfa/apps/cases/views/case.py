"""The page of one case: what is to be done next, then the parts, then what happened."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.concerns import counted_concerns
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Happening, Next, case_parts
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.transfers import ASK
from marfa.apps.cases.unassigned_cases import is_unheld
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    code_label,
    may_act_on,
)
from marfa.apps.manifest import CASE, PERSON
from marfa.apps.organisations.clocks import on_clocks_of
from marfa.apps.record_page import RecordSection, SummaryFact, section_of, summary_of
from marfa.apps.registry.person_page import first_names
from marfa.apps.registry.policy_facts import PERSON as PERSON_FACTS
from marfa.apps.registry.reader import IDENTITY
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.columns import facts_read_once
from marfa.safeguards.charter.row_decisions import allowed_of

MOST_HAPPENED = 30


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """A case, for whom the charter lets read it."""
    case, actor = case_named(request, reference)
    with facts_read_once(), case_reading(actor, case):
        parts = case_parts()
        history, free = _history(case, parts), is_unheld(case)
        names = names_of([case.worker, case.supervisor, *(each.by for each in history)])
        context = {
            "next": _next(case, parts),
            "summary": _summary(request, case),
            "parts": [
                section
                for section in (_section(request, case, actor, part) for part in parts)
                if section.content  # a part about children has nothing to say of an adult
            ],
            "history": [(each, names.get(each.by, "")) for each in history],
            "worker": "" if free else names.get(case.worker, ""),
            "supervisor": names.get(case.supervisor, ""),
            "may_assign": may_act_on(actor, case, "people.assign"),
            "may_take": free and may_act_on(actor, case, "cases.take"),
            "may_transfer": case.state == Case.State.OPEN and may_act_on(actor, case, ASK),
            "closed_for": code_label("closure_reasons", case.closed_for) if case.closed_for else "",
            "mine": case.worker == actor.id,
            "called": _called(case, actor),
            "way_back": _way_back(request),
        }
        return case_page(request, "cases/case", case, context).shown()


def _summary(request: HttpRequest, case: Case) -> list[SummaryFact]:
    with on_clocks_of(case.site):
        of_person = summary_of(request, PERSON, case.person)
        return [*of_person, *summary_of(request, CASE, case)]


def _called(case: Case, actor: Actor) -> str:
    """What the person is called, where the reader may open who that is; that is on record."""
    person = PERSON_FACTS.resource(case.person)
    asked = {"on_record": True, "purpose": PURPOSE.value}
    if not list(allowed_of(actor, IDENTITY, [person], asked)):
        return ""
    with reading(actor=actor, code=IDENTITY, purpose=PURPOSE, resource=person):
        return first_names([case.person.pk]).get(case.person.pk, "")


def _section(request: HttpRequest, case: Case, actor: Actor, part: CasePart) -> RecordSection:
    return section_of(part.name, part.label, part.render(request, case, actor))


def _way_back(request: HttpRequest) -> str:
    """The number of the supervisor's board by which somebody came."""
    name, who = request.GET.get("of", ""), request.GET.get("who", "")
    if name not in counted_concerns():
        return ""
    try:
        if who:
            return reverse("caseload:concern_of", args=[name, who])
        return reverse("caseload:concern", args=[name])
    except NoReverseMatch:
        return ""


def _next(case: Case, parts: Iterable[CasePart]) -> list[Next]:
    if case.state != Case.State.OPEN:
        return []
    found = [each for part in parts for each in part.next(case)]
    return sorted(found, key=lambda each: each.order)


def _history(case: Case, parts: Iterable[CasePart]) -> list[Happening]:
    found = [each for part in parts for each in part.happened(case)]
    # Of two at the same moment the later step stands above, as everywhere in the list.
    return sorted(found, key=lambda each: each.at)[::-1][:MOST_HAPPENED]

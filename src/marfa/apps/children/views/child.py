"""The page of one child: the clock, what was done about it, and what other apps show of a child."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, at_desk
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Next, case_parts
from marfa.apps.cases.queries import READ, names_of
from marfa.apps.cases.views.common import case_reading, may_act_on
from marfa.apps.children.actions.referral import begin_referral
from marfa.apps.children.board import Line, lines_of
from marfa.apps.children.models import Duty, DutyStep
from marfa.apps.children.policy_facts import END, REFER, child_of, decide_on
from marfa.apps.children.queries import duty_of, seen_person
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.clocks import on_clocks_of
from marfa.apps.record_page import RecordSection, SummaryFact, section_of
from marfa.apps.referrals.closure import page_to_refer_child
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.protection import may_protect
from marfa.platform.regional import list_in_words
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.columns import facts_read_once

RUNGS = {
    "due": _("The time is over"),
    "supervisor": _("Supervisors and the roster"),
    "outside": _("Someone outside the team"),
}
YES, NO = _("Has a guardian"), _("No guardian")
MOST = 100


def child_named(request: HttpRequest, reference: str) -> tuple[Person, Duty, Actor]:
    """A child to whom something is or was owed. Raises Http404 for everybody else, and where the
    reader may not know of them: nobody learns which of both it is."""
    actor = actor_in(request)
    person = seen_person(actor, reference)
    duty = duty_of(person) if person is not None else None
    if person is None or duty is None:
        raise Http404
    duty.person = person
    return person, duty, actor


@form_view
@at_desk(Desk.PROTECTION)
def child(request: HttpRequest, reference: str) -> HttpResponse:
    """What is owed to a child, for whoever may know of them; more for who may read the case."""
    person, duty, actor = child_named(request, reference)
    case = newest_case(person)
    context = partial(_shown, request, actor, person, duty, case)
    page = FormPage(
        request, "children/child.html", context=context, within=facts_read_once, site=person.site
    )
    return page.answer(partial(_do, request, actor, person, case))


def newest_case(person: Person) -> Case | None:
    """The open case of a child, else the newest."""
    rows = Case.objects.filter(person=person).select_related("person", "site")
    return rows.order_by("-state", "-number").first()


def _do(request: HttpRequest, actor: Actor, person: Person, case: Case | None) -> HttpResponse:
    if request.POST.get("do") != "refer":
        raise SuspiciousOperation
    begin_referral(actor=actor, person=person)
    if case is None or case.state != Case.State.OPEN:
        return redirect("cases:begin", person.reference)
    return redirect(page_to_refer_child(case))


def _shown(
    request: HttpRequest, actor: Actor, person: Person, duty: Duty, case: Case | None
) -> dict[str, object]:
    reads = case is not None and may_act_on(actor, case, READ)
    line, known = lines_of(actor, [duty])[person.pk], child_of(person)
    shown: dict[str, object] = {
        "person": person,
        "duty": duty,
        "case": case if reads else None,
        "summary": summary_of_child(duty, line),
        "history": list(_history(duty)),
        "refers": decide_on(actor, REFER, known).allowed,
        "ends": duty.ended_at is None and decide_on(actor, END, known).allowed,
        "alarms": line.alarms,
        "languages": settings.LANGUAGES,
        "protects": may_protect(actor, PERSON.resource(person)),
    }
    if case is None or not reads:
        return {**shown, "parts": [], "next": []}
    with case_reading(actor, case), on_clocks_of(case.site):
        parts = [part for part in case_parts() if part.child]
        made = [_section(request, case, actor, part) for part in parts]
        return {**shown, "parts": made, "next": _next(case, parts)}


def summary_of_child(duty: Duty, line: Line) -> list[SummaryFact]:
    """What nobody who works with a child may overlook."""
    running = _("Too late") if duty.is_late else _("Clock is running")
    clock = running if duty.is_live else duty.get_met_by_display()
    if duty.ended_at is not None:
        clock = duty.get_asked_for_display()
    kind = ("urgent" if duty.is_late else "due") if duty.is_live else "done"
    guardian = YES if line.guardian else NO
    found = [
        SummaryFact(_("Age"), line.age),
        SummaryFact(_("Why"), list_in_words(line.why)),
        SummaryFact(_("Clock"), clock, kind),
        SummaryFact(_("Responsible"), line.responsible or _("no one yet")),
        SummaryFact(_("Guardian"), guardian, "" if line.guardian else "due"),
        SummaryFact(_("Referred to"), list_in_words(line.referred)),
    ]
    return [each for each in found if each.text]


def _history(duty: Duty) -> Iterable[tuple[DutyStep, object, str, str]]:
    """Each step with what it says, who was told, and who did it: the newest first."""
    rows = list(DutyStep.objects.filter(duty=duty).order_by("-at", "-pk")[:MOST])
    names = names_of([key for row in rows for key in (row.told, row.by)])
    met, ending = dict(Duty.Met.choices), dict(Duty.Ending.choices)
    for row in rows:
        what = RUNGS.get(row.code) or met.get(row.code) or ending.get(row.code) or ""
        yield row, what if row.code else "", names.get(row.told, ""), names.get(row.by, "")


def _section(request: HttpRequest, case: Case, actor: Actor, part: CasePart) -> RecordSection:
    return section_of(part.name, part.label, part.render(request, case, actor))


def _next(case: Case, parts: Iterable[CasePart]) -> list[Next]:
    if case.state != Case.State.OPEN:
        return []
    return sorted((each for part in parts for each in part.next(case)), key=lambda one: one.order)

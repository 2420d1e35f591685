"""The pages on which a case is opened."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in
from marfa.apps.cases.actions import open_case, open_case_of, presume_victim
from marfa.apps.cases.models import Case, Presumption
from marfa.apps.cases.policy_facts import CASE, case_of
from marfa.apps.cases.queries import ASKED, GRANT, READ
from marfa.apps.cases.unassigned_cases import is_unheld
from marfa.apps.cases.views.common import render_fragment
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.reader import facts_shown, reader_of
from marfa.apps.screening.models import HandOver, Screening
from marfa.domain.codelists import codelist
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource

MOST = 5


@form_view
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Presume that somebody may be a victim, or open a case for somebody who needs help."""
    reader = reader_of(request, reference)
    person, actor = reader.person, reader.actor
    presumes, opens = _may_begin(actor, reader.resource)
    if not presumes and not opens:
        raise PermissionDenied

    def shown() -> dict[str, object]:
        return {**_shown(actor, person), "presumes": presumes, "opens": opens}

    page = FormPage(request, "cases/begin.html", context=shown, alike={})
    return page.answer(partial(_begun, request, actor, person))


def _shown(actor: Actor, person: Person) -> dict[str, object]:
    opened = open_case_of(person)
    readable = opened if opened is not None and _reads(actor, opened) else None
    return {
        "person": person,
        "open": opened,
        "case": readable,
        "usual": readable.urgency if readable else "days",
        "grounds": Presumption.Ground.choices,
        "sources": Case.Source.choices,
        "urgencies": codelist("screening_urgencies").choices(get_language() or "en"),
    }


def _begun(request: HttpRequest, actor: Actor, person: Person) -> HttpResponse:
    case = _begin(request, actor, person)
    if _reads(actor, case):
        return redirect("cases:case", case.reference)
    return redirect("cases:begun", person.reference)


@require_safe
def begun(request: HttpRequest, reference: str) -> HttpResponse:
    """For whoever may not read the case that they began: it is in the hands of protection."""
    reader = reader_of(request, reference)
    if not any(_may_begin(reader.actor, reader.resource)):
        raise PermissionDenied
    case = open_case_of(reader.person)
    held = case is not None and not is_unheld(case)
    return render(request, "cases/begun.html", {"person": reader.person, "held": held})


def _begin(request: HttpRequest, actor: Actor, person: Person) -> Case:
    told = {name: request.POST.get(name, "") for name in ("ground", "source", "urgency", "text")}
    if request.POST.get("do") == "open":
        return open_case(
            actor=actor,
            person=person,
            source=told["source"],
            urgency=told["urgency"],
            text=told["text"],
        )
    last = Screening.objects.filter(person=person, state=Screening.State.FINISHED)
    made = presume_victim(
        actor=actor,
        person=person,
        ground=told["ground"],
        text=told["text"],
        urgency=told["urgency"],
        screening=last.order_by("-closed_at").first() if told["ground"] == "screening" else None,
    )
    return made.case


def _may_begin(actor: Actor, resource: Resource) -> tuple[bool, bool]:
    """Whether somebody may presume it of a person, and open a case for them."""
    case = Resource("Case", resource.id, resource.facts)
    presumes = decide(actor, "cases.presume", resource, ASKED).allowed
    return presumes, decide(actor, "cases.open", case, ASKED).allowed


def _reads(actor: Actor, case: Case) -> bool:
    return decide(actor, READ, case_of(case.person, case.pk), ASKED).allowed


def begins_at(request: HttpRequest, person: Person) -> str | None:
    """Where somebody who knows the code of a person alone begins to help them."""
    if not any(_may_begin(actor_in(request), facts_shown(request, person))):
        return None
    return reverse("cases:begin", args=[person.reference])


def opened_with(request: HttpRequest, hand_over: HandOver) -> str | None:
    """The case of somebody who was handed over, for who may read it."""
    case = open_case_of(hand_over.person)
    if case is None or not _reads(actor_in(request), case):
        return None
    return reverse("cases:case", args=[case.reference])


def render_section(request: HttpRequest, person: Person) -> SafeString | None:
    """The part of a person's page about their cases, for who may read or begin one."""
    actor = actor_in(request)
    shown = facts_shown(request, person)
    reads = decide(actor, READ, Resource(CASE.kind, person.pk, shown.facts), ASKED).allowed
    presumes, opens = _may_begin(actor, Resource(PERSON.kind, person.pk, shown.facts))
    cases = list(Case.objects.filter(person=person).order_by("-number")[:MOST])
    begins = (presumes or opens) and all(case.state != Case.State.OPEN for case in cases)
    if not (reads or begins):
        return None
    helps = decide(actor, GRANT, Resource(CASE.kind, person.pk, shown.facts), ASKED).allowed
    return render_fragment(
        request,
        "cases/section",
        person=person,
        cases=cases,
        reads=reads,
        begins=begins,
        helped=next((case for case in cases if helps and case.state == Case.State.OPEN), None),
    )

"""The page of a person's summary: on paper only where that is safe to carry."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in
from marfa.apps.consents.actions.paper_summary import note_carrying
from marfa.apps.consents.forms import YES, CarryForm
from marfa.apps.consents.models import Consent
from marfa.apps.consents.record_access import of_person, purpose_of
from marfa.apps.consents.summary import SET, summary_in, summary_of
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.leaflets.packs import load_leaflets, usable_leaflets
from marfa.apps.problems import problem_sentences
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_records import record_of
from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.message import InputError

ANSWERED = "safe-to-carry"
"""In the session: reference of the person who said that paper is safe."""


@require_safe
def on_screen(request: HttpRequest, reference: str) -> HttpResponse:
    """Large and in plain words, in the person's language."""
    with of_person(request, reference) as person:
        values = _told(request, person)
    request.session.pop(ANSWERED, None)
    return render(request, "consents/summary.html", values)


@form_view
def carry(request: HttpRequest, reference: str) -> HttpResponse:
    """Whether a paper is safe: the person answers, and it is written down."""
    with of_person(request, reference) as person:
        form = CarryForm(data_of(request))
    actor = actor_in(request)

    def act() -> HttpResponse:
        safe = form.cleaned_data["carry"] == YES
        purpose = purpose_of(actor, record_of(person, Consent))
        note_carrying(actor=actor, purpose=purpose, person=person, safe=safe)
        if safe:
            request.session[ANSWERED] = reference
        name = "consents:paper" if safe else "consents:summary"
        response = redirect(name, reference=reference)
        response["Location"] += f"?{request.GET.urlencode()}" if request.GET else ""
        return response

    values = {"person": person, "query": request.GET.urlencode()}
    return FormPage(request, "consents/carry.html", form, values).answer(act)


@require_safe
def paper(request: HttpRequest, reference: str) -> HttpResponse:
    """A plain page to be printed and folded, without a word of what it is from. It opens once
    after the person said that it is safe."""
    if request.session.pop(ANSWERED, None) != reference:
        return redirect("consents:carry", reference=reference)
    with of_person(request, reference) as person:
        values = _told(request, person)
    return render(request, "consents/paper.html", values)


def _told(request: HttpRequest, person: Person) -> dict[str, Any]:
    found = load_leaflets(SET)
    language = request.GET.get("language", get_language() or SOURCE_LANGUAGE)
    leaflet = summary_in(language)
    form = request.GET.get("form", "")
    default = Addressee.MASCULINE if person.sex == "male" else Addressee.FEMININE
    addressee = Addressee(form) if form in list(Addressee) else default
    values: dict[str, Any] = {
        "person": person,
        "leaflets": usable_leaflets(found),
        "chosen": leaflet,
        "addressee": addressee,
        "query": f"language={leaflet.language}&form={addressee}",
    }
    try:
        leaflet.lines(addressee, live=not settings.DEMONSTRATION)
        values["sections"] = summary_of(person, leaflet, addressee)
    except InputError as error:
        values["unusable"] = problem_sentences(error).values()
    return values

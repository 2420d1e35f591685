"""Who is to be screened, and sitting down with somebody."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, at_desk
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec, own_sites
from marfa.apps.manifest import Desk, no_list_for
from marfa.apps.organisations.models import Site
from marfa.apps.registry.models import Person
from marfa.apps.registry.purposes import sites_of
from marfa.apps.screening import facts, instruments
from marfa.apps.screening.actions import open_screening
from marfa.apps.screening.models import Screening
from marfa.apps.screening.presentation import age_of
from marfa.apps.screening.queries import (
    left_open,
    may_assess,
    person_named,
    to_screen,
    under_way,
    unresolved_screenings,
)
from marfa.apps.screening.views.common import screening_url
from marfa.domain.addressee import Addressee
from marfa.domain.languages import own_name
from marfa.safeguards.actor import Actor

A_PAGE = 50
TO_SCREEN = ListSpec(
    _("To be interviewed"),
    (
        Column("person", _("Person"), kind="head", order=("code",)),
        Column("soon", _("How soon"), kind="plain", order=("-first", "-level", "since")),
        Column("since", _("Waiting since"), order=("since",)),
        Column("talk", _("Interview"), kind="plain"),
    ),
    "soon",
    (Filter("site", _("Site"), own_sites, lambda code: Q(site__reference=code)),),
)


@form_view
@at_desk(Desk.RECEPTION)
def queue(request: HttpRequest) -> HttpResponseBase:
    """People with a reason, in order; and talks not at their end: one's own, or left by others."""
    actor = actor_in(request)
    context = {
        "under_way": under_way(actor)[:A_PAGE],
        "left_open": left_open(actor)[:A_PAGE],
        "unresolved": [(talk, _child(talk)) for talk in unresolved_screenings(actor)[:A_PAGE]],
    }
    return ListPage(request, TO_SCREEN, to_screen(actor), "screening/queue.html", context).answer()


@form_view
@at_desk(Desk.RECEPTION)
def sit_down(request: HttpRequest, reference: str) -> HttpResponse:
    """Reception begins an interview with somebody who is at one of its sites."""
    actor = actor_in(request)
    person = _known(reference, actor)
    site = next((one for one in sites_of(actor) if one.pk == person.site_id), None)
    if site is None:
        raise PermissionDenied
    return _sit_down(request, actor, person, site, reverse("to_screen:queue"))


@form_view
@at_desk(Desk.PROTECTION)
def assess(request: HttpRequest, reference: str) -> HttpResponse:
    """Protection begins one with whom it helps, and has the lists that reception has not."""
    actor = actor_in(request)
    person = _known(reference, actor)
    if not may_assess(actor, person) or person.site is None:
        raise PermissionDenied
    back = reverse("people:person", args=[reference])
    return _sit_down(request, actor, person, person.site, back)


def _known(reference: str, actor: Actor) -> Person:
    person = person_named(reference, actor)
    if person is None:
        raise Http404
    return person


def _sit_down(
    request: HttpRequest, actor: Actor, person: Person, site: Site, back: str
) -> HttpResponse:
    """In which language and form the person is spoken to; then the conditions are looked at. To
    whom no list may be put, it leads to where it goes on without one."""
    refusal = no_list_for(person, actor)
    if refusal is not None:
        return redirect(refusal.page)

    def begin() -> HttpResponse:
        language, addressee = _chosen(request, actor, person)
        made = open_screening(
            actor=actor, person=person, site=site, language=language, addressee=addressee
        )
        return redirect(screening_url(made))

    languages = [(code, own_name(code)) for code in _languages(person, actor)]
    context = {"person": person, "languages": languages, "form": _form(person), "there": back}
    return FormPage(request, "screening/sit_down.html", context=context).answer(begin)


def _languages(person: Person, actor: Actor) -> list[str]:
    """Languages in which a list of questions for this person can be put."""
    names = instruments.offered_instruments(facts.age_of(person), actor)
    return instruments.instrument_languages(names)


def _child(talk: Screening) -> bool:
    """Whether the person may be a child, who is handed over and says no to nothing alone."""
    return age_of(talk).may_be_child or talk.person.age_disputed


def _form(person: Person) -> str:
    return Addressee.MASCULINE if person.sex == "male" else Addressee.FEMININE


def _chosen(request: HttpRequest, actor: Actor, person: Person) -> tuple[str, Addressee]:
    language, form = request.POST.get("language", ""), request.POST.get("form", "")
    if language not in _languages(person, actor) or form not in list(Addressee):
        raise PermissionDenied
    return language, Addressee(form)

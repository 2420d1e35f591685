"""From the private conversation to the questions of a list: one conversation.

What must be so was looked at when the private conversation began. Where the same officer goes on
at once, it is not asked a second time; what they looked at is written down here too.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from marfa.apps.access import actor_in, at_desk
from marfa.apps.manifest import Desk
from marfa.apps.reception.models import PrivateConversation
from marfa.apps.registry.models import Person
from marfa.apps.registry.purposes import sites_of
from marfa.apps.screening import facts, instruments
from marfa.apps.screening.actions import (
    agree_without_list,
    ask_first,
    look_at_conditions,
    open_screening,
    take_over_said,
)
from marfa.apps.screening.conditions import Condition, Met
from marfa.apps.screening.models import Screening
from marfa.apps.screening.queries import person_named
from marfa.apps.screening.views.common import screening_url
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

STILL_SO = timedelta(hours=1)
"""For how long after the private conversation what was looked at still holds."""

SAME: dict[str, tuple[Condition, ...]] = {
    "alone": (Condition.NOBODY_ELSE, Condition.CHILDREN),
    "private_place": (Condition.PRIVATE,),
    "right_people": (Condition.INTERPRETER, Condition.NO_TIE),
    "told": (
        Condition.LANGUAGE,
        Condition.PURPOSE,
        Condition.VOLUNTARY,
        Condition.CONFIDENTIALITY,
    ),
    "reporting": (Condition.REPORTING,),
    "referral": (Condition.REFERRAL,),
}
"""What was looked at once, by the conditions of a screening that it answers."""
State = Screening.State


@require_POST
@at_desk(Desk.RECEPTION)
def go_on(request: HttpRequest, reference: str) -> HttpResponse:
    """The questions of the list, with what was said and looked at before."""
    actor = actor_in(request)
    return redirect(screening_url(_led_to(_person(reference, actor), actor)))


@require_POST
@at_desk(Desk.RECEPTION)
def in_danger(request: HttpRequest, reference: str) -> HttpResponse:
    """The person said that they are in danger: the steps, at once."""
    actor = actor_in(request)
    screening = _led_to(_person(reference, actor), actor)
    return redirect("screening:danger", reference=screening.reference)


@require_POST
@at_desk(Desk.RECEPTION)
def health(request: HttpRequest, reference: str) -> HttpResponse:
    """The health check that ends a private conversation without the questions of a list."""
    actor = actor_in(request)
    person = _person(reference, actor)
    site = next(site for site in sites_of(actor) if site.pk == person.site_id)
    check = agree_without_list(actor=actor, person=person, site=site)
    return redirect("screening:health", reference=check.reference)


def _person(reference: str, actor: Actor) -> Person:
    person = person_named(reference, actor)
    if person is None:
        raise Http404
    if person.site_id not in {site.pk for site in sites_of(actor)}:
        raise PermissionDenied
    return person


def _held(person: Person) -> PrivateConversation | None:
    """The private conversation of now."""
    since = clock.now() - timedelta(hours=12)
    recent = Q(began_at__gte=since) | Q(ended_at__gte=since)
    rows = PrivateConversation.objects.filter(recent, person=person)
    return rows.exclude(state=PrivateConversation.State.STOPPED).order_by("-began_at").first()


def _led_to(person: Person, actor: Actor) -> Screening:
    """The open talk with a person, begun where it was not. Where something is missing for it to
    begin, as in another room, it stays before the first question, and its page says what."""
    open_ones = Screening.objects.filter(person=person, state__in=Screening.OPEN)
    screening, held = open_ones.select_related("person", "site").first(), _held(person)
    if screening is None:
        screening = _opened(person, actor, held)
    if screening.officer != actor.id:
        return screening
    if screening.state == State.ASKING:
        panel = instruments.instrument_panel(screening.instrument)
        take_over_said(actor=actor, screening=screening, panel=panel)
    elif held is not None and _still_so(held, actor):
        _begin(actor, screening, held)
    return screening


def _opened(person: Person, actor: Actor, held: PrivateConversation | None) -> Screening:
    site = next(site for site in sites_of(actor) if site.pk == person.site_id)
    names = instruments.offered_instruments(facts.age_of(person), actor)
    languages = instruments.instrument_languages(names)
    wanted = (get_language() or "en").split("-")[0]
    form = Addressee.MASCULINE if person.sex == "male" else Addressee.FEMININE
    return open_screening(
        actor=actor,
        person=person,
        site=site,
        language=wanted if wanted in languages else languages[0],
        addressee=Addressee(held.addressee) if held else form,
    )


def _still_so(held: PrivateConversation, actor: Actor) -> bool:
    ended = held.ended_at or clock.now()
    return held.held_by == actor.id and clock.now() - ended < STILL_SO


def _begin(actor: Actor, screening: Screening, held: PrivateConversation) -> None:
    """Ask at once. Raises nothing for what is missing: the page of the conditions says it."""
    with open_vault():
        confirmed, interpreter = held.conditions or [], held.interpreter or ""
    told = {each.value: Met.YES.value for name in confirmed for each in SAME.get(name, ())}
    if not interpreter and Condition.INTERPRETER in told:
        told[Condition.INTERPRETER] = told[Condition.NO_TIE] = Met.NOT_NEEDED.value
    try:
        look_at_conditions(
            actor=actor,
            screening=screening,
            base_version=screening.version,
            told=told,
            interpreter=interpreter,
        )
        name = instruments.offered_instruments(facts.age_of(screening.person), actor)[0]
        panel = instruments.instrument_panel(name)
        use = instruments.panel_use(panel, screening.language)
        version = screening.version
        ask_first(actor=actor, screening=screening, base_version=version, panel=panel, use=use)
    except InputError:
        screening.refresh_from_db()

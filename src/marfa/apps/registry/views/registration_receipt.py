"""The page after a registration: tickets, codes, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk
from marfa.apps.manifest import Desk, QueuePlace, queue_places
from marfa.apps.registry.ages import treated_as_child
from marfa.apps.registry.lookups import nothing_there
from marfa.apps.registry.models import Household, HouseholdMember, Person
from marfa.apps.registry.person_page import others_of
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.purposes import purpose_about, sites_of
from marfa.apps.registry.reader import IDENTITY, Reader
from marfa.apps.registry.visibility import about_seen
from marfa.platform import clock
from marfa.safeguards.actions import reading
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import open_vault

NAMED_FOR = 60
"""Seconds for which names stand there: others look at this screen, too."""


@dataclass(frozen=True)
class Came:
    """One who was registered. place: where they wait, if they do. head: of the household, if they
    came as one. name: where it was asked for, and may be shown."""

    person: Person
    head: bool
    place: QueuePlace | None
    name: str
    child: bool


@require_safe
@at_desk(Desk.RECEPTION)
def household(request: HttpRequest, reference: str) -> HttpResponse:
    """The tickets and codes of who came together, and what happens next to each: in words that
    anybody may read over a shoulder."""
    actor = actor_in(request)
    rows = HouseholdMember.objects.filter(
        about_seen(actor), household__reference=reference, until=None
    ).select_related("person", "household", "person__site")
    members = list(rows.order_by("-head", "since", "pk"))
    if not members:
        meant = Q(households__household__reference=reference, households__until=None)
        raise nothing_there(actor, meant)
    heads = {row.person_id for row in members if row.head}
    return _page(request, [row.person for row in members], members[0].household, heads)


@require_safe
@at_desk(Desk.RECEPTION)
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """The same for somebody who was registered alone."""
    actor = actor_in(request)
    seen = Person.objects.filter(visibility_condition(PERSON, actor), reference=reference)
    person = seen.select_related("site").first()
    if person is None:
        raise nothing_there(actor, Q(reference=reference))
    return _page(request, [person], None, set())


def _page(
    request: HttpRequest, people: list[Person], home: Household | None, heads: set[UUID]
) -> HttpResponse:
    actor, site = actor_in(request), people[0].site
    day = clock.today(site.time_zone if site else "UTC")
    purpose = purpose_about(actor, IDENTITY, *people)
    reader = Reader(actor, purpose, people[0], PERSON.resource(people[0]))
    may_name, named = reader.may(IDENTITY), "names" in request.GET
    if named and not may_name:
        raise PermissionDenied
    names = _names(reader, people, day) if named else {}
    places = queue_places(people, actor)
    context = {
        "household": home,
        "people": [
            Came(
                person,
                person.pk in heads,
                places.get(person.pk),
                names.get(person.pk, ""),
                treated_as_child(person, day),
            )
            for person in people
        ],
        "site": site if site in sites_of(actor) else None,
        "may_name": may_name,
        "named": named,
        "again": reverse("reception:household" if home else "reception:person"),
    }
    answer = render(request, "registry/registration_receipt.html", context)
    if named:
        answer.headers["Refresh"] = f"{NAMED_FOR}; url={request.path}"
    return answer


def _names(reader: Reader, people: list[Person], day: date) -> dict[UUID, str]:
    """What those are called who may be named to this reader: on the record."""
    with (
        open_vault(),
        reading(
            actor=reader.actor, code=IDENTITY, purpose=reader.purpose, resource=reader.resource
        ) as act,
    ):
        others = others_of(reader, {person.pk for person in people}, day)
        act.saw(key for key, other in others.items() if other.name)
        return {key: other.name for key, other in others.items()}

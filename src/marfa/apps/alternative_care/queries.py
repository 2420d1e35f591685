"""Questions about caregivers and places, each decided by the charter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from marfa.apps.alternative_care.models import CarePlace, Placement
from marfa.apps.alternative_care.models.places import KIND
from marfa.apps.alternative_care.vetting_state import (
    CURRENT,
    vettings_in_force,
    with_room,
)
from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.queries import ASKED as CASE_ASKED
from marfa.apps.cases.queries import READ as CASE_READ
from marfa.apps.organisations.models import Organisation
from marfa.apps.registry.ages import least_age
from marfa.apps.registry.visibility import about_people_where
from marfa.platform import clock
from marfa.platform.rowsecurity.context import current_scope
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

PURPOSE = Purpose.CHILD_PROTECTION
READ, WRITE, VET = "care_places.read", "care_places.write", "care_places.vet"
ASKED: dict[str, Value] = {"on_record": True, "purpose": PURPOSE.value}
TAKES = (("all", _("girls and boys")), ("girls", _("girls only")), ("boys", _("boys only")))


def place_of(organisation: UUID, key: UUID | str, asked_by: UUID | None = None) -> Resource:
    """A caregiver or place as the charter sees it. asked_by: who asks that it is vetted, or who
    raised a doubt."""
    asked = frozenset({asked_by}) if asked_by else frozenset()
    return Resource(KIND, key, {"organisation": organisation, "asked_by": asked})


def resource_of(place: CarePlace, asked_by: UUID | None = None) -> Resource:
    """The same of a row."""
    return place_of(place.organisation_id, place.pk, asked_by)


def any_places(actor: Actor) -> list[Resource]:
    """A place of each organisation for which somebody works."""
    return [place_of(each, "any") for each in sorted(actor.organisations)]


def organisations_where(actor: Actor, action: str) -> list[Organisation]:
    """For which organisations somebody may do this, the controller first."""
    allowed = [
        str(each.facts["organisation"])
        for each in any_places(actor)
        if decide(actor, action, each, ASKED).allowed
    ]
    return list(Organisation.objects.filter(pk__in=allowed).order_by("created_at", "pk"))


def may(actor: Actor, action: str, place: CarePlace, asked_by: UUID | None = None) -> bool:
    """Whether somebody may do this with a place."""
    return decide(actor, action, resource_of(place, asked_by), ASKED).allowed


def readable_places(actor: Actor) -> QuerySet[CarePlace]:
    """Those that somebody may read. Nothing that is sealed is read."""
    organisations = organisations_where(actor, READ)
    return CarePlace.objects.filter(organisation__in=organisations).select_related("site")


@contextmanager
def reading_place(actor: Actor, place: CarePlace) -> Iterator[None]:
    """What stands about a place, readable within it, on the record. Raises DeniedError."""
    with (
        reading(actor=actor, code=READ, purpose=PURPOSE, resource=resource_of(place)),
        open_vault(),
    ):
        yield


def known_places(placements: Iterable[Placement]) -> dict[UUID, CarePlace]:
    """The places of placements by their keys: those of the organisations whose rows are seen here.
    A guest to whom a child was opened learns where the child lives from whoever vets the place."""
    keys = {row.place_id for row in placements}
    found = CarePlace.objects.filter(pk__in=keys, organisation__in=current_scope())
    return {place.pk: place for place in found.select_related("site")}


def known_place(placement: Placement) -> CarePlace | None:
    """The place of a placement; None where it is of another organisation."""
    return known_places([placement]).get(placement.place_id)


def readable_placements(actor: Actor) -> QuerySet[Placement]:
    """Placements of people whose case somebody may read."""
    mine = about_people_where(visibility_condition(CASE, actor, CASE_READ, CASE_ASKED))
    found = Placement.objects.filter(mine)
    return found.select_related("case__person", "case__site")


def children_in(actor: Actor, place: CarePlace) -> QuerySet[Placement]:
    """Who lives in a place, of those whose case somebody may read."""
    found = readable_placements(actor).filter(place=place, state=CURRENT)
    return found.order_by("begun_at", "pk")


def places_for(actor: Actor, case: Case) -> QuerySet[CarePlace]:
    """Places for a child that are open, not full, and that take them, vetted or not."""
    person = case.person
    takes = {"female": ["all", "girls"], "male": ["all", "boys"]}.get(person.sex, ["all"])
    found = readable_places(actor).filter(with_room(), takes__in=takes)
    found = found.filter(ended_at=None, organisation=case.organisation_id)
    if person.child_until is not None and not person.age_disputed:
        age = least_age(person.child_until, clock.today(case.site.time_zone))
        found = found.filter(age_from__lte=max(age, 0), age_to__gte=age)
    return found.order_by("label", "pk")


def vetted_until(places: Collection[UUID]) -> Iterator[tuple[UUID, datetime]]:
    """Place -> until when it is vetted, of those that are now."""
    found = vettings_in_force().filter(place__in=places).order_by()
    yield from found.values_list("place").annotate(last=Max("until"))

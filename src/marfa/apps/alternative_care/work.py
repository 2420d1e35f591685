"""What "My work" shows of children in care: reviews and visits that are due, and what waits for a
second person. What is late climbs: supervisors of the place, then somebody outside the team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.alternative_care.deadlines import CLIMBS, OUTSIDE, REVIEW, VISIT
from marfa.apps.alternative_care.models import CareDoubt, CarePlace, Placement, Vetting
from marfa.apps.alternative_care.queries import (
    READ,
    VET,
    known_places,
    may,
    organisations_where,
    readable_placements,
)
from marfa.apps.alternative_care.vetting_state import CURRENT, in_doubt_since
from marfa.apps.cases.work import MOST, of_case
from marfa.apps.cases.workers import WORKING
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.platform import clock
from marfa.platform.deadlines.kinds import DeadlineKind
from marfa.platform.deadlines.queries import open_deadlines
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Role

SOON = CLIMBS


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Reviews and visits of children in one's own care, what is late at one's places, and what
    waits for a second person."""
    actor = actor_of(user)
    now = clock.now()
    if WORKING & actor.role_names:
        reviews = due_of(actor, REVIEW, now)[:MOST]
        places = known_places(row for row, _due in reviews)
        for row, due in reviews:
            there = reverse("cases:placement", args=[row.reference])
            place = places.get(row.place_id)
            if place and in_doubt_since(place) is not None:
                text = _("A caregiver is in doubt: look today whether the child is safe")
                yield of_case(row.case, text, there, Urgency.URGENT, due=due)
            else:
                text = _("Review where the child lives")
                yield of_case(row.case, text, there, Urgency.DUE, due=due)
        for row, due in due_of(actor, VISIT, now)[:MOST]:
            there = reverse("cases:placement", args=[row.reference])
            yield of_case(row.case, _("Visit the child where they live"), there, due=due)
    if Role.SUPERVISOR in actor.role_names:
        yield from _second_person(actor)
    if Role.FOCAL_POINT in actor.role_names:
        yield from _outside(actor, now)


def due_of(actor: Actor, kind: DeadlineKind, now: datetime) -> list[tuple[Placement, datetime]]:
    """Placements whose review or visit is due within a day, by the clock alone: one's own, and for
    supervisors those of their places that are a day too late or nobody's."""
    open_ones = open_deadlines().filter(kind=kind.name, due_at__lte=now + SOON)
    due = dict(open_ones.values_list("subject", "due_at"))
    if not due:
        return []
    own = Q(case__worker=actor.id)
    if Role.SUPERVISOR in actor.role_names:
        late = [key for key, at in due.items() if at <= now - CLIMBS]
        own |= Q(pk__in=late) | Q(case__worker=None)
    rows = readable_placements(actor).filter(own, pk__in=list(due), state=CURRENT)
    return sorted(((row, due[row.pk]) for row in rows), key=lambda each: (each[1], each[0].pk))


def _second_person(actor: Actor) -> Iterable[WorkItem]:
    """Caregivers to be vetted, and doubts to be settled, of what colleagues asked or raised."""
    asked = Vetting.objects.filter(agreed=None).exclude(asked_by=actor.id)
    for vetting in asked.select_related("place__site").order_by("pk")[:MOST]:
        if may(actor, VET, vetting.place, vetting.asked_by):
            text = _("You are asked whether a caregiver may take children")
            yield _of_place(vetting.place, text, Urgency.DUE)
    doubts = CareDoubt.objects.filter(settled_at=None).exclude(by=actor.id)
    for doubt in doubts.select_related("place__site").order_by("pk")[:MOST]:
        if may(actor, VET, doubt.place, doubt.by):
            text = _("A doubt about a caregiver is not settled")
            yield _of_place(doubt.place, text, Urgency.URGENT)


def _outside(actor: Actor, now: datetime) -> Iterable[WorkItem]:
    """Places where a child should have been looked at two days ago and nobody did: it names the
    place, and no child."""
    late = open_deadlines().filter(kind=REVIEW.name, due_at__lte=now - OUTSIDE)
    rows = Placement.objects.filter(pk__in=late.values("subject"), state=CURRENT)
    organisations = organisations_where(actor, READ)
    found = CarePlace.objects.filter(organisation__in=organisations, pk__in=rows.values("place"))
    for place in found.select_related("site").order_by("label", "pk")[:MOST]:
        text = _("No one has looked whether the children with a caregiver are safe")
        yield _of_place(place, text, Urgency.URGENT)


def _of_place(place: CarePlace, text: object, urgency: Urgency) -> WorkItem:
    there = reverse("care:place", args=[place.reference])
    return WorkItem(
        str(text),
        there,
        urgency,
        about=place.label,
        where=place.site.name,
        zone=place.site.time_zone,
    )

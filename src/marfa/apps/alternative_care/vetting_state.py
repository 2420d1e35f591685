"""How a place and the children in it stand now, by the clock: nothing has to run for that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.alternative_care.models import CareDoubt, CarePlace, Placement, Vetting
from marfa.platform import clock
from marfa.platform.moments import end_of_day
from marfa.platform.rowsecurity.context import current_scope

CURRENT = Placement.State.CURRENT


def vettings_in_force(at: datetime | None = None) -> QuerySet[Vetting]:
    """Vettings that hold at a moment, by default now."""
    now = at or clock.now()
    return Vetting.objects.filter(agreed=True, ended_at=None, until__gt=now)


def vetting_of(place: CarePlace) -> Vetting | None:
    """The vetting of a place that holds now, the longest."""
    return vettings_in_force().filter(place=place).order_by("-until", "pk").first()


def runs_out_at(place: CarePlace) -> datetime | None:
    """When the vetting of a place runs out, or ran out; None where it never had one."""
    found = Vetting.objects.filter(place=place, agreed=True, ended_at=None)
    last: datetime | None = found.aggregate(last=Max("until"))["last"]
    return last


def places_in_doubt() -> Q:
    """Places that have a doubt, or no vetting now."""
    return Q(Exists(_open_doubts(OuterRef("pk")))) | ~Q(
        Exists(vettings_in_force().filter(place=OuterRef("pk")))
    )


def _open_doubts(place: Any) -> QuerySet[CareDoubt]:
    return CareDoubt.objects.filter(place=place, settled_at=None)


def open_doubts(place: CarePlace) -> QuerySet[CareDoubt]:
    """Doubts about a place that nobody has settled, the first that arose first."""
    return _open_doubts(place.pk).order_by("at", "pk")


def is_full(place: CarePlace) -> bool:
    """Whether it has no place left. Within an action, with the row of the place locked."""
    return free_places(place) < 1


def free_places(place: CarePlace) -> int:
    """How many places are left: never shown as a number, which would count who lives there."""
    taken = Placement.objects.filter(place=place, state=CURRENT).count()
    return place.capacity - place.held - taken


def with_room() -> Q:
    """Places that have a place left."""
    current = Count("placements", filter=Q(placements__state=CURRENT))
    found = CarePlace.objects.order_by().annotate(taken=current)
    return Q(pk__in=found.filter(taken__lt=F("capacity") - F("held")).values("pk"))


def same_day(moment: datetime, zone: str) -> datetime:
    """The end of the day at the site to which a moment belongs."""
    return end_of_day(moment.astimezone(ZoneInfo(zone)).date(), zone)


def review_due(placement: Placement) -> datetime:
    """By when somebody has to look whether a child is safe where they live.

    The same day on which a doubt arises or the vetting runs out, unless somebody looked since; the
    third day of an emergency that is not settled; else the day that the last look set. Doubts are
    known to the organisation that vets the place alone.
    """
    zone = placement.case.site.time_zone
    last = placement.reviews.order_by("-at", "-pk").first()
    found = [last.next_at if last is not None else placement.review_at]
    if placement.settle_by is not None:
        found.append(placement.settle_by)
    arose = _doubts_about(placement) if placement.organisation_id in current_scope() else []
    looked = last.at if last is not None else None
    found += [same_day(at, zone) for at in arose if looked is None or looked < at]
    return min(found)


def _doubts_about(placement: Placement) -> list[datetime]:
    arose = [doubt.at for doubt in open_doubts(placement.place)]
    ends = runs_out_at(placement.place)
    if ends is not None and placement.vetting_id is not None:
        arose.append(ends)
    return arose


def in_doubt_since(place: CarePlace) -> datetime | None:
    """Since when a place is in doubt; None where it is not, or was never vetted."""
    since = [doubt.at for doubt in open_doubts(place)]
    ends = runs_out_at(place)
    if ends is not None and ends <= clock.now():
        since.append(ends)
    return min(since, default=None)


def lives_in(people: Collection[UUID]) -> dict[UUID, UUID]:
    """Person -> place, of those who live in one now."""
    rows = Placement.objects.filter(person__in=people, state=CURRENT)
    return dict(rows.values_list("person", "place"))


def alarms_of_children(people: Collection[UUID]) -> dict[UUID, list[Promise]]:
    """Which of these people live where it is in doubt, in words for the board of children."""
    doubtful = CarePlace.objects.filter(places_in_doubt(), organisation__in=current_scope())
    rows = Placement.objects.filter(person__in=people, state=CURRENT, place__in=doubtful)
    return {
        key: [_("Lives where it is in doubt")] for key in rows.values_list("person_id", flat=True)
    }

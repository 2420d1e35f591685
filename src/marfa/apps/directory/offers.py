"""Which services are offered, to whom, and how far they are. Nothing else decides this.

A service is offered while it takes people and somebody has called it lately. Where sex or age of a
person is not known, only what takes everybody takes this person for certain. A language puts a
service first and leaves none out: an interpreter can be found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from marfa.apps.directory.models import Service
from marfa.platform import clock

CALLED_LATELY = timedelta(days=30)
"""For how long a call shows that a service is there."""
CALLED_NOW = timedelta(days=7)
"""The same where a person is sent there at once, as after a conversation."""
DUE_BEFORE = timedelta(days=5)
"""So long before a call is too old it is work again."""
EARTH = 6371.0088
"""Mean radius in km (IUGG)."""
Place = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""


@dataclass(frozen=True)
class Whom:
    """Whom a service is for, as far as it is known. sex: female, male, or anything else for not
    known. ages: the lowest and the highest that the person may have, in whole years; None where
    nobody knows. languages: codes, of two letters where there are such."""

    sex: str = ""
    ages: tuple[int, int] | None = None
    languages: frozenset[str] = frozenset()


ANYONE = Whom()


@dataclass(frozen=True)
class Found:
    """A service that is offered. km: how far it is as the crow flies; None where it is not known.
    speaks: it speaks a language of the person."""

    service: Service
    km: float | None = None
    speaks: bool = False


def is_offered(service: Service, *, within: timedelta = CALLED_LATELY) -> bool:
    """Whether a service takes people and was called lately."""
    called = service.called_at
    return (
        service.state == Service.State.OPEN and called is not None and called > clock.now() - within
    )


def offered_services(*, within: timedelta = CALLED_LATELY) -> QuerySet[Service]:
    """The services that take people and were called lately."""
    return Service.objects.filter(state=Service.State.OPEN, called_at__gt=clock.now() - within)


def takes(whom: Whom) -> Q:
    """The condition that a service takes a person for certain."""
    sexes = [Service.Sexes.ALL.value]
    if whom.sex in (Service.Sexes.FEMALE, Service.Sexes.MALE):
        sexes.append(whom.sex)
    if whom.ages is None:
        return Q(sexes__in=sexes, age_from=None, age_to=None)
    youngest, oldest = whom.ages
    old_enough = Q(age_from=None) | Q(age_from__lte=youngest)
    young_enough = Q(age_to=None) | Q(age_to__gte=oldest)
    return Q(sexes__in=sexes) & old_enough & young_enough


def places_to_refer_to(whom: Whom) -> QuerySet[Service]:
    """Where a person can be sent at once: it takes them for certain, was called this week, and
    does not ask for a police report."""
    found = offered_services(within=CALLED_NOW).filter(takes(whom))
    return found.filter(police_report=Service.Asked.NO)


def nearest_first(
    services: QuerySet[Service], *, near: Place | None = None, whom: Whom = ANYONE, most: int = 0
) -> list[Found]:
    """Services in the order in which they are offered: those that speak a language of the person,
    then by distance, what has no known place last, then by name. most: how many; 0 for all."""
    told = [*services.values_list("pk", "name", "latitude", "longitude", "languages")]
    ranked = []
    for key, name, latitude, longitude, languages in told:
        km = None
        if near is not None and latitude is not None and longitude is not None:
            km = distance_km(near, (latitude, longitude))
        speaks = bool(whom.languages & set(languages))
        ranked.append((not speaks, math.inf if km is None else km, name, key, km, speaks))
    ranked.sort(key=lambda each: each[:4])
    chosen = ranked[:most] if most else ranked
    rows = {row.pk: row for row in Service.objects.filter(pk__in=[each[3] for each in chosen])}
    return [
        Found(rows[key], km, speaks)
        for _other, _far, _name, key, km, speaks in chosen
        if key in rows
    ]


def distance_km(one: Place, other: Place) -> float:
    """Great-circle distance in km (R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope
    68, 1984)."""
    lat_1, lon_1, lat_2, lon_2 = map(math.radians, (*one, *other))
    half = math.sin((lat_2 - lat_1) / 2) ** 2
    half += math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def to_be_called(*, now: datetime | None = None) -> QuerySet[Service]:
    """Services that are not closed and whose last call is, or soon will be, too old."""
    since = (now or clock.now()) - CALLED_LATELY + DUE_BEFORE
    rows = Service.objects.exclude(state=Service.State.CLOSED)
    return rows.filter(Q(called_at=None) | Q(called_at__lte=since)).order_by("called_at", "pk")

"""Counts of the people at the sites of an organisation now.

Protected people are in none of it, nor is anything that hangs on them: who is looked after by a
protected person counts as without care.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.reception.models import PrivateConversation, QueueEntry
from marfa.apps.registry.care import Somebody, care_of_many
from marfa.apps.registry.models import Person, RegisteredFact, Registration
from marfa.platform import clock
from marfa.platform.facts.queries import known_at

WEEK = timedelta(days=7)
BATCH = 2_000
COMING = (Registration.Event.ARRIVAL, Registration.Event.BIRTH, Registration.Event.RETURN)
WAITING = (QueueEntry.State.WAITING, QueueEntry.State.CALLED, QueueEntry.State.LEFT)
CHILD_BANDS = ("age_0_4", "age_5_11", "age_12_17")
ADULT_BANDS = {"age_18_24": "age_18_59", "age_25_59": "age_18_59", "age_60_plus": "age_60_plus"}


@dataclass(frozen=True)
class Present:
    """One person who is there, as the figures see them. waits: since when, for the talk alone."""

    site: UUID
    sex: str
    age: str
    child: bool
    without_care: bool
    came: bool
    waits: datetime | None


@dataclass(frozen=True)
class Counted:
    """An organisation at a moment. talks: held in the last seven days, by site."""

    at: datetime
    sites: Mapping[UUID, date]
    people: tuple[Present, ...]
    talks: Mapping[UUID, int]


def count_people(organisation: Organisation) -> Counted:
    """Count all sites of an organisation at one moment; some ten queries, and two for every
    further BATCH of children."""
    at = clock.now()
    sites = Site.objects.filter(organisation=organisation)
    days = {site.pk: clock.today(site.time_zone) for site in sites}
    here = Person.objects.filter(
        organisation=organisation,
        site__in=list(days),
        presence=Person.Presence.PRESENT,
        protected=False,
        erased_at=None,
    )
    rows = list(here.values_list("pk", "site_id", "sex", "child_until", "age_disputed"))
    known = {
        key: (site, sex, Somebody(True, site, until, disputed))
        for key, site, sex, until, disputed in rows
    }
    children = [key for key, (site, _, one) in known.items() if one.is_child(days[site])]
    without = _without_care(children, {key: days[known[key][0]] for key in children})
    bands, came, waits = _bands(organisation), _came(organisation, at), _waits(organisation)
    people = tuple(
        Present(
            site=site,
            sex=sex if sex in ("female", "male") else "other",
            age=_age(bands.get(key, ""), child=one.is_child(days[site])),
            child=one.is_child(days[site]),
            without_care=key in without,
            came=key in came,
            waits=waits.get(key),
        )
        for key, (site, sex, one) in known.items()
    )
    return Counted(at, days, people, _talks(organisation, at))


def _age(band: str, *, child: bool) -> str:
    """The group of the figures. A band is as old as the last statement; whether somebody is a child
    is known for today."""
    if child:
        return band if band in CHILD_BANDS else "child"
    return "age_18_59" if band in CHILD_BANDS else ADULT_BANDS.get(band, "adult")


def _bands(organisation: Organisation) -> dict[UUID, str]:
    rows = known_at(RegisteredFact).filter(organisation=organisation.pk, valid_until=None)
    return dict(rows.values_list("subject", "age_band"))


def _came(organisation: Organisation, at: datetime) -> set[UUID]:
    rows = Registration.objects.filter(
        organisation=organisation, event__in=COMING, at__gt=at - WEEK, at__lte=at
    )
    return set(rows.values_list("person_id", flat=True))


def _waits(organisation: Organisation) -> dict[UUID, datetime]:
    rows = QueueEntry.objects.filter(organisation=organisation, ended_at=None, state__in=WAITING)
    return dict(rows.values_list("person_id", "since"))


def _talks(organisation: Organisation, at: datetime) -> dict[UUID, int]:
    rows = PrivateConversation.objects.filter(
        organisation=organisation,
        state=PrivateConversation.State.FINISHED,
        ended_at__gt=at - WEEK,
        ended_at__lte=at,
        person__protected=False,
        person__erased_at=None,
    )
    found: dict[UUID, int] = {}
    for site in rows.values_list("person__site_id", flat=True):
        if site is not None:
            found[site] = found.get(site, 0) + 1
    return found


def _without_care(children: Iterable[UUID], days: Mapping[UUID, date]) -> set[UUID]:
    """Children without verified care, as everybody may know it: who is protected is not there."""
    left, found = iter(children), set()
    while keys := list(islice(left, BATCH)):
        for day in sorted({days[key] for key in keys}):
            of_day = [key for key in keys if days[key] == day]
            found |= {key for key, care in care_of_many(of_day, day).items() if care.without}
    return found

"""Questions about the queue. All of them leave out whom the reader may not know of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from uuid import UUID

from django.db.models import Max, QuerySet
from django.urls import reverse

from marfa.apps.manifest import QueuePlace, Waiting
from marfa.apps.organisations.models import Site
from marfa.apps.reception.models import QueueEntry, ScreeningReason
from marfa.apps.registry.models import Person
from marfa.apps.registry.purposes import sites_of
from marfa.apps.registry.visibility import about_seen
from marfa.methods.screening.outcome import Urgency
from marfa.platform import clock
from marfa.platform.moments import instant_on_day
from marfa.safeguards.actor import Actor

ORDER = ("-first", "-urgency", "since", "id")
"""The order of ``queue.rank``, in the words of the database."""

State = QueueEntry.State


def queue_entries(actor: Actor) -> QuerySet[QueueEntry]:
    """Places in the queue of people whom an actor may see."""
    return QueueEntry.objects.filter(about_seen(actor)).select_related("person", "site")


def waiting_at(site: Site, actor: Actor) -> QuerySet[QueueEntry]:
    """Who may be called next at a site, in order."""
    return queue_entries(actor).filter(site=site, state=State.WAITING).order_by(*ORDER)


def queue_waiting(actor: Actor) -> Waiting:
    """How many wait at the sites of an actor; late: who left without being seen, and is looked for
    today."""
    found = queue_entries(actor).filter(site__in=sites_of(actor))
    waiting = found.filter(state=State.WAITING).count()
    return Waiting(waiting, sum(left_at(site, actor).count() for site in sites_of(actor)))


def in_hand_at(site: Site, actor: Actor) -> QuerySet[QueueEntry]:
    """Who was called or is being seen at a site, the latest first."""
    found = queue_entries(actor).filter(site=site, state__in=[State.CALLED, State.BEING_SEEN])
    return found.order_by("-called_at", "id")


def left_at(site: Site, actor: Actor) -> QuerySet[QueueEntry]:
    """Who left without being seen on an earlier day: they are looked for today."""
    return _left(site, actor).filter(again_on__lte=clock.today(site.time_zone))


def left_today(site: Site, actor: Actor) -> QuerySet[QueueEntry]:
    """Who left without being seen today: they may come back, or it was said by mistake."""
    return _left(site, actor).filter(again_on__gt=clock.today(site.time_zone))


def declined_today(site: Site, actor: Actor) -> QuerySet[QueueEntry]:
    """Who said no today: they may think better of it, or it was written down by mistake."""
    since = instant_on_day(clock.today(site.time_zone), time.min, site.time_zone)
    found = queue_entries(actor).filter(site=site, state=State.DECLINED, ended_at__gte=since)
    return found.order_by("-ended_at", "id")


def _left(site: Site, actor: Actor) -> QuerySet[QueueEntry]:
    return queue_entries(actor).filter(site=site, state=State.LEFT).order_by(*ORDER)


def called_at(site: Site, actor: Actor) -> list[str]:
    """Tickets that were called and not yet seen, for the board: in the order of the alphabet, so
    that their order tells nothing."""
    found = queue_entries(actor).filter(site=site, state=State.CALLED, person__protected=False)
    return sorted(found.values_list("ticket", flat=True))


def places_of(people: Iterable[Person], actor: Actor) -> dict[UUID, QueueEntry]:
    """Where each of these people waits, by person; who waits no more has no place."""
    keys = [person.pk for person in people]
    found = queue_entries(actor).filter(person__in=keys, ended_at=None)
    return {entry.person_id: entry for entry in found}


def tickets_of(people: Iterable[Person], actor: Actor) -> dict[UUID, QueuePlace]:
    """The tickets of these people and where their places in the queue are shown."""
    return {
        key: QueuePlace(entry.ticket, reverse("queue:entry", args=[entry.reference]))
        for key, entry in places_of(people, actor).items()
    }


def urgency_without_reason(person: UUID) -> Urgency:
    """At least how soon somebody is to be seen, as no reason says."""
    found = QueueEntry.objects.filter(person=person).aggregate(most=Max("sooner"))
    return Urgency(found["most"] or 0)


def entry_named(reference: str, actor: Actor) -> QueueEntry | None:
    """A place by its reference; None also where the actor may not know of it."""
    return queue_entries(actor).filter(reference=reference).first()


def reasons_of(person: UUID) -> QuerySet[ScreeningReason]:
    """Reasons that stand, the most urgent first."""
    found = ScreeningReason.objects.filter(person=person, removed_at=None)
    return found.select_related("person").order_by("-urgency", "raised_at", "id")

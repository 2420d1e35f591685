"""Questions about duties, without those of whom the reader may not know."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from marfa.apps.children.models import Duty
from marfa.apps.manifest import Waiting
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.visibility import about_seen
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition


def live(at: datetime | None = None) -> Q:
    """The condition of duties whose clock runs: by the clock, whether or not a worker ran."""
    lapsed = Q(met_until__lte=at or clock.now())
    return Q(current=True, ended_at=None) & (Q(met_by="") | lapsed)


def standing_duties() -> QuerySet[Duty]:
    """Those that stand: live, or satisfied."""
    return Duty.objects.filter(current=True, ended_at=None)


def known_duties(actor: Actor) -> QuerySet[Duty]:
    """Those that stand, of children whom an actor may know of."""
    found = standing_duties().filter(about_seen(actor))
    return found.select_related("person__site")


def duty_of(person: Person) -> Duty | None:
    """The one that stands for a person, or that ended last."""
    return Duty.objects.filter(person=person, current=True).first()


def duties_to_end(actor: Actor) -> QuerySet[Duty]:
    """Those that a colleague asks to end."""
    asked = standing_duties().filter(asked_by__isnull=False).exclude(asked_by=actor.id)
    if not asked.exists():
        return asked.none()
    found = asked.filter(about_seen(actor)).select_related("person__site")
    return found.order_by("asked_at", "pk")


def seen_person(actor: Actor, reference: str) -> Person | None:
    """Somebody by reference, of whom the actor may know and to whom something is or was owed, or
    who is a child."""
    found = Person.objects.filter(visibility_condition(PERSON, actor), reference=reference)
    return found.select_related("site").first()


def children_waiting(actor: Actor) -> Waiting:
    """How many clocks run, of the children of whom an actor may know."""
    if not standing_duties().exists():
        return Waiting(0)
    rows = known_duties(actor).filter(live())
    found = rows.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_at__lte=clock.now())))
    return Waiting(found["all"], found["late"])

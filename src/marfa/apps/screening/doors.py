"""Who receives somebody who is handed over: protection or, where a supervisor said so, those who
assess needs, of whose reasons all are vulnerability. It is due as soon at either door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from marfa.apps.reception.models import ScreeningReason
from marfa.apps.screening.facts import age_of
from marfa.apps.screening.models import (
    DangerStep,
    HandOver,
    NeedsDoor,
    OutcomeChange,
    Screening,
)
from marfa.methods.screening.needs import are_shared_by_many
from marfa.platform import clock
from marfa.safeguards.vault.access import open_vault

Door, Ground = HandOver.Door, HandOver.Ground


def door_of(screening: Screening, ground: HandOver.Ground, urgency: str) -> HandOver.Door:
    """Who receives a person. In any doubt it is protection: for whoever is or may be a child, whose
    life is in danger, of whom anything else is known, also from another interview, whose outcome
    somebody raised, and of whom no interview was finished."""
    if not NeedsDoor.objects.filter(site=screening.site).exists():
        return Door.PROTECTION
    sure = ground == Ground.AGREED and urgency == "days"
    if not sure or screening.state != Screening.State.FINISHED:
        return Door.PROTECTION
    person = screening.person_id
    if age_of(screening.person).may_be_child or any(rows.exists() for rows in _known_of(person)):
        return Door.PROTECTION
    found = Screening.objects.filter(person=person, state=Screening.State.FINISHED)
    with open_vault():
        alone = all(map(rests_on_vulnerability, found.exclude(urgency="routine")))
    return Door.NEEDS if alone else Door.PROTECTION


def _known_of(person: UUID | OuterRef) -> tuple[QuerySet[Any], ...]:
    """What is known of a person beside the answers: an outcome that somebody raised, something more
    urgent against the name, a danger in which something was done."""
    return (
        OutcomeChange.objects.filter(person=person, direction=OutcomeChange.Direction.RAISE),
        ScreeningReason.objects.filter(person=person, removed_at=None, urgency__gt=0),
        DangerStep.objects.filter(person=person),
    )


def rests_on_vulnerability(screening: Screening) -> bool:
    """Whether all that was answered yes in a finished talk with an adult is vulnerability alone,
    and it is due within days; within ``open_vault()``."""
    kept: Mapping[str, Any] = screening.outcome or {}
    if screening.urgency != "days" or screening.age != "adult":
        return False
    return are_shared_by_many(
        one["item"]
        for profile in kept.get("profiles", ())
        for dimension in profile["dimensions"]
        for one in dimension["fired"]
    )


def through_protection(person: UUID) -> None:
    """More is known than vulnerability: a hand-over that waits is protection's from now on,
    whichever interview it is of. Part of the action that made it known."""
    waiting = HandOver.objects.filter(person=person, state=HandOver.State.WAITING)
    waiting.update(door=Door.PROTECTION)


def at_needs() -> Q:
    """Hand-overs that those who assess needs receive: never of somebody who is or may be a child,
    or of whom more is known, whatever was known when they were handed over."""
    grown_up = Q(person__age_disputed=False, person__child_until__lt=clock.now().date())
    found = Q(door=Door.NEEDS) & grown_up
    for rows in _known_of(OuterRef("person")):
        found &= ~Q(Exists(rows))
    return found

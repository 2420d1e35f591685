"""Questions about detentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.best_interests.models import Representative
from marfa.apps.best_interests.queries import representatives_in_force
from marfa.apps.cases.country_profiles import profile_of
from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.queries import ASKED
from marfa.apps.detention.clocks import ALARM, HAND_OVER, LADDER
from marfa.apps.detention.days import days_held
from marfa.apps.detention.models import GOING_ON, Detention, HandOverProtocol, Stay
from marfa.apps.organisations.models import Site
from marfa.apps.registry.care import somebody_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.visibility import about_people_where
from marfa.platform import clock
from marfa.platform.deadlines.kinds import DeadlineKind
from marfa.platform.deadlines.models import Deadline
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition

Kind = Representative.Kind


def open_detention_of(person: Person) -> Detention | None:
    """The detention of a person that goes on, if any."""
    return Detention.objects.filter(person=person, state__in=GOING_ON).first()


def open_detentions() -> QuerySet[Any, Any]:
    """All that go on, with ``alarm_at``: by when somebody has to look."""
    rows = Detention.objects.filter(state__in=GOING_ON).annotate(alarm_at=_due_at(ALARM))
    return rows.select_related("case__site", "person")


def detentions_where(actor: Actor, action: str) -> QuerySet[Any, Any]:
    """Those that go on with which an actor may do something."""
    return open_detentions().filter(
        about_people_where(visibility_condition(CASE, actor, action, ASKED))
    )


def _due_at(kind: DeadlineKind) -> Subquery:
    open_one = Deadline.objects.filter(
        kind=kind.name, subject=OuterRef("pk"), state=Deadline.State.OPEN
    )
    return Subquery(open_one.values("due_at")[:1])


def rung_at(due_at: datetime, moment: datetime) -> str:
    """The highest rung of the ladder that is reached at a moment, by the clock alone; "" before."""
    reached = [step.name for step in LADDER if due_at + step.after <= moment]
    return reached[-1] if reached else ""


def alarm_of(row: Detention) -> Deadline | None:
    """The alarm of a detention, while it goes on."""
    return _open(ALARM, row)


def hand_over_clock(row: Detention) -> Deadline | None:
    """The clock of the hand-over to civilian actors, while it runs."""
    return _open(HAND_OVER, row)


def _open(kind: DeadlineKind, row: Detention) -> Deadline | None:
    rows = Deadline.objects.filter(kind=kind.name, subject=row.pk, state=Deadline.State.OPEN)
    return rows.first()


def stay_now(row: Detention) -> Stay:
    """Where the person is held, or was last known to be."""
    return Stay.objects.get(detention=row, ended_on=None)


def days_of(people: Collection[UUID], zones: Mapping[UUID, str]) -> dict[UUID, int]:
    """Days in detention of each of these people, over all places and all detentions, counted on the
    calendars of their sites. zones: by person."""
    spells: dict[UUID, list[tuple[date, date | None]]] = defaultdict(list)
    rows = Stay.objects.filter(person__in=people)
    for key, first, last in rows.values_list("person_id", "began_on", "ended_on"):
        spells[key].append((first, last))
    return {key: days_held(spells[key], clock.today(zones[key])) for key in people}


def protocol_at(site: Site) -> HandOverProtocol | None:
    """The hand-over protocol of the country of a site; None where none is on record."""
    profile = profile_of(site)
    return HandOverProtocol.objects.filter(profile=profile).first() if profile else None


def alarms_of_children(people: Collection[UUID]) -> dict[UUID, list[Promise]]:
    """Which of these people are held, in words for the board of children."""
    rows = Detention.objects.filter(person__in=people, state__in=GOING_ON)
    return {key: [_("In detention")] for key in rows.values_list("person_id", flat=True)}


@dataclass(frozen=True)
class Standing:
    """What a list says of a detention beside its own columns. missing: who should speak for the
    person and does not, of ``lawyer`` and ``guardian``."""

    stay: Stay | None
    days: int
    missing: tuple[str, ...]


def missing_for(rows: Sequence[Detention]) -> dict[UUID, tuple[str, ...]]:
    """By person, which of lawyer and guardian nobody is: a guardian is needed by a child."""
    there: dict[UUID, set[str]] = defaultdict(set)
    for zone in {row.case.site.time_zone for row in rows}:
        here = [row.person_id for row in rows if row.case.site.time_zone == zone]
        found = representatives_in_force(clock.today(zone)).filter(person__in=here)
        for key, kind in found.values_list("person_id", "kind"):
            there[key].add(kind)
    return {
        row.person_id: tuple(
            kind for kind in _needed(row) if kind not in there.get(row.person_id, ())
        )
        for row in rows
    }


def _needed(row: Detention) -> tuple[str, ...]:
    child = somebody_of(row.person).is_child(clock.today(row.case.site.time_zone))
    return (Kind.LAWYER.value, Kind.GUARDIAN.value) if child else (Kind.LAWYER.value,)


def standings_of(rows: Sequence[Detention]) -> dict[UUID, Standing]:
    """What a list says of each, by key, with as many queries for many as for few."""
    stays = {
        stay.detention_id: stay for stay in Stay.objects.filter(detention__in=rows, ended_on=None)
    }
    people = {row.person_id: row.case.site.time_zone for row in rows}
    days, missing = days_of(people.keys(), people), missing_for(rows)
    return {
        row.pk: Standing(stays.get(row.pk), days[row.person_id], missing[row.person_id])
        for row in rows
    }


def held_in(case: Case) -> Q:
    """Detentions of a case that go on."""
    return Q(case=case, state__in=GOING_ON)

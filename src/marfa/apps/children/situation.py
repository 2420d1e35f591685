"""What the tables say of people now, for the clocks: as many queries for many as for few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Max, QuerySet

from marfa.apps.best_interests.matters import AUTHORITY_UNSAFE
from marfa.apps.best_interests.models import Determination
from marfa.apps.best_interests.queries import decided_in_force
from marfa.apps.cases.models import Case, CaseStep, Presumption
from marfa.apps.children.clocks import AT_RISK, DANGER, VICTIM, Asked, Known, Risk
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.queries import CHILD_PROTECTION, GOING_ON, WAITING
from marfa.apps.registry.care import Care, Situation, Somebody, care_of_many, ties_of
from marfa.apps.registry.models import Person, Registration, Relationship
from marfa.apps.screening.models import HandOver, OutcomeChange, Screening
from marfa.platform import clock
from marfa.platform.many_keys import among
from marfa.platform.moments import end_of_day

PEOPLE = ("pk", "presence", "site_id", "site__time_zone", "child_until", "age_disputed")
FOUND = ("now", "days")
"""How urgent a finished talk is that found anything: what it found stands in the vault alone."""


def known_of_people(people: Collection[UUID]) -> dict[UUID, Known]:
    """What the clocks know of each of these people; nothing of who was erased."""
    keys = set(people)
    rows = list(
        Person.objects.filter(among("pk", keys), erased_at=None).values_list(
            *PEOPLE, "registered_at"
        )
    )
    cared = _care(rows)
    alone = _alone_since(rows, cared)
    risks, referrals, decided = _risks(keys), _referrals(keys), decisions_until(keys)
    found = {}
    for key, presence, site, zone, until, disputed, _at in rows:
        here = presence == Person.Presence.PRESENT
        somebody = Somebody(here, site, until, disputed)
        child = somebody.is_child(_day(zone)) and presence != Person.Presence.DIED
        found[key] = Known(
            is_child=child,
            care=_said(cared[key]) if child and here else None,
            alone_since=alone[key],
            risks=tuple(risks[key]),
            referrals=tuple(referrals[key]),
            decided_until=decided.get(key),
        )
    return found


def decisions_until(people: Collection[UUID]) -> Mapping[UUID, datetime]:
    """Until when a decision stands that the authority to which each of these people would be
    referred is unsafe, where there is one. One on another authority satisfies nothing: this one can
    be asked."""
    found: dict[UUID, datetime] = {}
    earliest = clock.now().date() - timedelta(days=1)  # whatever the day is at their site
    rows = Determination.objects.filter(
        decided_in_force(earliest),
        among("person", people),
        matter=AUTHORITY_UNSAFE,
        meanwhile__isnull=False,
        about=F("person__site__protection_authority__recipient"),
    )
    for key, day, zone in rows.values_list("person_id", "review_on", "person__site__time_zone"):
        if day is None:
            continue  # the database has none without a day
        until = end_of_day(day, zone or "UTC")
        found[key] = max(until, found.get(key, until))
    return found


def _day(zone: str | None) -> date:
    return clock.today(zone or "UTC")


def _said(care: Care) -> str:
    """How a child is without care; "" for who is looked after."""
    situation = care.situation
    return "" if situation in (None, Situation.ACCOMPANIED) else situation.value


def _care(rows: Iterable[Any]) -> dict[UUID, Care]:
    """On the day of the site of each."""
    by_day: dict[date, list[UUID]] = defaultdict(list)
    for row in rows:
        by_day[_day(row[3])].append(row[0])
    found: dict[UUID, Care] = {}
    for day, keys in by_day.items():
        found |= care_of_many(keys, day)
    return found


def _alone_since(rows: Iterable[Any], cared: Mapping[UUID, Care]) -> dict[UUID, datetime]:
    """From when a care that is missing counts: since the child arrived, or since what they had
    ended, whichever is later. Where neither is known it is the earlier one, for the child."""
    registered = {row[0]: row[6] for row in rows}
    wanted = {key for key in registered if cared[key].without}
    arrived = dict(
        Registration.objects.filter(
            among("person", wanted),
            event__in=[
                Registration.Event.ARRIVAL,
                Registration.Event.BIRTH,
                Registration.Event.RETURN,
            ],
        )
        .values_list("person")
        .annotate(last=Max("at"))
    )
    ended = _ended_ties(wanted)
    return {
        key: max(arrived.get(key, at), ended.get(key, at)) if key in wanted else at
        for key, at in registered.items()
    }


def _ended_ties(people: Collection[UUID]) -> dict[UUID, datetime]:
    """When the newest verified relationship of each ended, or whoever it was with left."""
    found: dict[UUID, datetime] = {}

    def later(key: UUID, at: datetime | None) -> None:
        if at is not None and (key not in found or found[key] < at):
            found[key] = at

    over = Relationship.objects.filter(
        among("person", people) | among("to", people),
        state=Relationship.State.VERIFIED,
        ended_at__isnull=False,
    )
    for one, other, at in over.values_list("person_id", "to_id", "ended_at"):
        later(one, at)
        later(other, at)
    ties = ties_of(people)
    others = {tie.other for each in ties.values() for tie in each if tie.verified}
    gone = dict(
        Person.objects.filter(among("pk", others), left_at__isnull=False).values_list(
            "pk", "left_at"
        )
    )
    for key, each in ties.items():
        for tie in each:
            if tie.verified:
                later(key, gone.get(tie.other))
    return found


def _risks(people: Collection[UUID]) -> Mapping[UUID, list[Risk]]:
    found: dict[UUID, list[Risk]] = defaultdict(list)
    made = HandOver.objects.filter(among("person", people))
    for key, at, urgency in made.values_list("person_id", "made_at", "urgency"):
        found[key].append(Risk(DANGER if urgency == "now" else AT_RISK, at))
    presumed = Presumption.objects.filter(among("person", people))
    for key, at in presumed.values_list("person_id", "made_at"):
        found[key].append(Risk(VICTIM, at))
    opened = Case.objects.filter(among("person", people), state=Case.State.OPEN)
    kinds = CaseStep.Kind
    hastened = _newest_steps(opened, kind=kinds.URGENCY, after="now")
    reopened = _newest_steps(opened, kind=kinds.REOPENED)
    for pk, key, at, urgency in opened.values_list("pk", "person_id", "opened_at", "urgency"):
        since = reopened.get(pk, at)
        found[key].append(Risk(AT_RISK, since))
        if urgency == "now":
            found[key].append(Risk(DANGER, max(since, hastened.get(pk, at))))
    for each in _screened(people):
        found[each[0]].append(each[1])
    return found


def _newest_steps(cases: QuerySet[Case], **of: str) -> dict[UUID, datetime]:
    """When the newest step of a kind was in each of some cases."""
    rows = CaseStep.objects.filter(case__in=cases, **of)
    return dict(rows.values_list("case").annotate(last=Max("at")))


def _screened(people: Collection[UUID]) -> Iterable[tuple[UUID, Risk]]:
    """Finished talks that found something, as of when it was known here."""
    rows = Screening.objects.filter(
        among("person", people), state=Screening.State.FINISHED, urgency__in=FOUND
    )
    raised = dict(
        OutcomeChange.objects.filter(screening__in=rows, direction=OutcomeChange.Direction.RAISE)
        .values_list("screening")
        .annotate(last=Max("asked_at"))
    )
    columns = ("pk", "person_id", "closed_at", "recorded_at", "urgency")
    for pk, key, closed, recorded, urgency in rows.values_list(*columns):
        at = max(recorded or closed, raised.get(pk, closed))
        yield key, Risk(DANGER if urgency == "now" else AT_RISK, at)


def _referrals(people: Collection[UUID]) -> Mapping[UUID, list[Asked]]:
    """Those for the protection of the child that go on, and those that were completed."""
    found: dict[UUID, list[Asked]] = defaultdict(list)
    rows = Referral.objects.filter(
        among("person", people),
        purpose=CHILD_PROTECTION,
        state__in=[*GOING_ON, Referral.State.FINISHED],
    )
    columns = ("person_id", "state", "sent_at", "due_at", "ended_at")
    for key, state, sent, due, ended in rows.values_list(*columns):
        found[key].append(Asked(sent, due if state in WAITING else None, ended))
    return found

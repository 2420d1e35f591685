"""Questions about plan, help and contacts.

None of them reads whether somebody was identified, assessed or reviewed, or what they said to an
investigation: help waits for none of that.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from marfa.apps.assistance.models import (
    RETURNS,
    Contact,
    Help,
    HelpTry,
    ReflectionPeriod,
    ReturnAssessment,
    SafetyPlan,
)
from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.queries import ASKED, READ
from marfa.apps.cases.unassigned_cases import unheld_open
from marfa.apps.manifest import gather_from_apps
from marfa.apps.registry.care import somebody_of
from marfa.apps.registry.models import ContactPoint
from marfa.apps.registry.visibility import about_people_where
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role

GOING_ON = (Help.State.WANTED, Help.State.NO_PLACE, Help.State.RUNNING)
AGAIN, AGAIN_URGENT = timedelta(hours=24), timedelta(hours=12)
"""Elapsed time until somebody looks for a place again, or looks why what was asked for, or found
for later, has not begun."""
CLIMBS = timedelta(hours=12)
"""After that was due, until supervisors hear of it too."""


def late_searches(actor: Actor) -> QuerySet[Help]:
    """Help without a place for which somebody should have looked again: in one's own cases; of
    those of others, and of nobody's at once, whatever waits for longer than ``CLIMBS``."""
    now = clock.now()
    late = Help.objects.filter(state=Help.State.NO_PLACE, next_try_at__lte=now)
    found = _answered_for(actor, late, Q(next_try_at__lte=now - CLIMBS))
    return found.select_related("case__person", "case__site").order_by("next_try_at", "pk")


def _answered_for(actor: Actor, late: QuerySet[Help], climbed: Q) -> QuerySet[Help]:
    """What is late in open cases: one's own, nobody's, and what has climbed of those of others."""
    late = late.filter(case__state=Case.State.OPEN)
    if not late.exists():
        return late.none()
    nobodys = Q(case__in=Case.objects.filter(unheld_open(), state=Case.State.OPEN))
    mine = about_people_where(visibility_condition(CASE, actor, "assistance.grant", ASKED))
    return late.filter(Q(case__worker=actor.id) | nobodys | climbed).filter(mine)


def with_begin(rows: QuerySet[Help]) -> QuerySet[Help]:
    """With ``wanted_at``: when help was asked for or, if that was later, a place found for it; not
    before the case was here, for what another organisation was asked for."""
    return rows.annotate(wanted_at=_wanted_at())


def _wanted_at() -> Greatest:
    found = HelpTry.objects.filter(help=OuterRef("pk"), found=True).order_by("-at").values("at")
    return Greatest(Coalesce(Subquery(found[:1]), "asked_at"), "case__opened_at")


def begins_by(row: Help) -> datetime | None:
    """By when help that is asked for has begun, or somebody sees why not; of ``with_begin``. None
    for a return or resettlement: it is never late, since it may not begin before it is found safe
    and wished."""
    if row.kind in RETURNS:
        return None
    wanted_at: datetime = row.wanted_at  # type: ignore[attr-defined]
    time = AGAIN_URGENT if row.urgent else AGAIN
    return clock.advance(wanted_at, seconds=time.total_seconds())


def late_to_begin(at: datetime) -> QuerySet[Help]:
    """Help that was asked for, or found for later, and should have begun by a moment; what waits
    longest first."""
    late = Q(urgent=False, wanted_at__lte=at - AGAIN)
    late |= Q(urgent=True, wanted_at__lte=at - AGAIN_URGENT)
    wanted = Help.objects.filter(state=Help.State.WANTED).exclude(kind__in=RETURNS)
    return wanted.annotate(wanted_at=_wanted_at()).filter(late).order_by("wanted_at", "pk")


def late_begins(actor: Actor) -> QuerySet[Help]:
    """What did not begin in time: whose, as of ``late_searches``."""
    now = clock.now()
    climbed = Q(pk__in=late_to_begin(now - CLIMBS).values("pk"))
    found = _answered_for(actor, late_to_begin(now), climbed)
    return found.select_related("case__person", "case__site")


def plans_due(actor: Actor) -> QuerySet[SafetyPlan]:
    """Safety plans in one's own open cases that should be looked at again."""
    # The latest day that it is anywhere: each is then asked where its site is.
    latest = (clock.now() + timedelta(hours=14)).date()
    found = SafetyPlan.objects.filter(
        case__worker=actor.id, case__state=Case.State.OPEN, review_on__lte=latest
    )
    if not found.exists():
        return found.none()
    mine = about_people_where(visibility_condition(CASE, actor, "cases.read", ASKED))
    return (
        found.filter(mine).select_related("case__person", "case__site").order_by("review_on", "pk")
    )


def without_help(actor: Actor) -> QuerySet[Case]:
    """One's own open cases in which nothing is given, asked for or looked for."""
    some = Help.objects.filter(case=OuterRef("pk"), state__in=GOING_ON)
    declined = Help.objects.filter(case=OuterRef("pk"), state=Help.State.DECLINED)
    found = Case.objects.filter(worker=actor.id, state=Case.State.OPEN)
    found = found.exclude(Exists(some)).exclude(Exists(declined))
    if not found.exists():
        return found.none()
    mine = about_people_where(visibility_condition(CASE, actor, "assistance.grant", ASKED))
    return found.filter(mine).select_related("person", "site").order_by("opened_at", "pk")


def contacts_due(actor: Actor, until: datetime, climbed: datetime) -> QuerySet[Contact]:
    """Planned contacts that an actor answers for: their own until a moment, and as a supervisor
    also those of others that were due before an earlier one."""
    whose = Q(responsible=actor.id, due_at__lte=until)
    if Role.SUPERVISOR in actor.role_names:
        whose |= Q(due_at__lte=climbed)
    found = Contact.objects.filter(whose, state=Contact.State.PLANNED, case__state=Case.State.OPEN)
    if not found.exists():
        return found.none()
    seen = found.filter(about_people_where(visibility_condition(CASE, actor, READ, ASKED)))
    return seen.select_related("case__person", "case__site").order_by("due_at", "pk")


def reflection_of(case: Case, day: date) -> ReflectionPeriod | None:
    """The period that holds on a day: the one that ends last, of those that reach it."""
    reached = ReflectionPeriod.objects.filter(case=case, starts_on__lte=day, ends_on__gte=day)
    return reached.order_by("-ends_on").first()


def pages_before_return(case: Case) -> list[str]:
    """Where it has to be decided that a child returns; empty where nothing is to be decided, or it
    was, and stands. An empty address where no app can decide: then the child stays."""
    if not somebody_of(case.person).is_child(clock.today(case.site.time_zone)):
        return []
    asked = gather_from_apps("child_returns")
    return [page for find in asked if (page := find(case))] if asked else [""]


def missing_for_return(case: Case, kind: str) -> str:
    """What is missing before a return or resettlement may begin: key of the sentence that says
    it; empty where nothing is. The last assessment counts alone. Within ``open_vault()``."""
    today = clock.today(case.site.time_zone)
    if pages_before_return(case):
        return "return-child"
    made = ReturnAssessment.objects.filter(case=case, kind=kind)
    last = made.order_by("-made_at", "-pk").first()
    if last is None:
        return "return-not-assessed"
    if last.conclusion != ReturnAssessment.Conclusion.SAFE:
        return "return-not-safe"
    if last.wished is not True:
        return "return-not-wished"
    return "return-too-old" if last.valid_until < today else ""


def safe_contacts(case: Case) -> QuerySet[ContactPoint]:
    """Ways to reach the person that they called safe, and no others."""
    safe = ContactPoint.objects.filter(person=case.person, safety=ContactPoint.Safety.SAFE)
    return safe.filter(ended_at=None).order_by("recorded_at", "pk")

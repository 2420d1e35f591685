"""What "My work" shows of tracing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.queries import ASKED, READ
from marfa.apps.cases.work import MOST, of_case
from marfa.apps.cases.workers import WORKING
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.visibility import about_people_where, about_seen
from marfa.apps.tracing.deadlines import CLIMBS
from marfa.apps.tracing.enquiries import late_for, own_candidates, unseen_by
from marfa.apps.tracing.models import (
    ClaimedRelative,
    Enquiry,
    FamilyVisit,
    Parting,
    Reunification,
    TieDecision,
)
from marfa.apps.tracing.views.common import may_answer
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role


@dataclass(frozen=True)
class Second:
    """What waits for a second person. case: path to its case. by: who asks. page: of it."""

    model: type[Any]
    case: str
    by: str
    page: str
    text: Promise


SECOND = (
    Second(
        TieDecision,
        "claim__case",
        "proposed_by",
        "cases:relative_decision",
        _("You are asked whether someone is a relative"),
    ),
    Second(
        Reunification,
        "case",
        "prepared_by",
        "cases:reunification",
        _("You are asked about a reunification"),
    ),
    Second(
        Parting,
        "case",
        "asked_by",
        "cases:parting",
        _("You are asked whether brothers and sisters may be apart"),
    ),
)


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Enquiries that may be about somebody in one's care, claims and visits that are due, and what
    waits for a second person."""
    actor = actor_of(user)
    yield from _enquiries(actor)
    if not WORKING & actor.role_names:
        return
    now = clock.now()
    for claim in due_claims(actor, now)[:MOST]:
        text = _("Someone says to be a relative: verify it")
        yield of_case(claim.case, text, _claim_page(claim), Urgency.DUE, due=claim.due_at)
    for visit in due_visits(actor, now)[:MOST]:
        there = reverse("cases:family_visit", args=[visit.reference])
        text = _("A visit after a reunification is due")
        yield of_case(visit.reunification.case, text, there, Urgency.DUE, due=visit.due_at)
    yield from _second_person(actor)


def _enquiries(actor: Actor) -> Iterable[WorkItem]:
    """A worker is asked about those in their own care; what nobody looked into climbs."""
    rows = list(unseen_by(actor)[:MOST]) if WORKING & actor.role_names else []
    own = own_candidates(actor, rows) if rows else {}
    asked = [row for row in rows if own[row.pk]]
    for row in asked:
        text = _("Someone looks for a person: may it be someone in your care?")
        yield _of_enquiry(row, text, Urgency.DUE)
    seen = {row.pk for row in asked}
    for row in late_for(actor)[:MOST]:
        if row.pk not in seen:
            text = _("No one has looked into an enquiry about a relative")
            yield _of_enquiry(row, text, Urgency.URGENT)


def _of_enquiry(row: Enquiry, text: object, urgency: Urgency) -> WorkItem:
    there = reverse("enquiries:one", args=[row.reference])
    return WorkItem(
        str(text), there, urgency, row.due_at, where=row.site.name, zone=row.site.time_zone
    )


def due_claims(actor: Actor, now: datetime) -> QuerySet[ClaimedRelative]:
    """Claims that nobody has settled: of one's own cases, and for supervisors also those of others
    at their places that are a day too late."""
    found = ClaimedRelative.objects.filter(state=ClaimedRelative.State.CLAIMED)
    return _mine(found, actor, now, "case").order_by("due_at", "pk").select_related(*_case("case"))


def due_visits(actor: Actor, now: datetime) -> QuerySet[FamilyVisit]:
    """Visits that are due within a day, or late: whose they are as of claims."""
    found = FamilyVisit.objects.filter(state=FamilyVisit.State.PLANNED, due_at__lte=now + CLIMBS)
    case = "reunification__case"
    return _mine(found, actor, now, case).order_by("due_at", "pk").select_related(*_case(case))


def _case(path: str) -> tuple[str, str]:
    return f"{path}__person", f"{path}__site"


def _mine(rows: QuerySet[Any], actor: Actor, now: datetime, case: str) -> QuerySet[Any]:
    """Those of open cases that an actor may read: their own, and a supervisor's once they are late
    by a day, or nobody is responsible."""
    rows = rows.filter(**{f"{case}__state": Case.State.OPEN})
    if not rows.exists():
        return rows.none()
    own = Q(**{f"{case}__worker": actor.id})
    if Role.SUPERVISOR in actor.role_names:
        own |= Q(due_at__lte=now - CLIMBS) | Q(**{f"{case}__worker": None})
    readable = about_people_where(visibility_condition(CASE, actor, READ, ASKED))
    return rows.filter(own).filter(readable)


def _second_person(actor: Actor) -> Iterable[WorkItem]:
    """What colleagues found or prepared, and no second person has answered."""
    for kind in SECOND:
        rows = kind.model.objects.filter(
            **{f"{kind.case}__state": Case.State.OPEN}, state="waiting"
        ).exclude(**{kind.by: actor.id})
        if not rows.exists():
            continue
        for row in rows.filter(about_seen(actor)).select_related(*_case(kind.case))[:MOST]:
            case = reduce(getattr, kind.case.split("__"), row)
            if may_answer(actor, case, row.pk, getattr(row, kind.by)):
                there = reverse(kind.page, args=[row.reference])
                yield of_case(case, kind.text, there, Urgency.DUE)


def _claim_page(claim: ClaimedRelative) -> str:
    return reverse("cases:relative", args=[claim.reference])

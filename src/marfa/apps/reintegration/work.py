"""What "My work" shows of recovery plans, and the address of drafts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.best_interests.policy_facts import may_decide
from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.queries import ASKED, READ
from marfa.apps.cases.work import MOST, of_case
from marfa.apps.cases.workers import WORKING
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.visibility import about_people_where
from marfa.apps.reintegration.deadlines import CLIMBS, SOON
from marfa.apps.reintegration.models import PlanStep, RecoveryPlan
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role

RUNNING = RecoveryPlan.State.RUNNING


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Reviews and steps of the plans of one's own cases; for supervisors those that are late; and
    plans that a colleague asks to end."""
    actor = actor_of(user)
    if not WORKING & actor.role_names:
        return
    for plan in asked_to_end(actor):
        there = reverse("cases:recovery", args=[plan.reference])
        text = _("A colleague asks to end a recovery plan")
        yield of_case(plan.case, text, there, Urgency.DUE, due=plan.asked_at)
    for plan in plans_to_review(actor)[:MOST]:
        there = reverse("cases:recovery_review", args=[plan.reference])
        text = _("A recovery plan is due for review")
        yield of_case(plan.case, text, there, Urgency.DUE, by=plan.review_on)
    for step in steps_due(actor)[:MOST]:
        case = step.plan.case
        there = reverse("cases:recovery_step", args=[step.reference])
        late = step.due_on < clock.today(case.site.time_zone)
        text = _("A step of a recovery plan is late") if late else _("A step of a recovery plan")
        yield of_case(case, text, there, Urgency.DUE if late else None, by=step.due_on)


def plans_to_review(actor: Actor) -> QuerySet[RecoveryPlan]:
    """Plans whose day of review is near or past: the supervisor's from that day on."""
    rows = RecoveryPlan.objects.filter(state=RUNNING)
    found = _mine(rows, actor, "case", "review_on", timedelta(0))
    return found.order_by("review_on", "pk").select_related("case__person", "case__site")


def steps_due(actor: Actor) -> QuerySet[PlanStep]:
    """Open steps whose day is near or past: the supervisor's when they are a week too late."""
    rows = PlanStep.objects.filter(state=PlanStep.State.OPEN, plan__state=RUNNING)
    found = _mine(rows, actor, "plan__case", "due_on", CLIMBS)
    return found.order_by("due_on", "pk").select_related("plan__case__person", "plan__case__site")


def _mine(
    rows: QuerySet[Any], actor: Actor, case: str, day: str, climbs: timedelta
) -> QuerySet[Any]:
    """Those of open cases that an actor may read: their own, and for a supervisor those that are
    too late by this much, or whose case nobody works on."""
    today = clock.today("UTC")
    rows = rows.filter(**{f"{case}__state": Case.State.OPEN, f"{day}__lte": today + SOON})
    if not rows.exists():
        return rows.none()
    whose = Q(**{f"{case}__worker": actor.id})
    if Role.SUPERVISOR in actor.role_names:
        whose |= Q(**{f"{day}__lte": today - climbs}) | Q(**{f"{case}__worker": None})
    return rows.filter(about_people_where(visibility_condition(CASE, actor, READ, ASKED)), whose)


def asked_to_end(actor: Actor) -> Iterable[RecoveryPlan]:
    """Plans that another asks to end, and that this one may."""
    rows = RecoveryPlan.objects.filter(state=RUNNING, case__state=Case.State.OPEN)
    rows = rows.exclude(asked_by=None).exclude(asked_by=actor.id)
    if not rows.exists():
        return
    mine = about_people_where(visibility_condition(CASE, actor, READ, ASKED))
    known = rows.filter(mine).select_related("case__person", "case__site").order_by("asked_at")
    for row in known[:MOST]:
        assert row.asked_by is not None  # noqa: S101 - left out above
        if may_decide(actor, row.case.person, row.pk, prepared_by={row.asked_by}):
            yield row


def step_address(key: UUID | None) -> str | None:
    """The page on which a step is changed; None for one that is gone."""
    if key is None:
        return None
    found = PlanStep.objects.filter(pk=key).values_list("reference", flat=True).first()
    return reverse("cases:recovery_step_change", args=[found]) if found else None

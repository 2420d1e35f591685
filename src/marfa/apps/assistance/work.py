"""What "My work" shows of plan, help and contacts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.assistance.deadlines import CLIMBS
from marfa.apps.assistance.models import Goal, SafetyPlan
from marfa.apps.assistance.queries import (
    begins_by,
    contacts_due,
    late_begins,
    late_searches,
    plans_due,
    without_help,
)
from marfa.apps.cases.work import MOST, of_case, urgency_of
from marfa.apps.cases.workers import WORKING
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.platform import clock

SOON = timedelta(hours=24)
"""How long before it is due a contact stands under "My work"."""


def help_work_of(user: User) -> Iterable[WorkItem]:
    """Searches for a place that are due, help that did not begin in time, people without any help
    yet, plans to look at again."""
    actor = actor_of(user)
    if not WORKING & actor.role_names:
        return
    for row in late_searches(actor)[:MOST]:
        there = reverse("cases:help", args=[row.reference])
        text = _("There is no place yet: search again")
        yield of_case(row.case, text, there, Urgency.URGENT, due=row.next_try_at)
    for row in late_begins(actor)[:MOST]:
        there = reverse("cases:help", args=[row.reference])
        urgent = Urgency.URGENT if row.urgent else Urgency.DUE
        text = _("Requested help did not begin")
        yield of_case(row.case, text, there, urgent, due=begins_by(row))
    for case in without_help(actor)[:MOST]:
        there = reverse("cases:help_ask", args=[case.reference])
        text = _("Ask what the person needs first")
        # Help begins at once: it was to be asked on the day on which the case was opened.
        opened = case.opened_at.astimezone(ZoneInfo(case.site.time_zone)).date()
        yield of_case(case, text, there, by=opened)
    for plan in plans_due(actor)[:MOST]:
        if plan.review_on <= clock.today(plan.case.site.time_zone):
            there = reverse("cases:safety_plan", args=[plan.case.reference])
            text = _("A safety plan is due for review")
            yield of_case(plan.case, text, there, Urgency.DUE, by=plan.review_on)


def contacts_of(user: User) -> Iterable[WorkItem]:
    """Contacts of one's own that are due within a day; for supervisors also those of others at
    their places that are a day too late."""
    actor = actor_of(user)
    if not WORKING & actor.role_names:
        return
    now = clock.now()
    for row in contacts_due(actor, now + SOON, now - CLIMBS)[:MOST]:
        late = row.due_at <= now
        text = _("A contact is late") if late else _("A contact is due")
        there = reverse("cases:contact", args=[row.case.reference, row.reference])
        urgency = urgency_of(row.case) if late else Urgency.DUE
        yield of_case(row.case, text, there, urgency, due=row.due_at)


def plan_address(plan: UUID | None) -> str | None:
    """The page of a safety plan; None for one that is gone."""
    if plan is None:
        return None
    found = SafetyPlan.objects.filter(pk=plan).values_list("case__reference", flat=True).first()
    return reverse("cases:safety_plan", args=[found]) if found else None


def goal_address(goal: UUID | None) -> str | None:
    """The page of a goal; None for one that is gone."""
    if goal is None:
        return None
    found = Goal.objects.filter(pk=goal).values_list("reference", flat=True).first()
    return reverse("cases:goal", args=[found]) if found else None

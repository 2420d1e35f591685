"""What "My work" shows of detentions: each rung of the ladder to those whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.cases.models import Case
from marfa.apps.cases.unassigned_cases import unheld_open
from marfa.apps.cases.work import MOST, of_case
from marfa.apps.cases.workers import WORKING
from marfa.apps.detention.clocks import OUTSIDE, SUPERVISOR
from marfa.apps.detention.policy import WATCH, WRITE
from marfa.apps.detention.queries import detentions_where
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Role

SOON = timedelta(hours=24)
"""How long before it is due a review stands under "My work"."""


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Reviews that are due: one's own from a day before, nobody's at once, those of others once the
    supervisors hear of it, and in the end somebody outside the team."""
    actor = actor_of(user)
    seen = set()
    if WORKING & actor.role_names:
        for row in _to_work_on(actor)[:MOST]:
            seen.add(row.pk)
            yield _item(row, reverse("detention:review", args=[row.reference]))
    if Role.FOCAL_POINT in actor.role_names:
        late = detentions_where(actor, WATCH).filter(alarm_at__lte=clock.now() - OUTSIDE)
        for row in late.exclude(pk__in=seen).order_by("alarm_at", "pk")[:MOST]:
            yield _item(row, reverse("detained:all"))


def _to_work_on(actor: Actor) -> QuerySet[Any, Any]:
    now = clock.now()
    nobodys = Q(case__in=Case.objects.filter(unheld_open(), state=Case.State.OPEN))
    whose = Q(case__worker=actor.id, alarm_at__lte=now + SOON) | nobodys
    if Role.SUPERVISOR in actor.role_names:
        whose |= Q(alarm_at__lte=now - SUPERVISOR)
    return detentions_where(actor, WRITE).filter(whose).order_by("alarm_at", "pk")


def _item(row: Any, there: str) -> WorkItem:
    due = row.alarm_at
    late = due <= clock.now()
    text = _("Someone is held: review it now") if late else _("Someone is held: a review is due")
    return of_case(row.case, text, there, Urgency.URGENT if late else Urgency.DUE, due=due)

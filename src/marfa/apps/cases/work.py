"""What waits for somebody in cases: asked of the rows and the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.cases.contacts import CLIMBS
from marfa.apps.cases.queries import contacts_due, nobodys, steps_before, to_review
from marfa.apps.cases.workers import WORKING
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry import Happened, Urgency, WorkItem
from marfa.platform import clock
from marfa.platform.slices import in_slices

MOST = 50
"""How many of one kind stand under "My work"."""
NOBODYS = timedelta(hours=24)
"""How long a case may be nobody's."""
SOON = timedelta(hours=24)
"""How long before it is due a contact stands under "My work"."""


def work_of(user: User) -> Iterable[WorkItem]:
    """Cases that are nobody's, and second looks."""
    actor = actor_of(user)
    if not WORKING & actor.role_names:
        return
    now = clock.now()
    for case in nobodys(actor)[:MOST]:
        due = case.opened_at + NOBODYS
        urgent = case.urgency == "now" or due <= now
        yield WorkItem(
            _("A case is nobody’s"),
            reverse("cases:responsible", args=[case.reference]),
            Urgency.URGENT if urgent else Urgency.DUE,
            due,
        )
    for review in to_review(actor)[:MOST]:
        yield WorkItem(
            _("A second look is asked of you"),
            reverse("cases:review", args=[review.reference]),
            Urgency.URGENT if review.due_at <= now else Urgency.DUE,
            review.due_at,
        )


def contacts_of(user: User) -> Iterable[WorkItem]:
    """Contacts of one's own that are due within a day; for supervisors also those of others at
    their places that are a day too late."""
    actor = actor_of(user)
    if not WORKING & actor.role_names:
        return
    now = clock.now()
    for row in contacts_due(actor, now + SOON, now - CLIMBS)[:MOST]:
        late = row.due_at <= now
        yield WorkItem(
            _("A contact is late") if late else _("A contact is due"),
            reverse("cases:contact", args=[row.case.reference, row.reference]),
            Urgency.URGENT if late else Urgency.DUE,
            row.due_at,
        )


def timeline_of(user: User, before: datetime) -> Iterable[Happened]:
    """Steps of the cases that somebody may read; it names nobody."""
    actor = actor_of(user)
    if not WORKING & actor.role_names:
        return
    for step in in_slices(steps_before(actor, before), MOST):
        there = reverse("cases:case", args=[step.case.reference])
        yield Happened(step.at, _("A case: %(what)s") % {"what": step.get_kind_display()}, there)

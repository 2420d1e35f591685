"""What "My work" shows of age assessments: what waits for a second person."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.age_assessment.queries import waiting_for_second
from marfa.apps.cases.work import MOST, of_case
from marfa.apps.cases.workers import WORKING
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Proposals of others. Nothing presses: the person is a child until it is answered."""
    actor = actor_of(user)
    if not WORKING & actor.role_names:
        return
    for row in waiting_for_second(actor)[:MOST]:
        there = reverse("cases:age", args=[row.reference])
        text = _("What was found about an age waits for a second person")
        yield of_case(row.case, text, there, Urgency.WAITING, since=row.proposed_at)

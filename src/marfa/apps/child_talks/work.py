"""What "My work" shows of trainings and talks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.cases.work import MOST
from marfa.apps.child_talks.models import ChildTalk
from marfa.apps.child_talks.queries import OPEN, trainings_shown
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.work import work_about
from marfa.platform import clock
from marfa.safeguards.words import Role

SOON = timedelta(days=30)
"""How long before its last day a training is told of."""


def work_items_of(user: User) -> Iterable[WorkItem]:
    """One's own talks that are not over; for supervisors, trainings that wait for a second person
    or run out."""
    actor = actor_of(user)
    rows = ChildTalk.objects.filter(officer=actor.id, state__in=OPEN)
    for row in rows.select_related("person__site", "site").order_by("began_at")[:MOST]:
        there = reverse("child_talks:talk", args=[row.reference])
        text = _("A conversation with a child is not over")
        yield work_about(row.person, row.site, text, there, Urgency.DUE, since=row.began_at)
    if Role.SUPERVISOR not in actor.role_names:
        return
    today, there = clock.now().date(), reverse("child_talks:trainings")
    for organisation in Organisation.objects.filter(pk__in=actor.organisations):
        for training in trainings_shown(organisation)[:MOST]:
            waits = training.confirmed_at is None
            if waits and actor.id not in (training.entered_by, training.user_id):
                text = _("A training to speak with children waits for a second person")
                yield WorkItem(text, there, Urgency.WAITING, since=training.entered_at)
            elif not waits and training.until <= today + SOON:
                text = _("A training to speak with children runs out")
                yield WorkItem(text, there, Urgency.DUE, by=training.until)

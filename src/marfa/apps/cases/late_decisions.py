"""Decisions that authorities owe, for supervisors."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.cases.models import Case, FormalIdentification
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.queries import ASKED, READ
from marfa.apps.cases.work import MOST, of_case
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.visibility import about_people_where
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role


def late_decisions(actor: Actor) -> QuerySet[FormalIdentification]:
    """Requests to an authority that it should have decided on by now, the longest late first."""
    found = FormalIdentification.objects.filter(
        decision="", withdrawn_at=None, expected_at__lte=clock.now(), case__state=Case.State.OPEN
    )
    if not found.exists():
        return found.none()
    readable = about_people_where(visibility_condition(CASE, actor, READ, ASKED))
    known = found.filter(readable).select_related("case__person", "case__site")
    return known.order_by("expected_at", "pk")


def decisions_of(user: User) -> Iterable[WorkItem]:
    """Decisions that are late, for supervisors."""
    actor = actor_of(user)
    if Role.SUPERVISOR not in actor.role_names:
        return
    for formal in late_decisions(actor)[:MOST]:
        text = _("An authority has not decided in time")
        there = reverse("cases:authority", args=[formal.case.reference, formal.reference])
        yield of_case(formal.case, text, there, Urgency.DUE, by=formal.expected_by)

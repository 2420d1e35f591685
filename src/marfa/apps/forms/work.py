"""What waits for somebody: asked of the rows, so that nothing needs to have run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import ngettext

from marfa.apps.accounts.models import User
from marfa.apps.forms.converters import waiting_to_be_recorded
from marfa.apps.forms.submissions import undecided_submissions
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose, Role


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Forms that wait for a decision and accepted ones that have become no record yet, for who
    supervises: a query and an entry or two each. What was told in a talk of screening may say that
    somebody is in danger, so that it is urgent."""
    actor = actor_of(user)
    if Role.SUPERVISOR not in actor.role_names:
        return
    there = reverse("forms:came")
    for urgency, (count, since) in _by_urgency(_undecided(actor)).items():
        text = ngettext(
            "%(count)d received form is waiting for a decision",
            "%(count)d received forms are waiting for a decision",
            count,
        ) % {"count": count}
        yield WorkItem(text, there, urgency, since=since)
    for urgency, (count, since) in _by_urgency(waiting_to_be_recorded(actor)).items():
        text = ngettext(
            "%(count)d accepted form is waiting to be added to a record",
            "%(count)d accepted forms are waiting to be added to a record",
            count,
        ) % {"count": count}
        yield WorkItem(text, there, urgency, since=since)


def _undecided(actor: Actor) -> Iterable[tuple[str, int, datetime]]:
    """Per step for which a form asks: how many wait for a decision, and since when."""
    found = undecided_submissions(actor).order_by().values_list("form__purpose")
    return found.annotate(count=Count("id"), since=Min("received_at"))


def _by_urgency(
    rows: Iterable[tuple[str, int, datetime]],
) -> dict[Urgency, tuple[int, datetime]]:
    found: dict[Urgency, tuple[int, datetime]] = {}
    for purpose, count, since in rows:
        urgency = Urgency.URGENT if purpose == Purpose.SCREENING else Urgency.WAITING
        before, first = found.get(urgency, (0, since))
        found[urgency] = before + count, min(first, since)
    return found

"""Notices of unusual searching, under "My work"."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.apps.search.notices import _told_for, _visible_to


def work_items_of(user: User) -> Iterable[WorkItem]:
    """For those who answer for it: that something waits, and nothing of what."""
    actor = actor_of(user)
    if _told_for(actor) and _visible_to(actor).exists():
        yield WorkItem(
            text=gettext("Searching that needs to be looked into"),
            url=reverse("finding:notices"),
            urgency=Urgency.URGENT,
        )

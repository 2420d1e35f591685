"""Agreements that end soon, under "My work"."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import ngettext

from marfa.apps.accounts.models import User
from marfa.apps.agreements.queries import agreements_ending, may_see_recipients
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of


def ending_agreements(user: User) -> Iterable[WorkItem]:
    """For "My work" of who looks after agreements: those that end within thirty days."""
    ends = list(agreements_ending().values_list("until", flat=True))
    if not ends or not may_see_recipients(actor_of(user)):
        return
    yield WorkItem(
        text=ngettext(
            "%(count)d agreement on data ends within thirty days",
            "%(count)d agreements on data end within thirty days",
            len(ends),
        )
        % {"count": len(ends)},
        url=reverse("consents:recipients"),
        urgency=Urgency.DUE,
        due=ends[0],
    )

"""Services that somebody should call, under "My work"."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import ngettext

from marfa.apps.accounts.models import User
from marfa.apps.directory.offers import CALLED_LATELY
from marfa.apps.directory.queries import KEEPERS, services_to_call
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.platform import clock


def services_to_be_called(user: User) -> Iterable[WorkItem]:
    """For "My work" of who works with people: how many entries are to be called, and by when the
    first of them is no longer offered."""
    actor = actor_of(user)
    if not KEEPERS & actor.role_names:
        return
    called = list(services_to_call(actor).values_list("called_at", flat=True))
    if not called:
        return
    first = min((each for each in called if each is not None), default=None)
    never = any(each is None for each in called)
    yield WorkItem(
        text=ngettext(
            "%(count)d service is to be called: does it take people?",
            "%(count)d services are to be called: do they take people?",
            len(called),
        )
        % {"count": len(called)},
        url=reverse("services:all") + "?called=due",
        urgency=Urgency.DUE,
        due=clock.now() if never or first is None else first + CALLED_LATELY,
    )

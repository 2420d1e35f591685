"""What waits for somebody: asked of the rows, so that nothing needs to have run."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import ngettext

from marfa.apps.accounts.models import User
from marfa.apps.forms.converting import waiting_to_be_recorded
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry import Urgency, WorkItem
from marfa.safeguards.words import Role


def work_of(user: User) -> Iterable[WorkItem]:
    """Accepted forms that have become no record yet, for who supervises; one entry, one query."""
    actor = actor_of(user)
    if Role.SUPERVISOR not in actor.role_names:
        return
    count, since = waiting_to_be_recorded(actor)
    if count:
        text = ngettext(
            "%(count)d accepted form waits to be put on record",
            "%(count)d accepted forms wait to be put on record",
            count,
        ) % {"count": count}
        yield WorkItem(text, reverse("forms:came"), Urgency.WAITING, since=since)

"""Withdrawals of which recipients are to be told, under "My work"."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.agreements.labels import recipient_name
from marfa.apps.consents.models import RecallNotice
from marfa.apps.consents.queries import notices_for
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of


def work_items_of(user: User) -> Iterable[WorkItem]:
    """For "My work": recipients that are to be told, and what one's own organisation is told."""
    if not RecallNotice.objects.filter(answered_at=None).exists():
        return
    actor = actor_of(user)
    open_ones = notices_for(actor).filter(answered_at=None)
    for notice in open_ones.filter(organisation__in=actor.organisations, told_at=None)[:20]:
        yield WorkItem(
            text=_("Tell a recipient that consent was withdrawn"),
            url=reverse("consents:notice", args=[notice.reference]),
            urgency=Urgency.DUE,
            due=notice.due_at,
            about=recipient_name(notice.recipient),
        )
    for notice in open_ones.exclude(organisation__in=actor.organisations)[:20]:
        yield WorkItem(
            text=_("Someone withdrew the consent on which you received data"),
            url=reverse("consents:notice", args=[notice.reference]),
            urgency=Urgency.URGENT,
            due=notice.due_at,
            where=notice.organisation.name,
        )

"""Questions about requests for files with names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.list_files.actions import APPROVE
from marfa.apps.list_files.models import NamedFileRequest
from marfa.apps.list_files.policy_facts import resources_of
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.words import Role

MOST = 50
State = NamedFileRequest.State


def may_approve(actor: Actor, request: NamedFileRequest) -> bool:
    """Whether somebody may approve a request, once they proved their second factor."""
    proved = replace(actor, stepped_up_at=clock.now())
    asked = {"on_record": True, "purpose": request.purpose}
    return all(decide(proved, APPROVE, each, asked).allowed for each in resources_of(request))


def request_named(reference: str, actor: Actor) -> NamedFileRequest | None:
    """A request of one's own, or one that one may approve; None for all others."""
    found = NamedFileRequest.objects.filter(reference=reference).first()
    if found is None or found.asked_by == actor.id or may_approve(actor, found):
        return found
    return found if found.answered_by == actor.id else None


def work_items_of(user: User) -> Iterable[WorkItem]:
    """What waits for a second person, for whoever may be it; what was approved, for who asked."""
    actor = actor_of(user)
    if Role.SUPERVISOR not in actor.role_names:
        return
    now = clock.now()
    opened = NamedFileRequest.objects.filter(expires_at__gt=now).order_by("expires_at", "pk")
    for row in opened.filter(state=State.APPROVED, asked_by=actor.id)[:MOST]:
        yield _item(row, _("A file with names was approved: make it"))
    for row in opened.filter(state=State.ASKED).exclude(asked_by=actor.id)[:MOST]:
        if may_approve(actor, row):
            yield _item(row, _("A colleague asks you to approve a file with names"))


def _item(row: NamedFileRequest, text: str) -> WorkItem:
    there = reverse("list_files:request", args=[row.reference])
    return WorkItem(text, there, Urgency.DUE, due=row.expires_at)

"""What "My work" shows of exclusions: what a second person has to agree to."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.exclusions import (
    ASKED,
    REVIEW,
    REVIEWING,
    exclusions_that_hold,
    late_exclusions,
    rows_for_officer,
    to_confirm,
)
from marfa.apps.registry.models import RecordExclusion
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.protection import MOST
from marfa.apps.registry.visibility import about_people_where
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role


def work_items_of(user: User) -> Iterable[WorkItem]:
    """For who works with the person: what others decided or ask; that it is about an exclusion
    stands behind the link alone. For the data-protection officer: what nobody confirmed in time."""
    actor = actor_of(user)
    if REVIEWING & actor.role_names:
        yield from (_of_record(row) for row in _to_decide(actor))
    if Role.DATA_PROTECTION_OFFICER in actor.role_names and late_exclusions().exists():
        for row in rows_for_officer(actor)[:MOST]:
            text = _("A block from a record was not confirmed in time")
            there = reverse("unconfirmed:list")
            yield WorkItem(text, there, Urgency.URGENT, due=row.confirm_by)


def _to_decide(actor: Actor) -> list[RecordExclusion]:
    rows = exclusions_that_hold().filter(to_confirm(actor))
    if not rows.exists():
        return []
    seen = about_people_where(visibility_condition(PERSON, actor, REVIEW, ASKED))
    return list(rows.filter(seen).order_by("confirm_by", "pk")[:MOST])


def _of_record(row: RecordExclusion) -> WorkItem:
    return WorkItem(
        text=_("A colleague asks for a joint decision"),
        url=reverse("people:exclusions", args=[row.person.reference]),
        urgency=Urgency.URGENT,
        due=None if row.confirmed_at else row.confirm_by,
    )

"""What "My work" shows of the duties to children."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.cases.models import Case
from marfa.apps.children.models import Duty, DutyStep
from marfa.apps.children.outside import left_to_outside
from marfa.apps.children.queries import duties_to_end, known_duties, live
from marfa.apps.manifest import Desk, Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of, desks_of
from marfa.domain.codes import format_code

MOST = 50


def duties_of(user: User) -> Iterable[WorkItem]:
    """The running clocks of the children of one's own cases, those of which one was told, what
    a colleague asks to end, and what nobody in the team did, for who is outside of it."""
    if Desk.PROTECTION not in desks_of(user):
        return
    actor = actor_of(user)
    told = DutyStep.objects.filter(duty=OuterRef("pk"), told=user.pk)
    mine = Case.objects.filter(person=OuterRef("person"), state=Case.State.OPEN, worker=user.pk)
    rows = known_duties(actor).filter(live(), Q(Exists(told)) | Q(Exists(mine)))
    for row in rows.order_by("due_at", "pk")[:MOST]:
        late = _("A child was not referred in time")
        text = late if row.is_late else _("A child has to be referred")
        urgency = Urgency.URGENT if row.is_late or row.danger else Urgency.DUE
        there = reverse("children:child", args=[row.person.reference])
        yield _about(row, text, there, urgency, due=row.due_at)
    for row in duties_to_end(actor)[:MOST]:
        text = _("A colleague asks to end the duty to a child")
        there = reverse("children:end", args=[row.person.reference])
        yield _about(row, text, there, Urgency.DUE, since=row.asked_at)
    yield from left_to_outside(user, actor)


def _about(duty: Duty, text: Promise | str, url: str, urgency: Urgency, **when: Any) -> WorkItem:
    site = duty.person.site
    return WorkItem(
        text,
        url,
        urgency,
        about=format_code(duty.person.code),
        where=site.name if site else "",
        zone=site.time_zone if site else "",
        **when,
    )

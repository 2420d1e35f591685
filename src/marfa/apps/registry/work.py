"""What "My work" shows of the registry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person, Protection
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.protection import ASKED, MOST, PROTECTING
from marfa.apps.registry.visibility import about_people_where
from marfa.domain.codes import format_code
from marfa.platform import clock
from marfa.safeguards.charter.visibility import visibility_condition


def work_about(
    person: Person,
    site: Site,
    text: Promise | str,
    url: str,
    urgency: Urgency,
    *,
    due: datetime | None = None,
    since: datetime | None = None,
    by: date | None = None,
) -> WorkItem:
    """It shows the person's code and the site, so that rows can be told apart: for who finds both
    on the page to which it leads. Times are those of the site."""
    return WorkItem(
        text,
        url,
        urgency,
        due,
        since,
        about=format_code(person.code),
        where=site.name,
        zone=site.time_zone,
        by=by,
    )


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Under "My work" of who stays with protected people: what is to be looked at again, and what
    somebody else asked; that it is about protection stands behind the link alone."""
    actor = actor_of(user)
    if not actor.role_names & PROTECTING:
        return
    today = clock.now().date()
    asked = Q(asked_by__isnull=False) & ~Q(asked_by=actor.id)
    rows = Protection.objects.filter(asked | Q(review_on__lte=today), ended_at=None)
    if not rows.exists():
        return
    seen = about_people_where(
        visibility_condition(PERSON, actor, "people.protect", ASKED) & Q(protected=True)
    )
    found = rows.filter(seen).select_related("person").order_by("review_on", "pk")
    for row in found[:MOST]:
        yield _item(row, today)


def _item(row: Protection, today: date) -> WorkItem:
    asked = row.asked_by is not None
    return WorkItem(
        text=_("A colleague asks for a joint decision")
        if asked
        else _("A decision is due for review"),
        url=reverse("people:protection", args=[row.person.reference]),
        urgency=Urgency.URGENT if asked or row.review_on < today else Urgency.DUE,
    )

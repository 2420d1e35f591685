"""The last rung of every ladder: what nobody in the team did comes to somebody outside it.

Other apps name the rung of their ladders and know of no roster. It is asked of the clock alone, so
that it is seen also where no worker ran.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.children.deadlines import DUTY, OUTSIDE
from marfa.apps.children.models import Duty, DutyContact
from marfa.apps.children.roster import contacts_at
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.models import Site
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND, PERSON
from marfa.apps.registry.work import work_about
from marfa.platform import clock
from marfa.platform.deadlines.kinds import kinds_with_step
from marfa.platform.deadlines.queries import open_deadlines
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role

MOST = 50


def left_to_outside(user: User, actor: Actor) -> Iterable[WorkItem]:
    """What reached the last rung at the sites for which somebody is outside the team, of people of
    whom they may know: one line a person, by what is due longest."""
    now = clock.now()
    sites = sites_outside(user, actor, now)
    if not sites:
        return
    known = Person.objects.filter(visibility_condition(PERSON, actor), site__in=sites)
    due: dict[UUID, datetime] = {}
    late = open_deadlines().filter(_at_last_rung(now), about_kind=KIND)
    late = late.filter(about_id__in=known.values("pk"))
    for key, at in late.values_list("about_id", "due_at"):
        if key is not None and len(due) < MOST:
            due.setdefault(key, at)
    owed = set(Duty.objects.filter(person__in=due, current=True).values_list("person", flat=True))
    people = known.select_related("site").in_bulk(list(due))
    for key, person in sorted(people.items(), key=lambda each: due[each[0]]):
        page = "children:child" if key in owed else "people:person"
        text = _("No one in the team did what was due for this person")
        there = reverse(page, args=[person.reference])
        assert person.site is not None  # noqa: S101 - the filter asks for it
        yield work_about(person, person.site, text, there, Urgency.URGENT, due=due[key])


def sites_outside(user: User, actor: Actor, at: datetime) -> list[Site]:
    """Sites at whose last rung somebody is told: whom the roster names so and who is on duty; where
    it names nobody, focal points."""
    named = DutyContact.objects.filter(outside=True, ended_at=None, user__is_active=True)
    own = Site.objects.filter(pk__in=named.filter(user=user).values("site"))
    found = [site for site in own if user.pk in contacts_at(site, at, outside=True)]
    if Role.FOCAL_POINT in actor.role_names:
        found += Site.objects.exclude(pk__in=named.values("site"))
    return found


def _at_last_rung(now: datetime) -> Q:
    """Deadlines of all apps whose last rung was reached; that of the duty names who was told."""
    reached = Q(pk__in=[])
    for name, after in kinds_with_step(OUTSIDE).items():
        if name != DUTY.name:
            reached |= Q(kind=name, due_at__lte=now - after)
    return reached

"""Who is told when a clock runs out. The week, holidays and roster of a site say only this."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from marfa.apps.accounts.models import User
from marfa.apps.cases.models import Case
from marfa.apps.children.deadlines import DUE, OUTSIDE, SUPERVISOR
from marfa.apps.children.models import Duty, DutyContact, SiteHoliday
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.object_access import assigned_users
from marfa.apps.organisations.queries import actor_of, grants_in_force
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND, PERSON
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.words import Role

HOLIDAY = "0"


def is_on_duty(contact: DutyContact, site: Site, at: datetime) -> bool:
    """Whether a contact is there at a moment, by the clocks, the week and the holidays of the
    site. Hours that go over midnight belong to the day on which they begin."""
    local = at.astimezone(ZoneInfo(site.time_zone))
    hour, day = local.hour, local.date()
    begins, ends = contact.from_hour, contact.until_hour
    if begins > ends and hour < ends:
        day = day.fromordinal(day.toordinal() - 1)
    elif not (begins == ends or begins <= hour < ends or (begins > ends and hour >= begins)):
        return False
    holiday = SiteHoliday.objects.filter(site=site, day=day).exists()
    return (HOLIDAY if holiday else str(day.isoweekday())) in contact.weekdays


def contacts_at(site: Site, at: datetime, *, outside: bool) -> list[UUID]:
    """The first contact of a roster who is on duty and all who share that place; where nobody is on
    duty, everybody on it: a night without a rota is no reason that nobody hears."""
    rows = DutyContact.objects.filter(
        site=site, outside=outside, ended_at=None, user__is_active=True
    )
    ordered = list(rows.order_by("place", "pk"))
    there = [row for row in ordered if is_on_duty(row, site, at)]
    first = [row for row in there if row.place == there[0].place] or ordered
    return [row.user_id for row in first]


def told_of(duty: Duty, step: str, at: datetime, before: Iterable[UUID]) -> list[UUID]:
    """Who hears of a rung. Only who may know of the child: of a protected one those who stay.

    before: who was told of earlier rungs; the last one is somebody else, as long as there is one.
    """
    person = Person.objects.select_related("site").get(pk=duty.person_id)
    wanted = _wanted(person, step, at)
    earlier = set(before)
    if step == OUTSIDE:
        others = [group for group in wanted if set(group) - earlier]
        wanted = [[key for key in group if key not in earlier] for group in others] or wanted
    for group in wanted:
        if found := _who_may_know(group, person):
            return found
    return _who_may_know(assigned_users(KIND, person.pk), person)


def _wanted(person: Person, step: str, at: datetime) -> list[list[UUID]]:
    """Groups of people, the next where nobody of the one before may know of the child."""
    site = person.site
    roster = contacts_at(site, at, outside=False) if site else []
    workers = Case.objects.filter(person=person, state=Case.State.OPEN, worker__isnull=False)
    responsible = [key for key in workers.values_list("worker", flat=True) if key]
    supervisors = _holders(person, Role.SUPERVISOR)
    focal = _holders(person, Role.FOCAL_POINT)
    if step == DUE:
        return [[*responsible, *roster], supervisors, focal]
    if step == SUPERVISOR:
        return [[*supervisors, *roster], focal]
    beyond = contacts_at(site, at, outside=True) if site else []
    return [beyond, focal, _holders(person, Role.SUPERVISOR, everywhere=True), supervisors]


def _holders(person: Person, role: Role, *, everywhere: bool = False) -> list[UUID]:
    """Who holds a role where a person is; everywhere: for the whole organisation alone."""
    at = Q(site=None) if everywhere else Q(site=None) | Q(site=person.site_id)
    held = grants_in_force().filter(at, role=role, organisation=person.organisation_id)
    return list(held.order_by("pk").values_list("user_id", flat=True))


def _who_may_know(keys: Iterable[UUID], person: Person) -> list[UUID]:
    users = {each.pk: each for each in User.objects.filter(pk__in=list(keys), is_active=True)}
    resource = PERSON.resource(person)
    return [
        key
        for key in dict.fromkeys(keys)
        if key in users and decide(actor_of(users[key]), "people.see", resource, {}).allowed
    ]

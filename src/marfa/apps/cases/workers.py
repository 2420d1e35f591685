"""Who may be made the worker of a case, and how many each has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import ngettext

from marfa.apps.accounts.models import User
from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.models import Case
from marfa.apps.organisations.object_access import assigned_users, objects_shut_to
from marfa.apps.organisations.queries import actor_of, grants_in_force
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND, PERSON
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.words import Role

WORKING = frozenset({Role.CASE_WORKER, Role.SUPERVISOR})
"""Who works on cases."""


@dataclass(frozen=True)
class Worker:
    """Somebody who may be made responsible. cases: how many open cases they have."""

    user: User
    cases: int

    @property
    def said(self) -> str:
        """Name and caseload, for a list to choose from."""
        count = ngettext("%(n)d open case", "%(n)d open cases", self.cases) % {"n": self.cases}
        # Whatever the script of the name (FIRST STRONG ISOLATE).
        return f"\u2068{self.user.display_name}\u2069 · {count}"


def may_work(actor: Actor, person: Person) -> bool:
    """Whether somebody could read a case of a person, once they are assigned: who works on cases,
    where the charter lets them. Who could not is never made responsible for one."""
    if not WORKING & actor.role_names:
        return False
    facts = PERSON.resource(person).facts
    others = facts["assigned"]
    known = others if isinstance(others, frozenset) else frozenset()
    assigned = frozenset({*(key for key in known if isinstance(key, UUID)), actor.id})
    resource = Resource("Case", person.pk, {**facts, "assigned": assigned})
    asked = {"on_record": True, "purpose": PURPOSE.value}
    return decide(actor, "cases.read", resource, asked).allowed


def workers_for(case: Case) -> list[Worker]:
    """Case workers and supervisors of the organisation who are not shut out of the person, those
    with the fewest open cases first. At the site or for the whole organisation."""
    at = Q(site=None) | Q(site=case.site_id)
    held = grants_in_force().filter(at, role__in=list(WORKING), organisation=case.organisation_id)
    users = User.objects.filter(is_active=True, pk__in=held.values("user_id"))
    found = [user for user in users if not _shut_out(user, case)]
    counted = dict(
        Case.objects.filter(state=Case.State.OPEN, worker__in=[user.pk for user in found])
        .values_list("worker")
        .annotate(n=Count("pk"))
    )
    workers = [Worker(user, counted.get(user.pk, 0)) for user in found]
    return sorted(workers, key=lambda each: (each.cases, each.user.display_name))


def workers_for_all(cases: Iterable[Case]) -> list[Worker]:
    """Who may be made responsible for every one of some cases, the fewest open cases first."""
    found: dict[UUID, Worker] | None = None
    for case in cases:
        here = {each.user.pk: each for each in workers_for(case)}
        found = here if found is None else {key: found[key] for key in found if key in here}
    return list((found or {}).values())


def successor_for(case: Case, *, by: UUID) -> User | None:
    """Who becomes responsible for a case at once, when who was may not read it any more: whoever
    decided that, who works with the person already, a supervisor of the place, and of several the
    one with the fewest open cases. Of a protected person nobody hears for it: then it is one of
    those who stay, or None. by: key of who decided."""
    known = assigned_users(KIND, case.person_id)
    near = [] if case.person.protected else workers_for(case)
    here = {each.user.pk for each in near}
    staying = User.objects.filter(is_active=True, pk__in=known).exclude(pk__in=here)
    found = [*near, *(Worker(user, 0) for user in staying)]
    found = [each for each in found if may_work(actor_of(each.user), case.person)]
    leading = set(_leading(case))

    def rank(each: Worker) -> tuple[bool, bool, bool, int, str]:
        key = each.user.pk
        return (key != by, key not in known, key not in leading, each.cases, each.user.display_name)

    return min(found, key=rank).user if found else None


def _leading(case: Case) -> Iterable[UUID]:
    at = Q(site=None) | Q(site=case.site_id)
    held = grants_in_force().filter(at, role=Role.SUPERVISOR, organisation=case.organisation_id)
    return held.values_list("user_id", flat=True)


def _shut_out(user: User, case: Case) -> bool:
    shut = objects_shut_to(user.pk, [case.organisation_id], KIND)
    return shut.filter(object_id=case.person_id).exists()

"""Cases without a worker, or with one who may not read them any more.

A role ends, an account is blocked, somebody is shut out of the person: nothing tells the case, so
that it is asked of the rows whenever somebody looks.

It says of all cases in the words of the database what the charter says of one (``cases.read``); a
test holds that both agree.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from marfa.apps.accounts.models import User
from marfa.apps.cases.models import Case
from marfa.apps.organisations.models import Exclusion, RoleGrant
from marfa.apps.organisations.object_access import (
    assignments_in_force,
    exclusions_in_force,
    openings_in_force,
)
from marfa.apps.organisations.queries import grants_in_force
from marfa.apps.organisations.workplaces import grants_at
from marfa.apps.registry.policy_facts import KIND
from marfa.platform import clock
from marfa.platform.once import find_once
from marfa.safeguards.words import Role

WORKER, PERSON = OuterRef("worker"), OuterRef("person_id")
"""Of the case, as seen by the rows that are asked about it."""
MANY = 1000
"""From so many cases in doubt on, all are asked in one question."""


def unassigned_condition() -> Q:
    """The condition on cases."""
    return Q(worker=None) | (_in_doubt() & ~_works())


def unheld_of(cases: QuerySet[Case]) -> Q:
    """The condition on these cases, however many. Mostly few of them are in doubt, which two looks
    by an index tell: the whole condition is long, and only those are asked about it."""
    doubtful = _in_doubt_of(cases)
    if len(doubtful) >= MANY:
        return unassigned_condition()
    asked = Case.objects.filter(unassigned_condition(), pk__in=doubtful, worker__isnull=False)
    lost = list(asked.values_list("pk", flat=True)) if doubtful else []
    return Q(worker=None) | Q(pk__in=lost) if lost else Q(worker=None)


def _in_doubt_of(cases: QuerySet[Case]) -> set[UUID]:
    """Which of these may be so, up to MANY: see ``_in_doubt``. Of who was shut out by name only
    their own cases. The looks are made with lists: a database that does not know how few they are
    goes through all cases."""
    others = User.objects.exclude(pk__in=_case_workers()).exclude(pk__in=_standing_in())
    theirs = cases.filter(worker__in=list(others.values_list("pk", flat=True)))
    shut: set[tuple[UUID, UUID | None]] = set(_ever_shut_out().values_list("object_id", "user_id"))
    near = cases.filter(person__in={person for person, _user in shut}, worker__isnull=False)
    found = set(theirs.values_list("pk", flat=True)[:MANY])
    for key, person, worker in near.values_list("pk", "person_id", "worker"):
        if (person, None) in shut or (person, worker) in shut:
            found.add(key)
    return found


def unheld_open() -> Q:
    """The condition on all open cases."""
    return find_once("unheld_open", lambda: unheld_of(Case.objects.filter(state=Case.State.OPEN)))


def is_unheld(case: Case) -> bool:
    """Whether one case is, as it is stored now."""
    rows = Case.objects.filter(pk=case.pk)
    if not rows.filter(Q(worker=None) | _in_doubt()).exists():
        return False
    return rows.filter(unassigned_condition()).exists()


def _in_doubt() -> Q:
    """What may be so: whoever is responsible is no case worker, or somebody was ever shut out of
    the person, which ends assignments."""
    works = Q(worker__in=_case_workers()) | Q(worker__in=_standing_in())
    return ~works | Q(person__in=_ever_shut_out())


def _case_workers() -> QuerySet[RoleGrant, Any]:
    return _own().filter(role=Role.CASE_WORKER).values("user")


def _standing_in() -> QuerySet[RoleGrant, Any]:
    return _lent().filter(role=Role.CASE_WORKER).values("delegations__to")


def _ever_shut_out() -> QuerySet[Exclusion, Any]:
    """People from whom somebody is or was shut out."""
    return Exclusion.objects.filter(object_kind=KIND).values("object_id")


def _works() -> Q:
    """Whoever is responsible may read the case."""
    assigned = Q(Exists(assignments_in_force(KIND).filter(user=WORKER, object_id=PERSON)))
    helps, leads = _holds(_as_case_worker()), _holds(_as_supervisor())
    open_to_leader = assigned | Q(person__protected=False)
    return ~_shut_out() & ((assigned & helps) | (leads & open_to_leader))


def _holds(place: Q) -> Q:
    """They hold a role, of their own or lent to them."""
    own, lent = _own().filter(user=WORKER), _lent(to=WORKER)
    return Q(Exists(own.filter(place))) | Q(Exists(lent.filter(place)))


def _as_case_worker() -> Q:
    """Of whose organisation the person is, or to which the record is open."""
    opened = openings_in_force(KIND).filter(object_id=OuterRef(PERSON))
    there = Q(organisation=OuterRef("organisation_id"))
    return Q(role=Role.CASE_WORKER) & (there | Q(organisation__in=opened.values("organisation")))


def _as_supervisor() -> Q:
    """Where the person is."""
    return Q(role=Role.SUPERVISOR) & grants_at(
        organisation=OuterRef("organisation_id"),
        site=OuterRef("person__site_id"),
        team=OuterRef("person__team_id"),
    )


def _shut_out() -> Q:
    """By name, by a team to which they ever belonged, or with everybody of a place of theirs."""
    who = OuterRef(WORKER)
    places = Q()
    for held in (_own().filter(user=who), _lent(to=who)):
        for place in ("organisation", "team"):
            places |= Q(**{f"{place}__in": held.exclude(**{place: None}).values(place)})
    met = Q(user=WORKER) | Q(team__memberships__user=WORKER) | places
    return Q(Exists(exclusions_in_force(KIND).filter(met, object_id=PERSON)))


def _own() -> QuerySet[RoleGrant]:
    return grants_in_force().filter(user__is_active=True)


def _lent(**whom: object) -> QuerySet[RoleGrant]:
    """Roles whose holders lend them now."""
    now = clock.now()
    lent = {"starts_at__lte": now, "ends_at__gt": now, "to__is_active": True, **whom}
    return _own().filter(**{f"delegations__{name}": value for name, value in lent.items()})

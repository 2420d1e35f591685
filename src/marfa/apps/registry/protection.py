"""Questions about protection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from marfa.apps.accounts.models import User
from marfa.apps.organisations.object_access import assigned_users
from marfa.apps.organisations.queries import grants_in_force
from marfa.apps.registry.models import Person, Protection
from marfa.apps.registry.policy_facts import KIND, PERSON
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.words import Purpose, Role

PROTECTING = frozenset({Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT})
"""Nobody else has anything to do with protection, so that most pages ask nothing."""

ASKED: dict[str, Value] = {"on_record": True, "purpose": Purpose.ASSISTANCE.value}
MOST = 20


def may_protect(actor: Actor, resource: Resource) -> bool:
    """Whether the charter lets an actor protect a person, or look after their protection."""
    return decide(actor, "people.protect", resource, ASKED).allowed


def protection_of(person: Person) -> Protection:
    """The row of a protection that holds. Raises InputError where there is none."""
    row = Protection.objects.filter(person=person, ended_at=None).select_related("person__site")
    found = row.first()
    if found is None:
        raise InputError.at(Message("apps.registry:not-protected"))
    return found


@dataclass(frozen=True)
class Colleagues:
    """staying: assigned, and the charter shows them the person, protected or not. possible: it
    would, if they were assigned."""

    staying: list[User]
    possible: list[User]


def colleagues_of(person: Person) -> Colleagues:
    """Who stays with a person and who may; as many queries for many colleagues as for few."""
    held = grants_in_force().filter(organisation=person.organisation_id, role__in=PROTECTING)
    roles: dict[User, set[HeldRole]] = defaultdict(set)
    for grant in held.filter(user__is_active=True).select_related("user"):
        place = (grant.organisation_id, grant.site_id, grant.team_id)
        roles[grant.user].add(HeldRole(Role(grant.role), *place))
    resource = PERSON.resource(person)
    seeing = [user for user, their in roles.items() if _would_see(user, their, resource)]
    seeing.sort(key=lambda user: (user.display_name, user.pk))
    assigned = assigned_users(KIND, person.pk)
    return Colleagues(
        [user for user in seeing if user.pk in assigned],
        [user for user in seeing if user.pk not in assigned],
    )


def _would_see(user: User, roles: Iterable[HeldRole], resource: Resource) -> bool:
    """Whether the charter would show a person to somebody, were both assigned and protected."""
    facts = {**resource.facts, "protected": True, "assigned": frozenset({user.pk})}
    actor = Actor(user.pk, ActorKind.PERSON, frozenset(roles))
    return decide(actor, "people.see", Resource(KIND, resource.id, facts), {}).allowed

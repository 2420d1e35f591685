"""Who may verify a claimed relationship: not who wrote it down, if there is anybody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from marfa.apps.accounts.models import User
from marfa.apps.organisations.queries import grants_in_force
from marfa.apps.registry.models import Person, Relationship
from marfa.apps.registry.policy_facts import PERSON, record_of
from marfa.apps.registry.purposes import purposes_of
from marfa.platform.revisions.models import Revision
from marfa.platform.revisions.queries import label_of
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.words import Purpose, Role

SETTLED = ("basis", "state")
"""What is written of a claim when somebody settles it."""

WORKING = frozenset({Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR})
"""Nobody else changes anything of a person."""


def claimed_by(row: Relationship) -> object:
    """Key of whoever wrote a claim down."""
    first = Revision.objects.filter(model=label_of(Relationship), object_id=row.pk, version=1)
    return first.values_list("actor_id", flat=True).first()


def others_who_settle(row: Relationship, but: UUID) -> list[User]:
    """Who else may settle a claim, by name; as many queries for many colleagues as for few."""
    held = grants_in_force().filter(organisation=row.organisation_id, role__in=WORKING)
    roles: dict[User, set[HeldRole]] = defaultdict(set)
    for grant in held.filter(user__is_active=True).exclude(user=but).select_related("user"):
        place = (grant.organisation_id, grant.site_id, grant.team_id)
        roles[grant.user].add(HeldRole(Role(grant.role), *place))
    ends = PERSON.resources(Person.objects.filter(pk__in=[row.person_id, row.to_id]))
    said = record_of(ends[row.person_id], Relationship, SETTLED)
    found = [user for user, their in roles.items() if _settles(user, their, ends.values(), said)]
    return sorted(found, key=lambda user: (user.display_name, user.pk))


def _settles(
    user: User, roles: Collection[HeldRole], ends: Collection[Resource], said: Resource
) -> bool:
    """Whether the charter lets somebody change both people and write this, for one purpose."""
    actor = Actor(user.pk, ActorKind.PERSON, frozenset(roles))

    def allows(purpose: Purpose) -> bool:
        context = {"on_record": True, "purpose": purpose.value}
        asked = [*(("people.change", end) for end in ends), ("records.write", said)]
        return all(decide(actor, action, each, context).allowed for action, each in asked)

    return any(allows(purpose) for purpose in purposes_of(actor))

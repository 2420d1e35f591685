"""Scopes of a search by name. The charter decides on each hit again."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from marfa.apps.name_search.protocol import Scope
from marfa.apps.name_search.searchers import SEEING
from marfa.apps.organisations.object_access import assignments_in_force, openings_in_force
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose, Role

MOST_ALSO = 5000
NOBODY = UUID(int=0)


def scopes_of(actor: Actor) -> list[Scope]:
    """One for each organisation: its sites where the actor sees people, and who else is theirs by
    assignment or was opened to them."""
    sites: dict[UUID, set[UUID] | None] = {}
    for held in actor.roles:
        if held.role in SEEING:
            known = sites.setdefault(held.organisation, set())
            if held.site is None:
                sites[held.organisation] = None
            elif known is not None:
                known.add(held.site)
    also = _also(actor)
    return [
        Scope(
            organisation,
            None if (there := sites.get(organisation, set())) is None else frozenset(there),
            frozenset(also.get(organisation, ())),
        )
        for organisation in sorted({*sites, *also}, key=str)
    ]


def purpose_of(actor: Actor) -> Purpose:
    """What somebody looks for people for, by their role."""
    names = actor.role_names
    if Role.RECEPTION_OFFICER in names:
        return Purpose.REGISTRATION
    return Purpose.ASSISTANCE if names & SEEING else Purpose.EVIDENCE


def _also(actor: Actor) -> dict[UUID, set[UUID]]:
    assigned = assignments_in_force(KIND).filter(user_id=actor.id)
    opened = openings_in_force(KIND).filter(organisation_id__in=list(actor.organisations))
    # By their keys: with both questions in one condition PostgreSQL reads everybody.
    keys = {
        key
        for rows in (assigned, opened)
        for key in rows.values_list("object_id", flat=True)[:MOST_ALSO]
    }
    rows = Person.objects.filter(pk__in=[*keys, NOBODY])
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for key, organisation in rows.values_list("pk", "organisation_id")[:MOST_ALSO]:
        found[organisation].add(key)
    return found

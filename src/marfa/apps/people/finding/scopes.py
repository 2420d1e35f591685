"""Where somebody may look for people by name. The charter decides on each who is found again."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from marfa.apps.finding.spoken import Scope
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.objects import assignments_in_force, openings_in_force
from marfa.apps.organisations.queries import controller
from marfa.apps.people.models import Person
from marfa.apps.people.standing import KIND
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose, Role

SEEING = frozenset({Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT})
"""Roles that see who is at their place."""

FINDING = SEEING | {Role.INVESTIGATOR}
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


def organisation_of(actor: Actor) -> UUID | None:
    """For whom somebody searches; None where they hold no role that does."""
    found = sorted({held.organisation for held in actor.roles if held.role in FINDING}, key=str)
    return found[0] if found else None


def owner_of(actor: Actor) -> Organisation:
    """The organisation for whom somebody searches; the controller where they hold no such role."""
    found = organisation_of(actor)
    return Organisation.objects.get(pk=found) if found else controller()


def site_of(actor: Actor) -> UUID | None:
    """Where they search, where that is one place."""
    found = {held.site for held in actor.roles if held.role in FINDING}
    return found.pop() if len(found) == 1 else None


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

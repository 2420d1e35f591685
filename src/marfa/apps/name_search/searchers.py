"""For whom somebody searches, and where."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.queries import data_controller
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Role

SEEING = frozenset({Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT})
"""Roles that see who is at their place."""

FINDING = SEEING | {Role.INVESTIGATOR}


def organisation_of(actor: Actor) -> UUID | None:
    """For whom somebody searches; None where they hold no role that does."""
    found = sorted({held.organisation for held in actor.roles if held.role in FINDING}, key=str)
    return found[0] if found else None


def owner_of(actor: Actor) -> Organisation:
    """The organisation for whom somebody searches; the controller where they hold no such role."""
    found = organisation_of(actor)
    return Organisation.objects.get(pk=found) if found else data_controller()


def site_of(actor: Actor) -> UUID | None:
    """Where they search, where that is one place."""
    found = {held.site for held in actor.roles if held.role in FINDING}
    return found.pop() if len(found) == 1 else None

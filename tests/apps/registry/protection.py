"""Protecting people in tests: who stays, and for how long."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from marfa.apps.accounts.models import User
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions.protection import (
    ask_to_unprotect,
    protect_person,
    unprotect_person,
)
from marfa.apps.registry.models import Person, Protection
from marfa.platform import clock

WHY = "Her uncle asks for her at every gate."
MONTH = timedelta(days=30)
STAYING = ("colleague", "focal")


def called(*usernames: str) -> list[User]:
    return [User.objects.get(username=name) for name in usernames]


def protect(
    person: Person, *, by: str = "supervisor", staying: Collection[str] = STAYING
) -> Protection:
    """Protect somebody, with people of the demonstration who stay."""
    person.refresh_from_db()
    return protect_person(
        actor=actor_of(*called(by)),
        person=person,
        reason=WHY,
        review_on=clock.now().date() + MONTH,
        staying=called(*staying),
    )


def unprotect(person: Person, *, asked: str = "colleague", by: str = "focal") -> None:
    """Take a protection away: one asks, another does it."""
    person.refresh_from_db()
    ask_to_unprotect(actor=actor_of(*called(asked)), person=person, why="She wishes it.")
    unprotect_person(actor=actor_of(*called(by)), person=person)

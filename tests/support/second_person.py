"""Whoever publishes a form that a supervisor added."""

from __future__ import annotations

from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.safeguards.actor import Actor
from tests.conftest import Operation


def second_person(operation: Operation) -> Actor:
    """The administrator of the operation."""
    return actor_of(operation.desks[Desk.ADMINISTRATION])

"""Rows that a test writes as if an action wrote them."""

from __future__ import annotations

from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.event import Event
from marfa.safeguards.words import Purpose


def act_of(actor: Actor, purpose: Purpose = Purpose.ASSISTANCE) -> Act:
    """What somebody does, decided by nothing and told to nobody."""
    return Act(Event(action="test", actor=actor, purpose=purpose))

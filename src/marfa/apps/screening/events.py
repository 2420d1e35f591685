"""What screening tells the apps above it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marfa.platform.events import Event


@dataclass(frozen=True)
class HandedOver(Event):
    """A person was handed over to protection."""

    hand_over: UUID


@dataclass(frozen=True)
class TakenUp(Event):
    """Somebody of protection took a person up."""

    hand_over: UUID
    person: UUID
    taken_by: UUID

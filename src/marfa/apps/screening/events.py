"""What screening tells the apps above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marfa.platform.events import Event


@dataclass(frozen=True)
class HandedOver(Event):
    """A person was handed over to protection."""

    hand_over: UUID


@dataclass(frozen=True)
class Hastened(Event):
    """What a talk found was raised after the person had been taken up: it is more urgent now.

    since: from when it counts. by: who raised it.
    """

    hand_over: UUID
    person: UUID
    urgency: str
    since: datetime
    by: UUID


@dataclass(frozen=True)
class TakenUp(Event):
    """Somebody of protection took a person up."""

    hand_over: UUID
    person: UUID
    taken_by: UUID


@dataclass(frozen=True)
class OutcomeKnown(Event):
    """What a talk found is known, or is another from now on."""

    person: UUID

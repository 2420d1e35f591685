"""Events of disclosures, for the apps above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marfa.platform.events import Event


@dataclass(frozen=True)
class SharingsEnded(Event):
    """What some disclosures rested on holds no more: consent was taken back, the agreement or the
    recipient ended, or who answered for a child may not. sharings: their keys."""

    sharings: tuple[UUID, ...]

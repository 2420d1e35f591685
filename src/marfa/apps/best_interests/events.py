"""Events of best interests, for the apps above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marfa.platform.events import Event


@dataclass(frozen=True)
class DeterminationDecided(Event):
    """A matter of a child was decided; what stood on it before is replaced."""

    determination: UUID
    person: UUID

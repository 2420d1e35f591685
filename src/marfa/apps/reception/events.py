"""Events of reception, for the apps above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marfa.platform.events import Event


@dataclass(frozen=True)
class ReasonToScreenRaised(Event):
    """There is a reason to screen somebody. It only ever raises: that there is none is told to
    nobody. reason: key of the row, which whoever may read it opens with the person's key."""

    person: UUID
    reason: UUID

"""Events of reception, for the apps above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marfa.platform.events import Event


@dataclass(frozen=True)
class ReasonToScreenRaised(Event):
    """There is a reason to screen somebody. It only ever raises: that there is none is told to
    nobody. reason: key of the row, which whoever may read it opens with the person's key."""

    person: UUID
    reason: UUID


@dataclass(frozen=True)
class RaisedWithoutReason(Event):
    """Somebody is to be seen sooner, and nothing says why. urgency: a code. since: from when it
    counts. by: who raised it."""

    person: UUID
    urgency: str
    since: datetime
    by: UUID

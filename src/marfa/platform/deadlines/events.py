"""Events of deadlines."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from marfa.platform.events import Event


@dataclass(frozen=True)
class StepOfDeadline(Event):
    """A deadline that is still open has reached a step of its ladder.

    at: when the step was due; earlier than now where nothing ran for a while.
    """

    deadline: uuid.UUID
    kind: str
    step: str
    subject: uuid.UUID
    responsible: uuid.UUID | None
    at: datetime

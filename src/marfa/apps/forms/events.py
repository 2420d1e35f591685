"""What happens to forms that came in, told to the apps above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marfa.platform.events import Event


@dataclass(frozen=True)
class SubmissionAccepted(Event):
    """A form that came in was accepted by a person: its answers may become records now.

    A listener opens it with ``queries.answers_of`` and, where it makes or finds the person, calls
    ``hand_over``.
    """

    submission: UUID
    accepted_by: UUID

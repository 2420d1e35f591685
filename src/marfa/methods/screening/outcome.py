"""The two axes of an outcome. Neither is a probability, neither is a legal finding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Indication(IntEnum):
    """What was seen so far. There is no value that says "not a victim"."""

    NONE_SEEN = 0
    AT_RISK = 1
    PRESUMED_VICTIM = 2

    @property
    def code(self) -> str:
        return ("none-seen-so-far", "at-risk", "presumed-victim")[self]


class Urgency(IntEnum):
    """How soon the next step is due."""

    ROUTINE = 0
    DAYS = 1
    NOW = 2

    @property
    def code(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One value on each axis. Outcomes are joined, never averaged: joining can only raise."""

    indication: Indication = Indication.NONE_SEEN
    urgency: Urgency = Urgency.ROUTINE

    def join(self, other: Outcome) -> Outcome:
        """The higher value on each axis."""
        return Outcome(
            max(self.indication, other.indication),
            max(self.urgency, other.urgency),
        )

    def __le__(self, other: Outcome) -> bool:
        return self.indication <= other.indication and self.urgency <= other.urgency

    def as_json(self) -> dict[str, str]:
        return {"indication": self.indication.code, "urgency": self.urgency.code}


NONE_SEEN = Outcome()

"""Events of referrals, for the apps above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marfa.platform.events import Event


@dataclass(frozen=True)
class ReferralMoved(Event):
    """A referral was sent, answered or taken back, came back, or ended. Whoever did it may be a
    guest, who sees nothing else of the person."""

    referral: UUID
    person: UUID

"""Events of agreements, for the apps above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marfa.platform.events import Event


@dataclass(frozen=True)
class AgreementsEnded(Event):
    """Nothing may be given under these agreements any more. It is published within the action
    that ends them. agreements: their keys."""

    agreements: tuple[UUID, ...]

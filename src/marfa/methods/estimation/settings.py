"""What is asked of an analysis."""

from __future__ import annotations

from dataclasses import dataclass

from marfa.methods.estimation.fits import METHODS
from marfa.methods.estimation.stepwise import P_THRESHOLD

INTERVALS = ("bca", "percentile", "profile", "none")


@dataclass(frozen=True)
class Settings:
    """What was asked for.

    interval: one of INTERVALS; None gives percentile and BCa from the same replicates.
    linkage: recall and precision of the links, where a clerical sample told them.
    """

    methods: tuple[str, ...] = METHODS
    order: int = 2
    p_threshold: float = P_THRESHOLD
    interval: str | None = None
    replicates: int = 1000
    seed: int = 1
    workers: int = 1
    linkage: tuple[float, float] | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of interval wanted; none where there are to be no replicates."""
        if self.replicates <= 0 or self.interval == "none":
            return ()
        return ("percentile", "bca") if self.interval is None else (self.interval,)

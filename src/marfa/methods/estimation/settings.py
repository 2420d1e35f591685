"""What is asked of an analysis."""

from __future__ import annotations

from dataclasses import dataclass

from marfa.methods.estimation.fits import METHODS
from marfa.methods.estimation.stepwise import P_THRESHOLD

INTERVALS = ("bca", "percentile", "profile", "none")


FARTHEST = 0.9
"""With more people out of reach than this the lists say nothing of the whole."""


@dataclass(frozen=True)
class Linkage:
    """Recall and precision of the links, from a clerical sample.

    recall_checked, precision_checked: pairs looked at for each share; None where the share is
    taken as it is, without chance error.
    """

    recall: float
    precision: float = 1.0
    recall_checked: int | None = None
    precision_checked: int | None = None


@dataclass(frozen=True)
class Settings:
    """What was asked for.

    interval: one of INTERVALS; None gives percentile and BCa from the same replicates.
    unreachable: share of all people of whom no list can know; an assumption, at most FARTHEST.
    everywhere: each list is taken to work alike in all places (or inside each of the strata).
    """

    methods: tuple[str, ...] = METHODS
    order: int = 2
    p_threshold: float = P_THRESHOLD
    interval: str | None = None
    replicates: int = 1000
    seed: int = 1
    workers: int = 1
    linkage: Linkage | None = None
    unreachable: float | None = None
    everywhere: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of interval wanted; none where there are to be no replicates."""
        if self.replicates <= 0 or self.interval == "none":
            return ()
        return ("percentile", "bca") if self.interval is None else (self.interval,)

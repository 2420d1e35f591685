"""What a user may choose, the same for every detector."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Choices for a run.

    years: earlier years that are compared with; None takes the detector's own.
    alpha: probability of an alarm where nothing happens; None takes the detector's own.
    gap: newest steps that no baseline is drawn from; None takes half a year.
    start: first row of the panel that is asked about; the CUSUMs learn from all rows before it.
    r_compatible: the figures of R's package surveillance 1.24.1, its peculiarities included.
    least: an alarm needs that many cases in the newest ``within`` steps; None takes five in four
        weeks where the detector has this rule.
    """

    years: int | None = None
    alpha: float | None = None
    gap: int | None = None
    start: int | None = None
    r_compatible: bool = False
    least: int | None = None
    within: int | None = None

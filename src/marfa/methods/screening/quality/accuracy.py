"""Sensitivity and specificity of screening against a reference decision, with intervals.

The reference is the decision after an individual assessment. A person whom screening did not
settle counts neither as flagged nor as cleared: the rates are given without those people, and
bounded by what they could have been.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from marfa.methods.screening.outcome import Indication
from marfa.methods.screening.quality.intervals import Interval, clopper_pearson
from marfa.methods.screening.result import Result


class Decision(StrEnum):
    """What screening said. OPEN: nothing seen so far, but an open answer could change it."""

    FLAGGED = "flagged"
    NOT_FLAGGED = "not-flagged"
    OPEN = "open"


def decision(result: Result) -> Decision:
    """What a result says. Raises ValueError for a checklist, which says nothing of the kind."""
    if result.outcome is None:
        raise ValueError("a checklist gives no outcome to hold against a reference")
    if result.outcome.indication > Indication.NONE_SEEN:
        return Decision.FLAGGED
    worst = result.worst or result.outcome
    could_rise = worst.indication > Indication.NONE_SEEN
    return Decision.OPEN if could_rise else Decision.NOT_FLAGGED


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Rates among people with a reference decision; None where nobody is there to count.

    *_bounds: the lowest and the highest rate over all ways in which the open ones could fall.
    """

    sensitivity: Interval | None
    specificity: Interval | None
    sensitivity_bounds: tuple[float, float] | None
    specificity_bounds: tuple[float, float] | None
    cases: int
    others: int
    open: int


def accuracy(
    people: Iterable[tuple[Decision, bool]],
    confidence: float = 0.95,
    interval: Callable[[int, int, float], Interval] = clopper_pearson,
) -> Accuracy:
    """Error rates of a screening.

    people: what screening said, and whether the reference decision found a victim.
    interval: `clopper_pearson` (exact) or `wilson`.
    """
    counts = Counter(people)

    def rate(hit: Decision, miss: Decision, case: bool) -> Interval | None:
        hits, misses = counts[hit, case], counts[miss, case]
        return interval(hits, hits + misses, confidence) if hits + misses else None

    def bounds(hit: Decision, case: bool) -> tuple[float, float] | None:
        total = sum(counts[decision, case] for decision in Decision)
        if not total:
            return None
        hits, waiting = counts[hit, case], counts[Decision.OPEN, case]
        return hits / total, (hits + waiting) / total

    flagged, cleared = Decision.FLAGGED, Decision.NOT_FLAGGED
    return Accuracy(
        sensitivity=rate(flagged, cleared, True),
        specificity=rate(cleared, flagged, False),
        sensitivity_bounds=bounds(flagged, True),
        specificity_bounds=bounds(cleared, False),
        cases=sum(counts[decision, True] for decision in Decision),
        others=sum(counts[decision, False] for decision in Decision),
        open=counts[Decision.OPEN, True] + counts[Decision.OPEN, False],
    )

"""Disparity audit: do results differ by group? Looked at afterwards, never fed into a score.

A difference is no proof of bias, since groups can differ in what happened to them; it is a
reason to look at questions, interpreters and officers. Small groups are left out altogether:
counted among the others, they could be worked out from the differences that are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from marfa.methods.screening.quality.intervals import Interval, newcombe, wilson

SMALLEST = 10


@dataclass(frozen=True, slots=True)
class GroupRate:
    """One group against all other groups that are shown.

    rate: share of the group with the property. difference: that share minus the share of the
    others, with an interval widened for the number of groups that are compared.
    """

    group: str
    people: int
    rate: Interval
    difference: Interval

    @property
    def stands_out(self) -> bool:
        """Whether the interval of the difference leaves zero out."""
        return self.difference.lower > 0 or self.difference.upper < 0


def audit(
    people: Iterable[tuple[str, bool]], confidence: float = 0.95, smallest: int = SMALLEST
) -> list[GroupRate]:
    """Rates by group, in alphabetical order.

    people: each person's group, and whether the property holds: flagged, left open, missed,
    referred in time. smallest: groups with fewer people are left out, since they could point
    at persons; put small groups together under one name to keep their people.
    The confidence is divided among the groups (Bonferroni), so that about one audit in twenty
    shows any difference where there is none.
    """
    totals: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for group, holds in people:
        totals[group] += 1
        hits[group] += holds
    shown = sorted(group for group, total in totals.items() if total >= smallest)
    if len(shown) < 2:
        return []
    everybody = sum(totals[group] for group in shown)
    all_hits = sum(hits[group] for group in shown)
    shared = 1 - (1 - confidence) / len(shown)
    return [
        GroupRate(
            group,
            totals[group],
            wilson(hits[group], totals[group], confidence),
            newcombe(
                hits[group],
                totals[group],
                all_hits - hits[group],
                everybody - totals[group],
                shared,
            ),
        )
        for group in shown
    ]

"""What a kept result said, for a study: also of a checklist, which gives no outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from marfa.methods.screening.quality.accuracy import Decision

CHECKLIST = "checklist"
"""The one rule of a checklist: any sign on it flags."""
_NONE = "none-seen-so-far"


def decision_kept(kept: Mapping[str, Any]) -> Decision:
    """Of a result as ``views.full`` wrote it. A checklist flags whoever has a sign on it.

    Where nothing is seen so far and an open answer could change that, it is open.
    """
    outcome, worst = kept.get("outcome"), kept.get("worst_case")
    if outcome is None:
        fired = any(part["fired"] for part in _dimensions(kept))
        waits = any(part["open"] for part in _dimensions(kept))
    else:
        fired = outcome["indication"] != _NONE
        waits = worst is not None and worst["indication"] != _NONE
    if fired:
        return Decision.FLAGGED
    return Decision.OPEN if waits else Decision.NOT_FLAGGED


def _dimensions(kept: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return (part for profile in kept.get("profiles", ()) for part in profile["dimensions"])


def rules_kept(kept: Mapping[str, Any]) -> frozenset[str]:
    """Which rules of a list flag somebody; of a checklist, that there is a sign at all."""
    found = {one["rule"] for profile in kept.get("profiles", ()) for one in profile["rules"]}
    if kept.get("outcome") is None and decision_kept(kept) is Decision.FLAGGED:
        found.add(CHECKLIST)
    return frozenset(found)

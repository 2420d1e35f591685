"""Deadlines: what has to be looked at again, and what a second person has to decide."""

from __future__ import annotations

from datetime import timedelta

from marfa.platform.deadlines.kinds import Step, deadline_kind

SOON = timedelta(days=3)
"""How long before a day of review whoever is responsible hears of it."""
OUTSIDE = timedelta(hours=24)
"""After which somebody outside the team hears that nobody looked."""
TO_DECIDE = timedelta(hours=72)
"""Within which a panel, or a second person, decides."""

REVIEW = deadline_kind(
    "best_interests.review",
    Step("due", -SOON),
    Step("supervisor"),
    Step("outside", OUTSIDE),
)
DECISION = deadline_kind(
    "best_interests.decision",
    Step("due"),
    Step("supervisor", OUTSIDE),
    Step("outside", 2 * OUTSIDE),
)

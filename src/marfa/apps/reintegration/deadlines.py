"""When a plan is looked at again. The last step of the ladder is somebody outside the team."""

from __future__ import annotations

from datetime import timedelta

from marfa.platform.deadlines.kinds import Step, deadline_kind

SOON = timedelta(days=3)
"""How long before its day a step or a review stands under "My work"."""
CLIMBS = timedelta(days=7)
"""A step that is this much too late is the supervisor's as well."""
LATEST = timedelta(days=92)
"""How long a plan may go without being looked at again."""

REVIEW = deadline_kind(
    "reintegration.review",
    Step("due", -SOON),
    Step("supervisor"),
    Step("outside", timedelta(hours=24)),
)

"""The deadlines of children in care. The last step of each ladder is somebody outside the team."""

from __future__ import annotations

from datetime import timedelta

from marfa.platform.deadlines.kinds import Step, deadline_kind

CLIMBS, OUTSIDE = timedelta(hours=24), timedelta(hours=48)
LADDER = (Step("due"), Step("supervisor", CLIMBS), Step("outside", OUTSIDE))

REVIEW = deadline_kind("alternative_care.review", *LADDER)
"""One for each child in a place, from the first day to the last: it is due when the vetting of the
place runs out, so that no job has to find that out."""
VISIT = deadline_kind("alternative_care.visit", *LADDER)

SETTLED_WITHIN = timedelta(hours=72)
"""Within which an emergency placement is agreed on and the place vetted, or the child moves."""
REVIEWED = {
    "emergency": timedelta(days=14),
    "short": timedelta(days=90),
    "lasting": timedelta(days=180),
}
"""When a placement is looked at again, where nobody says another day."""
LONGEST_REVIEW = timedelta(days=366)
"""No look is put off for longer: a slip in a year is seen at once."""
FIRST_VISIT, NEXT_VISIT = timedelta(days=7), timedelta(days=30)
LONGEST_IN_DOUBT = timedelta(days=7)
"""For how long at most a review lets a child stay with a caregiver who is in doubt."""

"""The alarm of a detention, and the clock of the hand-over to civilian child protection."""

from __future__ import annotations

from datetime import timedelta

from marfa.platform.deadlines.kinds import Step, deadline_kind

SUPERVISOR, OUTSIDE = timedelta(hours=4), timedelta(hours=24)
"""Elapsed time after which the supervisors, and then somebody outside the team, hear of it."""
LADDER = (Step("due"), Step("supervisor", SUPERVISOR), Step("outside", OUTSIDE))
ALARM = deadline_kind("detention.alarm", *LADDER)
"""Of each detention that is not over. What is due is a look at it: at once after it was recorded,
then by the day that the last review named. Whoever is due, it stays open until it is over."""
HAND_OVER = deadline_kind("detention.hand_over", *LADDER)
"""Of a stay with whoever is armed, until the person is elsewhere."""
CHILD_DAYS, ADULT_DAYS = 7, 14
"""The latest day of the next review, from the last one on."""


def days_to_review(*, is_child: bool) -> int:
    """How many days there may be between two reviews."""
    return CHILD_DAYS if is_child else ADULT_DAYS

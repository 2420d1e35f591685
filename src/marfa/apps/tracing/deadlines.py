"""The deadlines of tracing. The last step of each ladder is somebody outside the team."""

from __future__ import annotations

from datetime import datetime, timedelta

from marfa.domain.message import InputError, Message
from marfa.platform.deadlines.kinds import Step, deadline_kind

CLIMBS, OUTSIDE = timedelta(hours=24), timedelta(hours=48)
"""What is this much too late is the supervisor's as well, and then that of somebody outside."""
LADDER = (Step("due"), Step("supervisor", CLIMBS), Step("outside", OUTSIDE))

ENQUIRY = deadline_kind("tracing.enquiry", *LADDER)
VERIFY = deadline_kind("tracing.verify", *LADDER)
VISIT = deadline_kind("tracing.visit", *LADDER)

LOOKED_AT = timedelta(days=3)
"""Within which an enquiry is looked at, whoever it is about."""
VERIFIED_WITHIN = timedelta(days=14)
"""Within which who says to be a relative is verified or refuted."""
REVIEW = timedelta(days=90)
"""When a decision is looked at again, where nobody says another day."""
LONGEST_REVIEW = timedelta(days=366)
"""No decision waits longer for its review: a slip in a year is seen at once."""
VISITS = (timedelta(days=30), timedelta(days=90), timedelta(days=180))
"""When a child is visited after a reunification, where nobody plans other days."""
FEWEST_VISITS = 3


def review_on(said: datetime | None, now: datetime) -> datetime:
    """When what is proposed now is looked at again. said: the day that somebody chose, if any.
    Raises InputError for one that is past or too far."""
    found = said or now + REVIEW
    if not now < found <= now + LONGEST_REVIEW:
        raise InputError.at(Message("apps.tracing:review-past"), field="review")
    return found


def review_after(planned: datetime, now: datetime) -> datetime:
    """When what is decided now is looked at again: as planned, or counted anew where the answer
    came only after that."""
    return planned if planned > now else now + REVIEW

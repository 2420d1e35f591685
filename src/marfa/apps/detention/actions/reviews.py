"""A look at a detention, which names the day of the next."""

from __future__ import annotations

from datetime import date, timedelta

from marfa.apps.cases.action_base import change_case_row, clean_text, create_case_row
from marfa.apps.detention.actions.base import (
    columns_of,
    detention_action,
    is_child,
    raise_alarm,
    today_of,
)
from marfa.apps.detention.clocks import ALARM, days_to_review
from marfa.apps.detention.models import Detention, DetentionReview
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline
from marfa.platform.moments import end_of_day
from marfa.safeguards.actor import Actor


def review_detention(
    *, actor: Actor, row: Detention, found: str, next_on: date | None
) -> DetentionReview:
    """Write down what a look at it found, and the day of the next: within a week for a child, two
    weeks else. There is no answer that lets it go on, and none that ends the alarm.

    Raises InputError without words, without a next day, and for one that is too far away.
    """
    said = clean_text(found, field="found", needed=True)
    with detention_action(actor, row, "review") as act:
        child, today = is_child(row), today_of(row)
        most = days_to_review(is_child=child)
        if next_on is None or not today < next_on <= today + timedelta(days=most):
            raise InputError.at(
                Message("apps.detention:next-review", {"days": most}), field="next_on"
            )
        days = {"is_child": child, "next_on": next_on}
        review = DetentionReview(
            **columns_of(row), held_on=today, at=clock.now(), by=actor.id, **days
        )
        create_case_row(act, review, found=said)
        change_case_row(act, row, is_child=child, looked_on=today, review_on=next_on)
        meet_deadline(kind=ALARM, subject=row.pk)
        raise_alarm(row, end_of_day(next_on, row.case.site.time_zone))
    return review

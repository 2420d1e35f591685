"""What the actions share: for children alone, days of review, and the decision by a second one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from marfa.apps.best_interests.deadlines import REVIEW
from marfa.apps.best_interests.policy_facts import DECIDE, decision_of
from marfa.apps.cases.action_base import PURPOSE, lock_case
from marfa.apps.cases.models import Case
from marfa.apps.registry.care import somebody_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import set_deadline
from marfa.platform.deadlines.kinds import DeadlineKind
from marfa.platform.moments import end_of_day
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

LATEST = timedelta(days=366)
"""How long anything about a child may go without being looked at again."""


def today_at(case: Case) -> date:
    """The day at the site of a case."""
    return clock.today(case.site.time_zone)


def is_child(case: Case) -> bool:
    """Whether the person is treated as a child today: in doubt, yes."""
    return somebody_of(case.person).is_child(today_at(case))


def must_be_child(case: Case) -> None:
    """Raises InputError for an adult. What is open when a child turns 18 stays, and is ended."""
    if not is_child(case):
        raise InputError.at(Message("apps.best_interests:no-child"))


def check_review(
    day: date | None, today: date, *, field: str = "review_on", most: timedelta = LATEST
) -> date:
    """The day of a review: given, after today, and within a time. Raises InputError."""
    if day is None or not today < day <= today + most:
        said = Message("apps.best_interests:review-day", {"most": most.days})
        raise InputError.at(said, field=field)
    return day


@contextmanager
def deciding(
    actor: Actor, case: Case, key: UUID, step: str, *, prepared_by: Collection[UUID]
) -> Iterator[Act]:
    """A decision by another than who prepared it. Raises DeniedError."""
    with (
        open_vault(),
        action(
            actor=actor,
            code=DECIDE,
            purpose=PURPOSE,
            resource=decision_of(case.person, key, prepared_by=prepared_by),
            subject=case.person_id,
        ) as act,
    ):
        act.note(step=step)
        lock_case(case)
        yield act


def review_by(row: Any, case: Case, *, kind: DeadlineKind = REVIEW) -> None:
    """Let the time run until a row is looked at again, after the end of its day."""
    set_deadline(
        kind=kind,
        subject=row.pk,
        due_at=end_of_day(row.review_on, case.site.time_zone),
        owner=owner_of(row),
        responsible=case.worker,
    )

"""Deadlines: overdue by the clock alone, each step of a ladder once, through any downtime."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marfa.platform import clock, events, moments
from marfa.platform.deadlines import queries
from marfa.platform.deadlines.actions import (
    EscalationError,
    climb_ladder,
    climb_ladders,
    hand_over,
    meet_deadline,
    set_deadline,
    withdraw_deadline,
)
from marfa.platform.deadlines.events import StepOfDeadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.deadlines.models import Deadline, StepReached
from marfa.platform.events import listen_to
from marfa.platform.rowsecurity.ownership import INSTALLATION

DUE = datetime(2024, 3, 1, 12, tzinfo=UTC)
SUBJECT = uuid.UUID(int=7)
REVIEW = deadline_kind(
    "tests.review",
    Step("supervisor"),
    Step("reminder", timedelta(hours=-24)),
    Step("coordinator", timedelta(hours=48)),
)


@pytest.fixture(autouse=True)
def heard(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[StepOfDeadline]]:
    monkeypatch.setattr(events, "_listeners", {})
    found: list[StepOfDeadline] = []
    listen_to(StepOfDeadline)(found.append)
    with clock.set_to(DUE - timedelta(days=7)):
        yield found


def at(**parts: float) -> None:
    """Time passes to so long after the deadline, and the worker looks."""
    with clock.set_to(DUE + timedelta(**parts)):
        climb_ladders()


def steps(heard: list[StepOfDeadline]) -> list[str]:
    return [event.step for event in heard]


def test_overdue_shows_where_no_worker_ran() -> None:
    made = set_deadline(kind=REVIEW, subject=SUBJECT, due_at=DUE, owner=INSTALLATION)
    with clock.set_to(DUE - timedelta(seconds=1)):
        assert not queries.overdue_deadlines().exists()
        assert queries.due_within(timedelta(hours=1)).get() == made
    with clock.set_to(DUE):
        assert queries.overdue_deadlines().get() == made
        assert not queries.due_within(timedelta(hours=1)).exists()
    assert not StepReached.objects.exists()


def test_a_ladder_is_climbed_step_by_step(heard: list[StepOfDeadline]) -> None:
    set_deadline(kind=REVIEW, subject=SUBJECT, due_at=DUE, owner=INSTALLATION)
    for hours, expected in (
        (-25, 0),
        (-24, 1),
        (-23, 1),
        (0, 2),
        (0, 2),
        (47, 2),
        (48, 3),
        (99, 3),
    ):
        at(hours=hours)
        assert len(heard) == expected, hours
    assert steps(heard) == ["reminder", "supervisor", "coordinator"]
    assert heard[0].at == DUE - timedelta(hours=24)


def test_after_two_days_of_downtime_each_step_comes_once_and_in_order(
    heard: list[StepOfDeadline],
) -> None:
    set_deadline(kind=REVIEW, subject=SUBJECT, due_at=DUE, owner=INSTALLATION)
    at(hours=-25)
    at(hours=49)
    at(hours=49)
    assert steps(heard) == ["reminder", "supervisor", "coordinator"]
    late = StepReached.objects.get(step="reminder")
    assert late.reached_at - late.at == timedelta(hours=73)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(looks=st.lists(st.integers(-100, 200), max_size=12), due=st.integers(0, 8784))
def test_whenever_the_worker_looks_each_step_comes_once(
    heard: list[StepOfDeadline], looks: list[int], due: int
) -> None:
    """Hours of a leap year at which anything ran at all, in order."""
    heard.clear()
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=due)
    subject = uuid.uuid4()
    set_deadline(kind=REVIEW, subject=subject, due_at=moment, owner=INSTALLATION)
    for hours in sorted(looks):
        with clock.set_to(moment + timedelta(hours=hours)):
            climb_ladders()
    last = max(looks, default=-1000)
    wanted = [("reminder", -24), ("supervisor", 0), ("coordinator", 48)]
    found = [event.step for event in heard if event.subject == subject]
    assert found == [step for step, hours in wanted if hours <= last]


def test_what_is_met_or_withdrawn_climbs_no_further(heard: list[StepOfDeadline]) -> None:
    other = uuid.uuid4()
    set_deadline(kind=REVIEW, subject=SUBJECT, due_at=DUE, owner=INSTALLATION)
    set_deadline(kind=REVIEW, subject=other, due_at=DUE, owner=INSTALLATION)
    at(hours=-24)
    assert meet_deadline(kind=REVIEW, subject=SUBJECT)
    assert not meet_deadline(kind=REVIEW, subject=SUBJECT)
    assert withdraw_deadline(kind=REVIEW, subject=other)
    at(hours=100)
    assert steps(heard) == ["reminder", "reminder"]
    with clock.set_to(DUE + timedelta(days=9)):
        assert not queries.overdue_deadlines().exists()


def test_a_new_date_replaces_the_old_one_and_has_its_own_ladder(
    heard: list[StepOfDeadline],
) -> None:
    first = set_deadline(kind=REVIEW, subject=SUBJECT, due_at=DUE, owner=INSTALLATION)
    assert set_deadline(kind=REVIEW, subject=SUBJECT, due_at=DUE, owner=INSTALLATION) == first
    at(hours=-24)
    second = set_deadline(
        kind=REVIEW, subject=SUBJECT, due_at=DUE + timedelta(days=3), owner=INSTALLATION
    )
    assert second.replaces_id == first.pk
    assert queries.open_deadlines().get() == second
    assert [row.pk for row in queries.of_subject(SUBJECT)] == [first.pk, second.pk]
    at(hours=49)
    assert steps(heard) == ["reminder", "reminder"], "the new date is reminded of as well"


def test_one_kind_of_deadline_is_open_once_for_a_record() -> None:
    made = set_deadline(kind=REVIEW, subject=SUBJECT, due_at=DUE, owner=INSTALLATION)
    made.pk = uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_the_database_refuses_a_step_twice() -> None:
    made = set_deadline(kind=REVIEW, subject=SUBJECT, due_at=DUE, owner=INSTALLATION)
    at(hours=-24)
    with pytest.raises(IntegrityError), transaction.atomic():
        StepReached.objects.create(deadline=made, step="reminder", at=DUE, reached_at=DUE)


def test_a_ladder_that_fails_holds_up_no_other_and_is_climbed_later(
    heard: list[StepOfDeadline],
) -> None:
    broken, sound = uuid.uuid4(), uuid.uuid4()
    for subject in (broken, sound):
        set_deadline(kind=REVIEW, subject=subject, due_at=DUE, owner=INSTALLATION)
    failing = True

    @listen_to(StepOfDeadline)
    def refuse(event: StepOfDeadline) -> None:
        if failing and event.subject == broken:
            raise ValueError("Canary Al-Hidden")

    with pytest.raises(EscalationError, match="1 ladders"):
        at(hours=-24)
    assert StepReached.objects.get().deadline.subject == sound
    failing = False
    at(hours=-23)
    assert {row.deadline.subject for row in StepReached.objects.all()} == {sound, broken}


def test_a_deadline_keeps_the_ladder_with_which_it_was_set() -> None:
    made = set_deadline(kind=REVIEW, subject=SUBJECT, due_at=DUE, owner=INSTALLATION)
    Deadline.objects.filter(pk=made.pk).update(ladder=[["director", 60.0]], next_step_at=DUE)
    with clock.set_to(DUE + timedelta(minutes=1)):
        assert climb_ladder(deadline=made.pk) == 1
    assert StepReached.objects.get().step == "director"


def test_whose_it_is() -> None:
    amal, samir = uuid.uuid4(), uuid.uuid4()
    made = set_deadline(
        kind=REVIEW, subject=SUBJECT, due_at=DUE, responsible=amal, owner=INSTALLATION
    )
    assert hand_over(deadline=made.pk, responsible=samir)
    assert not queries.of_person(amal).exists()
    assert queries.of_person(samir).get().due_at == DUE


def test_seven_days_in_beirut_end_an_hour_early_in_march() -> None:
    """Clocks go forward on 31 March 2024, so the seventh midnight comes after 167 hours."""
    start = moments.end_of_day(date(2024, 3, 27), "Asia/Beirut")
    due = moments.days_later(start, 7, "Asia/Beirut")
    set_deadline(kind=REVIEW, subject=SUBJECT, due_at=due, owner=INSTALLATION)
    with clock.set_to(clock.advance(start, hours=167)):
        assert queries.overdue_deadlines().exists()
    with clock.set_to(clock.advance(start, hours=166, minutes=59)):
        assert not queries.overdue_deadlines().exists()


def test_kinds_are_named_apart() -> None:
    assert deadline_kind(REVIEW.name, *REVIEW.ladder) == REVIEW
    with pytest.raises(ValueError, match="already"):
        deadline_kind("tests.review", Step("other"))
    with pytest.raises(ValueError, match="one name"):
        deadline_kind("tests.twice", Step("a"), Step("a", timedelta(1)))
    with pytest.raises(ValueError, match="time zone"):
        set_deadline(kind=REVIEW, subject=SUBJECT, due_at=datetime(2024, 3, 1), owner=INSTALLATION)  # noqa: DTZ001

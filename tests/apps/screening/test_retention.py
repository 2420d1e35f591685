"""How long a talk is kept: a year by itself where it found nothing, else with the person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from marfa.apps.cases.actions import presume_victim
from marfa.apps.privacy.retention import apply_retention, period_of
from marfa.apps.screening.actions import (
    answer_lowering,
    ask_to_lower,
    hand_over,
    put_off,
    raise_outcome,
    record_danger,
    stop_screening,
)
from marfa.apps.screening.models import DangerStep, HandOver, OutcomeChange, Screening
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor, ActorKind
from tests.apps.screening.test_interview import ADULT, Office
from tests.conftest import Operation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def nights(days: int) -> None:
    """So many days later the night takes what is past its period."""
    period = period_of("no_indication")
    assert period is not None
    with clock.set_to(clock.now() + period + timedelta(days=days)):
        apply_retention(actor=Actor(new_id(), ActorKind.JOB))


def raised(desk: Office, row: Screening) -> OutcomeChange:
    return raise_outcome(
        actor=desk.officer,
        screening=row,
        indication="at_risk",
        urgency="days",
        sentence="She was locked in",
    )


def raised_and_lowered(desk: Office, row: Screening) -> None:
    raised(desk, row)
    change = ask_to_lower(
        actor=desk.officer,
        screening=row,
        indication="none_seen",
        urgency="routine",
        sentence="Another person",
    )
    answer_lowering(actor=desk.supervisor, change=change, agree=True)


def handed_over(desk: Office, row: Screening) -> HandOver:
    return hand_over(actor=desk.officer, screening=row, ground=HandOver.Ground.AGREED)


def in_danger(desk: Office, row: Screening) -> DangerStep:
    done = "Walked her to the clinic"
    return record_danger(actor=desk.officer, screening=row, kind="medical", done=done)


def presumed(desk: Office, row: Screening) -> None:
    presume_victim(actor=desk.supervisor, person=row.person, ground="screening", screening=row)


def test_a_talk_that_found_nothing_goes_after_a_year(desk: Office) -> None:
    desk.finished(cd_papers="no")
    desk.person = desk.register(ADULT)
    put_off(actor=desk.officer, screening=desk.sit_down(), declined=True)
    stop_screening(actor=desk.officer, screening=desk.sit_down())
    nights(-1)
    assert Screening.objects.count() == 3
    nights(1)
    assert not Screening.objects.exists()


def test_a_talk_that_found_something_stays(desk: Office) -> None:
    row = desk.finished(cd_papers="yes")
    nights(1)
    assert Screening.objects.get() == row


def test_another_talk_of_the_same_day_takes_nothing_along(desk: Office) -> None:
    with clock.set_to(clock.now().replace(hour=9)):
        row = desk.finished(cd_papers="yes")
    with clock.set_to(clock.now().replace(hour=10)):
        desk.finished(cd_papers="no")
    nights(1)
    assert row in Screening.objects.all()


@pytest.mark.parametrize("step", [raised, raised_and_lowered, handed_over, in_danger, presumed])
def test_a_talk_on_which_something_rests_stays(
    desk: Office, step: Callable[[Office, Screening], object]
) -> None:
    row = desk.finished(cd_papers="no")
    step(desk, row)
    nights(1)
    assert Screening.objects.get() == row


@pytest.mark.parametrize("step", [handed_over, in_danger])
def test_so_does_one_that_ended_early_after_it(
    desk: Office, step: Callable[[Office, Screening], object]
) -> None:
    row = desk.asking()
    step(desk, row)
    stop_screening(actor=desk.officer, screening=row, forget=True)
    nights(1)
    assert Screening.objects.get() == row

"""Deadlines, ticks and mails together, through days without power; nothing is lost or doubled."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage

import pytest

from marfa.platform import clock, events, moments
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.deadlines.events import StepOfDeadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.events import listen_to
from marfa.platform.jobs.worker import Worker
from marfa.platform.outbox.mail import CARRIER, MAIL, Letter, register_letter
from marfa.platform.rowsecurity.ownership import INSTALLATION

pytestmark = pytest.mark.django_db(transaction=True)

BEIRUT = "Asia/Beirut"
AMAL = uuid.UUID(int=1)
VISIT = deadline_kind("tests.visit", Step("reminder", timedelta(hours=-24)), Step("supervisor"))


class Box(list[EmailMessage]):
    """Mails that were sent, in their order."""

    def send(self, message: EmailMessage) -> None:
        self.append(message)


@register_letter("tests.deadline-step")
def deadline_step(*, deadline: uuid.UUID) -> Letter:
    return Letter(to="amal@mail.example", subject=str(deadline), text="Something is due.")


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Box:
    sent = Box()
    monkeypatch.setattr(CARRIER, "transport", sent)
    monkeypatch.setattr(CARRIER, "sender", "marfa@mail.example")
    monkeypatch.setattr(events, "_listeners", {})

    @listen_to(StepOfDeadline)
    def tell(event: StepOfDeadline) -> None:
        MAIL.post("tests.deadline-step", lane=AMAL, owner=INSTALLATION, deadline=event.deadline)

    return sent


def day_of_work(day: date) -> None:
    """The machine runs from 9:00 to 9:40 by the clock on the wall, and looks every ten minutes."""
    begin = moments.instant_on_day(day, time(9), BEIRUT)
    for minutes in range(0, 41, 10):
        with clock.set_to(begin + timedelta(minutes=minutes)):
            Worker().work(until_empty=True)


# A leap day, the day in March on which clocks go forward, the day in October on which they go back.
@pytest.mark.parametrize("middle", [date(2024, 2, 29), date(2024, 3, 31), date(2024, 10, 27)])
def test_two_days_of_downtime(box: Box, middle: date) -> None:
    first = middle - timedelta(days=3)
    down = {middle - timedelta(days=1), middle}
    with clock.set_to(moments.instant_on_day(first, time(8), BEIRUT)):
        made = [
            set_deadline(
                kind=VISIT,
                subject=uuid.uuid4(),
                due_at=moments.instant_on_day(first + timedelta(days=number), time(9, 5), BEIRUT),
                owner=INSTALLATION,
            )
            for number in range(1, 6)
        ]
    for number in range(8):
        day = first + timedelta(days=number)
        if day not in down:
            day_of_work(day)
    subjects = [mail["Subject"] for mail in box]
    assert sorted(subjects) == sorted(2 * [str(deadline.pk) for deadline in made])


def test_what_was_met_in_time_reminds_nobody(box: Box) -> None:
    start = datetime(2024, 2, 26, 7, tzinfo=UTC)
    subject = uuid.uuid4()
    with clock.set_to(start):
        set_deadline(
            kind=VISIT, subject=subject, due_at=start + timedelta(days=3), owner=INSTALLATION
        )
        Worker().work(until_empty=True)
        assert meet_deadline(kind=VISIT, subject=subject)
    for number in range(6):
        day_of_work(date(2024, 2, 26) + timedelta(days=number))
    assert box == []

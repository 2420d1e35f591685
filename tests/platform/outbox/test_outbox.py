"""What leaves: nothing that was rolled back, everything that was committed, in its order."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.db import transaction

from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.arguments import NotAnIdentifierError
from marfa.platform.jobs import schedules
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.worker import Worker
from marfa.platform.outbox.delivery import (
    dead_parcels,
    prune_parcels,
    retry_parcel,
    sweep_destinations,
)
from marfa.platform.outbox.mail import CARRIER, MAIL, Letter, register_letter
from marfa.platform.outbox.models import Parcel
from marfa.platform.rowsecurity.ownership import INSTALLATION

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
AMAL, SAMIR = uuid.UUID(int=1), uuid.UUID(int=2)
ADDRESSES = {AMAL: "amal@mail.example", SAMIR: "samir@mail.example"}


class FakeTransport:
    """Keeps what it was given; fails for addresses it is told to."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.failing: set[str] = set()

    def send(self, message: EmailMessage) -> None:
        if message["To"] in self.failing:
            raise ConnectionError(f"no way to {message['To']}")
        self.sent.append(message)

    def subjects(self, to: uuid.UUID) -> list[str]:
        return [mail["Subject"] for mail in self.sent if mail["To"] == ADDRESSES[to]]


@register_letter("tests.note")
def note(*, user: uuid.UUID, number: int) -> Letter | None:
    """A mail of the tests; the number 0 is no longer needed."""
    if number == 0:
        return None
    return Letter(to=ADDRESSES[user], subject=str(number), text="Something waits for you.")


@pytest.fixture(autouse=True)
def transport(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTransport]:
    fake = FakeTransport()
    monkeypatch.setattr(CARRIER, "transport", fake)
    monkeypatch.setattr(CARRIER, "sender", "marfa@mail.example")
    monkeypatch.setattr(schedules, "_schedules", {})
    with clock.set_to(START):
        yield fake


def post(user: uuid.UUID, number: int) -> uuid.UUID:
    with transaction.atomic():
        return MAIL.post("tests.note", lane=user, owner=INSTALLATION, user=user, number=number)


def work() -> None:
    Worker().work(until_empty=True)


def test_what_was_committed_is_sent_and_what_was_rolled_back_is_not(
    transport: FakeTransport,
) -> None:
    with contextlib.suppress(RuntimeError), transaction.atomic():
        MAIL.post("tests.note", lane=AMAL, owner=INSTALLATION, user=AMAL, number=1)
        raise RuntimeError
    post(AMAL, 2)
    work()
    assert transport.subjects(AMAL) == ["2"]
    work()
    assert len(transport.sent) == 1
    assert set(Parcel.objects.values_list("state", flat=True)) == {Parcel.State.SENT}


def test_a_row_names_records_and_nothing_else(transport: FakeTransport) -> None:
    post(AMAL, 1)
    row = Parcel.objects.values().get()
    assert row["arguments"] == {"user": str(AMAL), "number": 1}
    assert "mail.example" not in str(row)
    with pytest.raises(NotAnIdentifierError), transaction.atomic():
        MAIL.post("tests.note", lane=AMAL, owner=INSTALLATION, user="amal@mail.example", number=1)
    with pytest.raises(KeyError), transaction.atomic():
        MAIL.post("tests.unknown", lane=AMAL, owner=INSTALLATION)


def test_outside_a_transaction_nothing_is_posted() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        MAIL.post("tests.note", lane=AMAL, owner=INSTALLATION, user=AMAL, number=1)


def test_a_lane_keeps_its_order_and_holds_up_no_other(transport: FakeTransport) -> None:
    transport.failing = {ADDRESSES[AMAL]}
    for number in (1, 2, 3):
        post(AMAL, number)
        post(SAMIR, number)
    work()
    assert transport.subjects(SAMIR) == ["1", "2", "3"]
    assert transport.subjects(AMAL) == []
    transport.failing = set()
    with clock.set_to(START + timedelta(minutes=2)):
        work()
    assert transport.subjects(AMAL) == ["1", "2", "3"]


def test_a_parcel_that_was_committed_late_is_not_passed_over(transport: FakeTransport) -> None:
    early, late = new_id(), new_id()
    post(AMAL, 2)
    Parcel.objects.update(id=late)
    work()
    with transaction.atomic():
        MAIL.post("tests.note", lane=AMAL, owner=INSTALLATION, user=AMAL, number=1)
        Parcel.objects.filter(state=Parcel.State.WAITING).update(id=early)
    work()
    assert transport.subjects(AMAL) == ["2", "1"]


def test_what_fails_is_tried_again_and_ends_as_a_dead_letter_without_its_text(
    transport: FakeTransport,
) -> None:
    transport.failing = {ADDRESSES[AMAL]}
    made = post(AMAL, 1)
    moment = START
    for _ in range(MAIL.retry.attempts):
        assert not dead_parcels().exists()
        with clock.set_to(moment):
            work()
        moment += timedelta(hours=10)
    row = dead_parcels().get()
    assert (row.pk, row.attempts) == (made, 20)
    assert row.error.startswith("ConnectionError")
    assert "mail.example" not in row.error
    transport.failing = set()
    with clock.set_to(moment):
        post(AMAL, 2)
        work()
        assert transport.subjects(AMAL) == ["2"], "the lane goes on"
        assert retry_parcel(parcel=made)
        assert sweep_destinations() == 1
        work()
    assert transport.subjects(AMAL) == ["2", "1"]


def test_nothing_is_forgotten_where_the_job_was_lost(transport: FakeTransport) -> None:
    post(AMAL, 1)
    Job.objects.all().delete()
    work()
    assert transport.sent == []
    assert sweep_destinations() == 1
    work()
    assert transport.subjects(AMAL) == ["1"]
    assert sweep_destinations() == 0


def test_without_a_mail_server_mails_wait_and_lose_no_attempt(
    transport: FakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(CARRIER, "transport", None)
        post(AMAL, 1)
        work()
    assert Parcel.objects.get().attempts == 0
    sweep_destinations()
    work()
    assert transport.subjects(AMAL) == ["1"]


def test_what_is_no_longer_needed_is_not_sent(transport: FakeTransport) -> None:
    post(AMAL, 0)
    work()
    assert transport.sent == []
    assert Parcel.objects.get().state == Parcel.State.NEEDLESS


def test_sent_again_a_mail_says_that_it_is_the_same(transport: FakeTransport) -> None:
    made = post(AMAL, 1)
    work()
    # Power failed after the server had taken the mail and before that was noted.
    Parcel.objects.update(state=Parcel.State.WAITING)
    sweep_destinations()
    work()
    first, second = transport.sent
    assert first["Message-ID"] == second["Message-ID"]
    assert made.hex not in first["Message-ID"]


def test_what_was_sent_is_kept_a_month(transport: FakeTransport) -> None:
    post(AMAL, 1)
    work()
    with clock.set_to(START + timedelta(days=31)):
        assert prune_parcels() == 1

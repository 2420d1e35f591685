"""The list of requests: for data-protection officers, with due days and nobody's name."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.privacy.actions import receive_request, settle_request
from marfa.apps.privacy.models import DataRequest
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.safeguards.audit.models import Entry
from tests.conftest import Operation, signed_in

URL = "/desks/administration/requests/"
WAITS = "A person’s request is waiting for an answer"


@pytest.fixture
def asked(operation: Operation) -> DataRequest:
    """The one of the demonstration; GDPR art. 12(3) gives it a month."""
    made = DataRequest.objects.get()
    assert (made.due_on - made.received_on).days == 30
    return made


def home(operation: Operation, desk: Desk | None = None) -> str:
    client = operation.at(desk) if desk else signed_in(operation.officer)
    return client.get(reverse("home")).content.decode()


def test_the_list_names_kind_reference_and_day_and_no_person(
    operation: Operation, asked: DataRequest
) -> None:
    page = signed_in(operation.officer).get(URL).content.decode()
    for said in ("Access", asked.reference, "Waiting for an answer", str(asked.due_on.year)):
        assert said in page
    subject = operation.colleague
    for secret in (str(subject.pk), subject.reference, subject.display_name, subject.username):
        assert secret not in page
    told = Entry.objects.get(actor_id=operation.officer.pk, action="privacy.access")
    assert (told.outcome, told.rows, told.subject_id) == ("done", 1, None)


def test_it_waits_for_officers_alone(operation: Operation, asked: DataRequest) -> None:
    page = home(operation)
    assert f"{WAITS}: Access" in page
    assert asked.due_on.isoformat() in page
    for desk in Desk:
        assert WAITS not in home(operation, desk)


@pytest.mark.parametrize(
    ("days", "where", "state"),
    [
        (-1, "work-later", "Waiting for an answer"),
        (0, "work-today", "Due today"),
        (1, "work-overdue", "Overdue"),
    ],
)
def test_it_moves_up_on_its_day(
    operation: Operation, asked: DataRequest, days: int, where: str, state: str
) -> None:
    noon = datetime(asked.due_on.year, asked.due_on.month, asked.due_on.day, 12, tzinfo=UTC)
    with clock.set_to(noon + timedelta(days=days)):
        before = home(operation).split(WAITS)[0]
        assert re.findall(r'id="(work-[a-z]+)"', before)[-1] == where
        assert state in signed_in(operation.officer).get(URL).content.decode()


def test_what_is_answered_waits_no_more_and_stands_below(
    operation: Operation, asked: DataRequest
) -> None:
    newer = receive_request(
        actor=by_command(), subject=new_id(), kind="erasure", received_on=clock.now().date()
    )
    settle_request(actor=by_command(), request=asked, outcome="partly")
    page = signed_in(operation.officer).get(URL).content.decode()
    assert page.index(newer.reference) < page.index(asked.reference)
    assert home(operation).count(WAITS) == 1
    settle_request(actor=by_command(), request=newer, outcome="refused")
    assert WAITS not in home(operation)


def test_an_administrator_is_refused_and_the_log_knows(
    operation: Operation, asked: DataRequest
) -> None:
    assert operation.at(Desk.ADMINISTRATION).get(URL).status_code == 403
    told = Entry.objects.get(action="privacy.access", outcome="denied")
    assert told.actor_id == operation.desks[Desk.ADMINISTRATION].pk

"""The last page acts: the way to protection, and a health check for everybody, with a clock."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, Urgency, WorkItem
from marfa.apps.reception.actions.interview import finish_talk
from marfa.apps.reception.reasons import Fact
from marfa.apps.registry.actions import NewPerson
from marfa.apps.screening.actions import (
    agree_to_health_check,
    hand_over,
    put_off,
    stop_screening,
    take_up,
)
from marfa.apps.screening.actions.health import CALLED_WITHIN
from marfa.apps.screening.models import HandOver, HealthCheck, Screening, ScreeningFact
from marfa.apps.screening.work import work_items_of
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.safeguards.vault.access import open_vault
from tests.apps.reception.test_interview import begun, say
from tests.apps.screening.test_interview import Office, desk
from tests.apps.screening.test_views import CHILD, at
from tests.conftest import Operation, signed_in

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
OFFER = "A confidential health check today"
MAN = NewPerson(sex="male", born=PartialDate.gregorian(1980), basis="stated")


@pytest.fixture
def officer(operation: Operation) -> Client:
    return operation.at(Desk.RECEPTION)


def shown(client: Client, row: Screening) -> str:
    return client.get(at("one", row)).content.decode()


def waiting(user: User) -> list[WorkItem]:
    items = list(work_items_of(user))
    return [item for item in items if str(item.text).startswith("Health check today")]


def finished(desk: Office) -> Screening:
    return desk.finished()


def of_a_child(desk: Office) -> Screening:
    desk.person = desk.register(CHILD)
    return desk.finished()


def of_a_man(desk: Office) -> Screening:
    desk.person = desk.register(MAN)
    return desk.finished(cd_papers="yes")


def stopped(desk: Office) -> Screening:
    row = desk.asking()
    stop_screening(actor=desk.officer, screening=row)
    return row


def refused(desk: Office) -> Screening:
    row = desk.sit_down()
    put_off(actor=desk.officer, screening=row, declined=True)
    return row


def test_everybody_is_offered_one_and_nobody_is_asked_why(desk: Office, officer: Client) -> None:
    for ended in (finished, refused, stopped, of_a_child, of_a_man):
        offered_without_a_question(officer, ended(desk))


def offered_without_a_question(officer: Client, row: Screening) -> None:
    page = shown(officer, row)
    part = page.split(OFFER)[1].split("</form>")[0]
    assert "72 hours" in part
    assert "120 hours" in part
    assert re.findall(r"<(?:input|select|textarea)[^>]*name=\"([^\"]+)\"", part) == [
        "csrfmiddlewaretoken"
    ], "one press, and no field"
    facts = ScreeningFact.objects.count()
    assert officer.post(at("one", row), {"do": "health"}).status_code == 302
    check = HealthCheck.objects.get(screening=row)
    assert check.due_at == check.agreed_at + CALLED_WITHIN
    assert ScreeningFact.objects.count() == facts, "it is no fact of anybody"
    urgency, row.urgency = row.urgency, ""
    row.refresh_from_db()
    assert row.urgency == urgency, "and changes nothing of what was found"


def test_an_open_interview_offers_none_yet(desk: Office) -> None:
    row = desk.asking()
    with pytest.raises(InputError, match="health-after-end"):
        agree_to_health_check(actor=desk.officer, screening=row)
    assert not HealthCheck.objects.exists()


def test_it_waits_until_somebody_recorded_which_service_was_called(
    desk: Office, officer: Client, operation: Operation
) -> None:
    row = desk.finished(cd_papers="yes")
    officer.post(at("one", row), {"do": "health"})
    assert officer.post(at("one", row), {"do": "health"}).status_code == 422, "once"
    check = HealthCheck.objects.get(screening=row)
    clocked = Deadline.objects.get(subject=check.pk)
    assert (clocked.kind, clocked.due_at) == ("screening.health_check", check.due_at)
    (item,) = waiting(operation.desks[Desk.RECEPTION])
    assert (item.url, item.due, item.urgency) == (at("one", row), check.due_at, Urgency.DUE)
    empty = officer.post(at("one", row), {"do": "health_called", "called": "  "})
    assert empty.status_code == 422
    assert "Record which health service was called." in empty.content.decode()
    assert waiting(operation.desks[Desk.RECEPTION])
    sent = {"do": "health_called", "called": "Harbour clinic, at four"}
    assert officer.post(at("one", row), sent).status_code == 302
    assert not waiting(operation.desks[Desk.RECEPTION])
    assert Deadline.objects.get(subject=check.pk).state == "met"
    assert "Harbour clinic, at four" in shown(officer, row)
    check.refresh_from_db()
    assert b"Harbour" not in bytes(check.__dict__["called"]), "it is sealed"
    with open_vault():
        assert check.called == "Harbour clinic, at four"
    late = officer.post(at("one", row), {"do": "health_called", "called": "Another"})
    assert late.status_code == 422


def test_it_stands_with_those_who_arrange_help(desk: Office, operation: Operation) -> None:
    row = desk.finished(cd_papers="yes")
    agree_to_health_check(actor=desk.supervisor, screening=row)
    worker = operation.desks[Desk.PROTECTION]
    assert waiting(operation.supervisor)
    assert not waiting(operation.desks[Desk.RECEPTION]), "a colleague's, in time"
    assert not waiting(worker), "not before the person is theirs"
    made = hand_over(actor=desk.officer, screening=row, ground=HandOver.Ground.AGREED)
    take_up(actor=desk.worker, hand_over=made)
    assert [item.url for item in waiting(worker)] == [at("one", row)]
    page = shown(signed_in(worker), row)
    assert "Which health service was called" in page
    for stranger in (operation.partner, operation.outsider, operation.desks[Desk.REPORTING]):
        assert not waiting(stranger)
    sent = {"do": "health_called", "called": "The clinic"}
    assert signed_in(worker).post(at("one", row), sent).status_code == 302
    assert not waiting(worker)
    assert not waiting(operation.supervisor)


def test_one_that_is_late_is_everybodys_at_reception(desk: Office, operation: Operation) -> None:
    row = desk.finished(cd_papers="yes")
    agree_to_health_check(actor=desk.supervisor, screening=row)
    due = clock.now() - timedelta(minutes=1)
    HealthCheck.objects.filter(screening=row).update(due_at=due)
    (item,) = waiting(operation.desks[Desk.RECEPTION])
    assert item.urgency is Urgency.URGENT


def test_the_database_holds_who_and_when_together(desk: Office) -> None:
    row = desk.finished()
    check = agree_to_health_check(actor=desk.officer, screening=row)
    with pytest.raises(IntegrityError), transaction.atomic():
        HealthCheck.objects.filter(pk=check.pk).update(called_at=clock.now())


def test_what_was_found_and_the_hand_over_stand_on_the_last_page(
    desk: Office, officer: Client
) -> None:
    """Outcome, urgency, reasons, and the button with what it needs, in this order, before all
    else."""
    row = desk.finished(cd_papers="yes", ex_pay="yes")
    page = shown(officer, row).split("<main")[1]
    parts = ("How soon:", "Current assessment:", "Reasons", 'name="ground"', 'value="hand_over"')
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert places[-1] < page.index("I see it differently")
    sent = {"do": "hand_over", "ground": "agreed", "note": ""}
    assert officer.post(at("one", row), sent).status_code == 302
    assert HandOver.objects.filter(screening=row).exists()


def test_the_end_of_the_private_interview_leads_to_screening(desk: Office, officer: Client) -> None:
    for person, afraid in ((desk.person, "yes"), (desk.register(MAN), "no")):
        talk = begun(desk.officer, person)
        say(talk, desk.officer, Fact.AFRAID, stated=afraid)
        end = reverse("queue:end", args=[talk.reference])
        page = officer.post(end, {"do": "finish"}).content.decode().split("<main")[1]
        there = reverse("to_screen:go_on", args=[person.reference])
        assert f'action="{there}"' in page, "whatever was said"
        assert "Screen now" in page
        assert "/ask/" in officer.post(there).headers["Location"], "asked at once"
        assert ("<li>Fear ·" in page) == (afraid == "yes")


def test_who_said_stop_in_private_is_not_led_on(desk: Office, officer: Client) -> None:
    talk = begun(desk.officer, desk.person)
    end = reverse("queue:end", args=[talk.reference])
    assert "Screen now" not in officer.post(end, {"do": "stop"}).content.decode()
    other = begun(desk.officer, desk.register(MAN))
    finish_talk(actor=desk.officer, talk=other)
    again = officer.get(reverse("queue:end", args=[other.reference])).content.decode()
    assert "Screen now" not in again, "the page of what is over"

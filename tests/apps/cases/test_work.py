"""My work: rows that can be told apart, in the parts in which they belong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.assistance.actions.follow_up import plan_contact
from marfa.apps.cases.actions import answer_review, ask_to_close, open_case, raise_urgency
from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk
from marfa.apps.registry.actions.protection import protect_person
from marfa.domain.codes import format_code
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.assistance.test_plans import plan_form
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
MORNING = datetime(2040, 5, 7, 8, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with clock.set_to(MORNING), every_organisation():
        yield Office(operation)


def with_contact(office: Office, within: timedelta, urgency: str = "days") -> Case:
    case = open_case(
        actor=office.worker, person=office.register(), source="person", urgency=urgency
    )
    due = clock.now() + within
    plan_contact(actor=office.worker, case=case, way="in_person", due_at=due)
    return Case.objects.select_related("person", "site").get(pk=case.pk)


def home_of(user: User) -> str:
    return signed_in(user).get(reverse("home")).content.decode()


def rows(page: str) -> dict[str, list[str]]:
    """The rows of each part."""
    found = {}
    for part, body in re.findall(r'<section[^>]*"work-(\w+)">(.*?)</section>', page, re.DOTALL):
        listed = re.findall(r"<li>(.*?)</li>", body, re.DOTALL)
        found[part] = [re.sub(r"<[^>]+>", " ", each) for each in listed]
    return found


def test_each_row_says_who_where_what_and_when(office: Office, operation: Operation) -> None:
    cases = [with_contact(office, timedelta(hours=hours)) for hours in (1, 2)]
    assert office.site.time_zone != "UTC"
    with clock.set_to(MORNING + timedelta(hours=1, minutes=30)):
        found = rows(home_of(operation.desks[Desk.PROTECTION]))
    contacts = {part: [row for row in each if "contact" in row] for part, each in found.items()}
    for part, case, hours in (("overdue", cases[0], 1), ("today", cases[1], 2)):
        (row,) = contacts[part]
        at = (MORNING + timedelta(hours=hours)).astimezone(ZoneInfo(case.site.time_zone))
        for said in (format_code(case.person.code), case.site.name, f"{at:%-I:%M}"):
            assert said in row
    told = [row for each in found.values() for row in each]
    assert len(told) == len(set(told))


def test_what_cannot_wait_stands_first_and_says_that_it_is_late(
    office: Office, operation: Operation
) -> None:
    case = with_contact(office, timedelta(hours=1))
    raise_urgency(actor=office.worker, case=case, urgency="now", text="He has found her")
    with clock.set_to(MORNING + timedelta(hours=2)):
        found = rows(home_of(operation.desks[Desk.PROTECTION]))
    assert next(iter(found)) == "urgent"
    (late,) = [row for row in found["urgent"] if "contact" in row]
    assert "overdue" in late


def test_what_is_due_tomorrow_is_not_called_due_today(office: Office, operation: Operation) -> None:
    case = with_contact(office, timedelta(hours=23))
    found = rows(home_of(operation.desks[Desk.PROTECTION]))
    (row,) = [row for row in found["later"] if "contact" in row]
    assert format_code(case.person.code) in row


def test_a_case_in_which_nobody_asked_what_is_needed_is_late_from_the_next_day_on(
    office: Office, operation: Operation
) -> None:
    code = format_code(with_contact(office, timedelta(days=90)).person.code)
    for days, part in ((0, "today"), (1, "overdue"), (60, "overdue")):
        with clock.set_to(MORNING + timedelta(days=days)):
            found = rows(home_of(operation.desks[Desk.PROTECTION]))
        asked = [row for row in found[part] if "Ask what the person needs first" in row]
        assert [code in row for row in asked] == [True]


def test_no_code_of_somebody_protected_for_who_does_not_stay(
    office: Office, operation: Operation
) -> None:
    case = with_contact(office, timedelta(hours=1))
    protect_person(
        actor=office.worker,
        person=case.person,
        reason="He looks for her",
        review_on=clock.today("UTC") + timedelta(days=30),
        staying=[operation.colleague],
    )
    with clock.set_to(MORNING + timedelta(days=3)):
        for user in (operation.supervisor, operation.partner, operation.desks[Desk.RECEPTION]):
            assert format_code(case.person.code) not in home_of(user)


def test_it_asks_as_often_for_many_rows(office: Office, operation: Operation) -> None:
    client = signed_in(operation.desks[Desk.PROTECTION])

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("home")).status_code == 200
        return len(found)

    with_contact(office, timedelta(hours=1))
    with_contact(office, timedelta(hours=2))
    asked()
    few = asked()
    for _ in range(4):
        with_contact(office, timedelta(hours=1))
    assert asked() == few


def test_nothing_of_a_closed_case_is_overdue(office: Office, operation: Operation) -> None:
    """Neither its safety plan, nor a second look that nobody gave, nor an authority's decision."""
    case = office.case()
    client = signed_in(operation.desks[Desk.PROTECTION])
    plan = reverse("cases:safety_plan", args=[case.reference])
    told = plan_form(client.get(plan).content.decode(), steps="She goes to her sister")
    assert client.post(plan, {**told, "review_on": "10/05/2040"}).status_code == 302
    closed = ask_to_close(
        actor=office.worker, case=case, reason="goals_met", text="She lives with her sister"
    )
    there = reverse("cases:case", args=[case.reference])
    with clock.set_to(MORNING + timedelta(days=40)):
        page = signed_in(operation.desks[Desk.PROTECTION]).get(there).content.decode()
        assert ">overdue<" in page
    answer_review(actor=office.supervisor, review=closed, agree=True)
    with clock.set_to(MORNING + timedelta(days=40)):
        for user in (operation.desks[Desk.PROTECTION], operation.supervisor):
            page = signed_in(user).get(there).content.decode()
            assert "overdue" not in page.split("<h1>")[1].split("</main>")[0]
            assert format_code(case.person.code) not in home_of(user)

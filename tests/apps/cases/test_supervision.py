"""The supervisor's board: each of its numbers counts what it says, and opens to exactly that."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.assistance.actions.follow_up import hold_contact, miss_contact, plan_contact
from marfa.apps.assistance.models import Contact
from marfa.apps.cases.actions import ask_to_close, open_case
from marfa.apps.cases.actions.reviews import answer_review
from marfa.apps.cases.concerns import counted_by_worker, counted_concerns
from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import revoke_role
from marfa.apps.organisations.models import RoleGrant
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NUMBER = re.compile(r'<a href="(/desks/protection/supervision/[^"]+)">(.*?)</a>', re.DOTALL)


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def opened(office: Office, urgency: str = "days") -> Case:
    case = open_case(
        actor=office.worker, person=office.register(), source="person", urgency=urgency
    )
    return Case.objects.select_related("person", "site").get(pk=case.pk)


def planned(office: Office, case: Case, within: timedelta = timedelta(hours=1)) -> Contact:
    due = clock.now() + within
    return plan_contact(actor=office.worker, case=case, way="in_person", due_at=due)


def numbers_of(page: str) -> dict[str, int]:
    """By the address to which it leads, each number of the board."""
    said = {there: re.sub(r"<[^>]+>", "", words) for there, words in NUMBER.findall(page)}
    return {there: int(re.search(r"\d+", words)[0]) for there, words in said.items()}  # type: ignore[index]


def listed(client: Client, there: str) -> set[str]:
    """References of the cases to which a number opens."""
    page = client.get(there).content.decode()
    return set(re.findall(r'<a href="/cases/([^/"]+)/\?of=', page))


def next_of(office: Office, case: Case) -> Contact:
    """The contact that is planned, which what was missed plans by itself."""
    row = Contact.objects.filter(case=case, state=Contact.State.PLANNED).first()
    return row or planned(office, case)


def fill(office: Office) -> None:
    """Cases of which each number counts some and not others, and one that has ended."""
    for urgency in ("now", "days", "routine"):
        planned(office, opened(office, urgency))
    met = planned(office, opened(office))
    hold_contact(actor=office.worker, contact=met, text="She is well", risk="low")
    often = opened(office)
    for _ in range(2):
        miss_contact(actor=office.worker, contact=next_of(office, often), text="Nobody came")
    Case.objects.filter(pk=opened(office).pk).update(worker=None)
    Case.objects.filter(pk=opened(office).pk).update(worker=office.supervisor.id)
    over = opened(office)
    planned(office, over)
    asked = ask_to_close(
        actor=office.worker, case=over, reason="goals_met", text="She lives with her sister"
    )
    answer_review(actor=office.supervisor, review=asked, agree=True)


@pytest.mark.parametrize("days", [0, 2, 5, 40, 100])
@pytest.mark.parametrize("worker_left", [False, True])
def test_each_number_of_the_board_opens_to_as_many_cases(
    office: Office, operation: Operation, days: int, worker_left: bool
) -> None:
    fill(office)
    if worker_left:
        revoke_role(grant=RoleGrant.objects.get(user=operation.desks[Desk.PROTECTION]))
    moment: datetime = clock.now() + days * DAY
    with clock.set_to(lambda: moment):
        client = signed_in(operation.supervisor)
        page = client.get(reverse("caseload:supervision")).content.decode()
        numbers = numbers_of(page)
        for there, number in numbers.items():
            assert len(listed(client, there)) == number, there
        # Nothing that looks like a number stands there without a way to its cases.
        left = re.sub(r"<[^>]+>", "", NUMBER.sub("", page.split("<h1>")[1].split("</main>")[0]))
        assert not re.search(r"\d", left)
        heads = {each.name for each in counted_concerns().values()} & {
            there.split("/")[4] for there in numbers
        }
        assert heads == set(counted_concerns())


def test_a_case_leads_back_to_the_number_by_which_it_was_opened(
    office: Office, operation: Operation
) -> None:
    fill(office)
    client, board = signed_in(operation.supervisor), reverse("caseload:supervision")
    numbers = [
        there for there, cases in numbers_of(client.get(board).content.decode()).items() if cases
    ]
    assert any("/of/" in there for there in numbers), "also of one worker"
    for there in numbers:
        page = client.get(there).content.decode()
        way = html.unescape(re.findall(r'href="(/cases/[^/"]+/\?of=[^"]+)"', page)[0])
        assert back_of(client, way) == there
        plain = way.partition("?")[0]
        for other in ("?of=nothing", "?of=open&who=../elsewhere", ""):
            assert back_of(client, plain + other) == reverse("caseload:mine")


def back_of(client: Client, there: str) -> str:
    """Where the way back above the heading of a page leads."""
    shown = client.get(there).content.decode().split("<h1>")[0]
    return str(re.findall(r'href="([^"]+)"', shown.split("<main")[1])[0])


def test_what_is_in_hand_adds_up_to_what_the_board_counts(
    office: Office, operation: Operation
) -> None:
    """A word stands for one thing, in both tables."""
    fill(office)
    revoke_role(grant=RoleGrant.objects.get(user=operation.desks[Desk.PROTECTION]))
    moment = clock.now() + 5 * DAY
    with clock.set_to(lambda: moment):
        client = signed_in(operation.supervisor)
        numbers = numbers_of(client.get(reverse("caseload:supervision")).content.decode())
    board = reverse("caseload:supervision")
    for each in counted_by_worker():
        of = [
            count for there, count in numbers.items() if there.startswith(f"{board}{each.name}/of/")
        ]
        if each.name in ("late", "never-met"):
            assert sum(of) == numbers[f"{board}{each.name}/"] > 0
    assert numbers[f"{board}nobodys/"] == numbers[f"{board}open/of/nobody/"]


def test_nobody_learns_of_a_colleague_by_an_address(office: Office, operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    for holder in ("nothing", operation.desks[Desk.RECEPTION].reference):
        there = reverse("caseload:concern_of", args=["open", holder])
        assert client.get(there).status_code == 404

"""The home of a desk: what waits there, how much waits behind each tool, and charts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk, desk_navigation
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.web.desks import desks_offered
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
CARD = re.compile(r'<a class="card" href="([^"]+)">(.*?)</a>', re.DOTALL)


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def home(user: User, desk: Desk = Desk.PROTECTION) -> str:
    answer = signed_in(user).get(reverse(f"desk-{desk}"))
    assert answer.status_code == 200
    return answer.content.decode()


def counts(page: str) -> dict[str, int]:
    """By address, the number on each card that has one."""
    found = {}
    for there, inside in CARD.findall(page):
        number = re.search(r'class="card-count">(\d+)<', inside)
        if number:
            found[there] = int(number[1])
    return found


def rows(client: Client, there: str) -> int:
    """How many rows the list behind a card shows."""
    return client.get(there).content.decode().count('<tr role="row">') - 1


def test_a_number_is_that_of_the_list_behind_it(operation: Operation, office: Office) -> None:
    mine = reverse("caseload:mine")
    assert counts(home(operation.desks[Desk.PROTECTION]))[mine] == 0
    for _ in range(3):
        office.case(office.register())
    page = home(operation.desks[Desk.PROTECTION])
    assert counts(page)[mine] == 3 == rows(operation.at(Desk.PROTECTION), mine)
    assert counts(home(operation.colleague)).get(mine, 0) == 0, "of the other site"


def test_work_stands_at_its_desk_alone(operation: Operation, office: Office) -> None:
    """A case that is nobody's waits at the protection desk, and not at reception."""
    case = office.case()
    Case.objects.filter(pk=case.pk).update(worker=None, opened_at=clock.now() - timedelta(days=3))
    there = reverse("cases:responsible", args=[case.reference])
    assert there in home(operation.supervisor)
    assert there not in home(operation.desks[Desk.RECEPTION], Desk.RECEPTION)


def test_charts_are_for_supervisors_and_hold_what_they_may_read(
    operation: Operation, office: Office
) -> None:
    case = office.case()
    Case.objects.filter(pk=case.pk).update(opened_at=clock.now() - timedelta(days=70))
    office.case(office.register())
    page = home(operation.supervisor)
    chart = page.partition("Open cases over time")[2].partition("</figure>")[0]
    values = [int(each) for each in re.findall(r'class="chart-value">(\d+)<', chart)]
    assert len(values) == 12
    assert values[-1] == 2
    assert values[-2] in (1, 2)
    assert values[0] == 0
    new = page.partition("New cases")[2].partition("</figure>")[0]
    assert sum(int(each) for each in re.findall(r'class="chart-value">(\d+)<', new)) == 2
    assert "Open cases over time" not in home(operation.desks[Desk.PROTECTION])


def test_a_desk_without_work_is_offered_to_nobody(operation: Operation) -> None:
    empty = [desk for desk in settings.DESKS if not desk_navigation(desk)]
    assert empty, "the control: there are such desks"
    assert not set(empty) & set(desks_offered())
    for user in User.objects.all():
        page = signed_in(user).get(reverse("home")).content.decode()
        for desk in empty:
            assert f'href="{reverse(f"desk-{desk}")}"' not in page

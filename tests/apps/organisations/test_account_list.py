"""The list of accounts: searched without a name in any address, narrowed, and gone through."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.manifest import Desk
from tests.conftest import Operation

pytestmark = pytest.mark.django_db
NAME = "Quillbrook"


def found(page: str) -> list[str]:
    return re.findall(rf"<bdi>({NAME} \d+)</bdi>", page)


def test_a_name_that_is_searched_stands_in_no_address(operation: Operation) -> None:
    for number in range(60):
        create_user(username=f"many{number}", display_name=f"{NAME} {number:02}")
    client, there = operation.at(Desk.ADMINISTRATION), reverse("organisations:people")
    first = client.post(there, {"find": NAME.lower()}).content.decode()
    second = client.post(there, {"find": NAME.lower(), "page": "2"}).content.decode()
    assert (len(found(first)), len(found(second))) == (50, 10)
    assert len({*found(first), *found(second)}) == 60
    addresses = re.findall(r'(?:href|action)="([^"]*)"', first)
    assert addresses
    assert not [each for each in addresses if NAME.lower() in each.lower()]
    one = client.post(f"{there}?sort=-person", {"find": "many7"}).content.decode()
    assert found(one) == [f"{NAME} 07"]
    nobody = client.post(there, {"find": "nobody is called so"}).content.decode()
    assert "Nothing in this list is like that" in nobody


def test_it_is_narrowed_by_role_and_place(operation: Operation) -> None:
    client, there = operation.at(Desk.ADMINISTRATION), reverse("organisations:people")
    page = client.get(f"{there}?role=supervisor").content.decode()
    assert operation.supervisor.display_name in page
    assert operation.colleague.display_name not in page
    both = client.get(f"{there}?role=supervisor&sign-in=blocked").content.decode()
    assert operation.supervisor.display_name not in both
    page_two = client.get(f"{there}?page=99&sort=-username").content.decode()
    assert "in this list" in page_two, "a page that is not there is the last"

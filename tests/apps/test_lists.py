"""The lists of the installation are one mechanism."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from marfa.apps.manifest import Desk
from tests.conftest import Operation, signed_in

LISTS = {
    "people of a site": "helped:people",
    "people of a site, at reception": "reception:people",
    "my cases": "caseload:mine",
    "the lists of the board": "caseload:concern",
    "queue": "queue:site",
    "to be spoken with": "to_screen:queue",
    "waiting for protection": "hand_overs:all",
    "referrals": "referred:all",
    "received forms": "forms:came",
    "users": "organisations:people",
    "log": "log:search",
}
ARGUMENTS = {"caseload:concern": ["open"]}
OF_THEIR_OWN = ("Paginator", "get_page(", 'GET.get("page"')


def source_of(name: str) -> str:
    """The file in which the view of an address is written."""
    view: Callable[..., Any] = resolve(reverse(name, args=ARGUMENTS.get(name, []))).func
    return inspect.getsource(sys.modules[inspect.unwrap(view).__module__])


@pytest.mark.parametrize("name", LISTS.values(), ids=LISTS)
def test_a_list_has_no_paging_of_its_own(name: str) -> None:
    source = source_of(name)
    assert "ListPage(" in source
    assert not [each for each in OF_THEIR_OWN if each in source]


def test_one_that_has_is_found() -> None:
    assert [each for each in OF_THEIR_OWN if each in source_of("sitecards:all")]


def reader_of(name: str, operation: Operation) -> Client:
    desk = {
        "queue:site": Desk.RECEPTION,
        "to_screen:queue": Desk.RECEPTION,
        "reception:people": Desk.RECEPTION,
        "organisations:people": Desk.ADMINISTRATION,
    }.get(name)
    if desk is not None:
        return operation.at(desk)
    return signed_in(operation.officer if name == "log:search" else operation.supervisor)


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS.values(), ids=LISTS)
def test_each_says_what_its_address_asks_and_it_does_not_have(
    name: str, operation: Operation
) -> None:
    client = reader_of(name, operation)
    there = reverse(name, args=ARGUMENTS.get(name, []))
    unknown = "Part of this address is not available here"
    assert unknown not in client.get(there).content.decode()
    assert unknown in client.get(f"{there}?sort=what-is-not").content.decode()

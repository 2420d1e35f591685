"""Lists ask the database as often for many rows as for few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import grant_role, open_site
from marfa.apps.organisations.administration import by_command
from marfa.apps.site_cards.actions import begin_card
from marfa.apps.site_cards.queries import card_of
from marfa.safeguards.words import Role
from tests.conftest import Operation

LISTS = ("organisations:sites", "organisations:people", "sitecards:all", "timeline", "home")


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_many_rows(operation: Operation, name: str) -> None:
    client, url = operation.at(Desk.ADMINISTRATION), reverse(name)
    client.get(url)
    few = queries(client, url)
    for number in range(12):
        site = open_site(
            organisation=operation.controller, name=f"Site {number}", time_zone="Asia/Damascus"
        )
        begin_card(card_of(site), by_command())
        user = create_user(username=f"user{number}", display_name=f"User {number}")
        grant_role(user=user, role=Role.CASE_WORKER, organisation=operation.controller, site=site)
    assert queries(client, url) == few
    # Each module that has work for somebody asks once or twice.
    assert few < 25

"""A desk's menu shows what its reader may open, and nothing else of it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, desk_navigation
from marfa.apps.organisations.queries import actor_of
from marfa.web import views
from marfa.web.desks import desks_for
from tests.conftest import Operation, signed_in


def wrong(users: Iterable[User]) -> list[str]:
    """Entries that lead to a refusal, or are kept from who may open them, of their desks."""
    found = []
    for user in users:
        client = signed_in(user)
        for desk in desks_for(actor_of(user)):
            page = client.get(reverse(f"desk-{desk}")).content.decode()
            for item in desk_navigation(desk):
                url = reverse(item.url_name)
                shown = f'class="card" href="{url}"' in page
                if shown is (client.get(url).status_code == 403):
                    found.append(f"{user.username}: {item.url_name}")
    return found


@pytest.mark.usefixtures("operation")
def test_everybody_is_shown_what_they_may_open() -> None:
    assert wrong(User.objects.all()) == []


def test_an_entry_that_is_shown_to_all_is_found(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "may_open", lambda *_: True)
    administrator = operation.desks[Desk.ADMINISTRATION]
    found = wrong([administrator, operation.officer])
    assert f"{administrator.username}: log:search" in found
    assert f"{operation.officer.username}: oversight:keys" in found


def test_the_desk_of_a_page_that_stands_outside_every_desk_is_marked(operation: Operation) -> None:
    worker = signed_in(operation.desks[Desk.PROTECTION])
    mark = f'href="{reverse("desk-protection")}" aria-current="true"'
    for page in ("sealedtier:overview", "forms:came"):
        assert mark in worker.get(reverse(page)).content.decode()
    assert mark not in worker.get(reverse("accounts:security")).content.decode()

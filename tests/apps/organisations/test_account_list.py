"""The list of accounts: searched without a name in any address, narrowed, and gone through."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from django.conf import settings
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import ListView, User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import block_accounts
from marfa.apps.organisations.queries import actor_of
from marfa.domain.message import InputError
from marfa.safeguards.actions import together
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from tests.conftest import Operation, signed_in

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
    assert "Nothing in this list matches" in nobody


def test_it_is_narrowed_by_role_and_place(operation: Operation) -> None:
    client, there = operation.at(Desk.ADMINISTRATION), reverse("organisations:people")
    page = client.get(f"{there}?role=supervisor").content.decode()
    assert operation.supervisor.display_name in page
    assert operation.colleague.display_name not in page
    both = client.get(f"{there}?role=supervisor&sign-in=blocked").content.decode()
    assert operation.supervisor.display_name not in both
    page_two = client.get(f"{there}?page=99&sort=-username").content.decode()
    assert "in this list" in page_two, "a page that is not there is the last"


class _UndoneError(Exception):
    pass


def blocked(operation: Operation, users: list[User]) -> str:
    """How it ends to block these at once, undone again."""
    try:
        with together():
            block_accounts(actor=actor_of(operation.desks[Desk.ADMINISTRATION]), users=users)
            raise _UndoneError
    except (InputError, DeniedError) as error:
        return type(error).__name__
    except _UndoneError:
        return "done"


def test_many_are_blocked_where_each_alone_may_be(operation: Operation) -> None:
    oneself = operation.desks[Desk.ADMINISTRATION]
    some = [operation.colleague, operation.supervisor, oneself]
    alone = {user: blocked(operation, [user]) for user in some}
    assert {"done"} < {*alone.values()}, "the control: some may be, and some may not"
    for size in (2, 3):
        for users in combinations(some, size):
            at_once = blocked(operation, list(users))
            assert (at_once == "done") == all(alone[user] == "done" for user in users)


def test_several_are_blocked_from_the_list_in_one_entry(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    client, there = operation.at(Desk.ADMINISTRATION), reverse("organisations:people")
    users = [operation.colleague, operation.partner]
    chosen = {"do": "end", "rows": [user.reference for user in users]}
    asks = client.post(there, chosen).content.decode()
    assert all(user.display_name in asks for user in users)
    assert all(User.objects.get(pk=user.pk).is_active for user in users)
    late = signed_in(operation.desks[Desk.ADMINISTRATION], factor=False)
    assert late.post(there, {**chosen, "sure": "1"}).status_code == 302
    assert all(User.objects.get(pk=user.pk).is_active for user in users), "the factor comes first"
    assert client.post(there, {**chosen, "sure": "1"}).status_code == 302
    assert not [user for user in users if User.objects.get(pk=user.pk).is_active]
    (entry,) = Entry.objects.filter(action="users.block", outcome="done")
    assert entry.rows == 2
    officer = signed_in(operation.officer)
    assert 'value="end"' not in officer.get(there).content.decode()
    officer.post(there, {"do": "end", "rows": [operation.supervisor.reference], "sure": "1"})
    assert User.objects.get(pk=operation.supervisor.pk).is_active


def test_a_view_is_kept_by_codes_alone(operation: Operation) -> None:
    client, there = operation.at(Desk.ADMINISTRATION), reverse("organisations:people")
    named = f"{there}?role=supervisor&sign-in={NAME}&sort=-username"
    client.post(named, {"do": "keep", "find": NAME})
    kept = ListView.objects.get()
    assert kept.query == "?role=supervisor&sort=-username"
    page = client.get(there).content.decode()
    assert 'href="?role=supervisor&amp;sort=-username"' in page
    assert "Role: " in page
    assert "role=supervisor" not in signed_in(operation.officer).get(there).content.decode()
    client.post(f"{there}{kept.query}", {"do": "keep"})
    assert ListView.objects.count() == 1
    client.post(f"{there}{kept.query}", {"do": "forget"})
    assert not ListView.objects.exists()


def test_a_file_of_accounts_has_no_name(operation: Operation) -> None:
    client, there = operation.at(Desk.ADMINISTRATION), reverse("organisations:people")
    sent = {"do": "file", "every": "1", "sure": "1", "form": "csv"}
    content = client.post(there, sent).getvalue().decode()
    assert operation.supervisor.reference in content
    assert operation.supervisor.display_name not in content
    assert operation.supervisor.username not in content

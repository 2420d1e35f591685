"""Two administrators who end each other at the same time: one stays."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection, connections

from marfa.apps.accounts.actions import create_user
from marfa.apps.organisations.actions import (
    block_user,
    create_organisation,
    grant_role,
    last_administrator,
    revoke_role,
)
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.queries import lasting_administrators
from marfa.domain.message import InputError
from marfa.safeguards.words import Role

pytestmark = pytest.mark.django_db(transaction=True)


def end_each_other(monkeypatch: pytest.MonkeyPatch, by_blocking: bool) -> int:
    """How many administrators are left. Each counts when both have changed, or after a while
    where the other is made to wait: the order that would leave none, if anything let it happen."""
    controller = create_organisation(name="Us", kind=Organisation.Kind.CONTROLLER)
    people = [create_user(username=name, display_name="") for name in ("first", "second")]
    grants = [
        grant_role(user=each, role=Role.ADMINISTRATOR, organisation=controller) for each in people
    ]
    both_changed, both_counted = Barrier(2), Barrier(2)

    class CountLate:
        def exists(self) -> bool:
            with contextlib.suppress(BrokenBarrierError):
                both_changed.wait(timeout=0.5)
            found = lasting_administrators().exists()
            with contextlib.suppress(BrokenBarrierError):
                both_counted.wait(timeout=0.5)
            return found

    monkeypatch.setattr(last_administrator, "lasting_administrators", CountLate)

    def end(which: int) -> bool:
        act: Callable[[], None] = (
            (lambda: block_user(user=people[which]))
            if by_blocking
            else (lambda: revoke_role(grant=grants[which]))
        )
        try:
            act()
        except InputError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        ended = sum(pool.map(end, range(2)))
    left = lasting_administrators().count()
    assert ended + left == 2
    return left


@pytest.mark.parametrize("by_blocking", [True, False])
def test_one_of_two_stays(monkeypatch: pytest.MonkeyPatch, by_blocking: bool) -> None:
    assert end_each_other(monkeypatch, by_blocking) == 1


def test_without_the_lock_both_would_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: it shows that the test above can fail."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time, with or without a lock of ours")

    class Unlocked:
        def get(self, **_: object) -> None:
            """Takes no lock."""

    monkeypatch.setattr(Organisation.objects, "select_for_update", lambda **_: Unlocked())
    assert end_each_other(monkeypatch, by_blocking=False) == 0

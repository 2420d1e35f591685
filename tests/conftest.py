"""What tests share: an operation with a colleague at each desk, and people who may not."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.entering import BACKEND, SESSION
from marfa.apps.accounts.models import OpenSession, User
from marfa.apps.accounts.sessions import open_session
from marfa.apps.organisations.models import Organisation
from marfa.apps.registry import Desk
from marfa.safeguards.audit import guards
from tests.support.installation import POSTGRESQL
from tests.support.rows import as_app, make_role

settings.register_profile(
    "marfa", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("marfa")


_empty_tables = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _empty_tables_and_log(case: TransactionTestCase) -> None:
    """Tests that commit end with every table emptied, which the log's guards refuse."""
    with connection.cursor() as cursor:
        for statement in guards.lifted(connection.vendor):
            cursor.execute(statement)
    try:
        _empty_tables(case)
    finally:
        with connection.cursor() as cursor:
            for statement in guards.raised(connection.vendor):
                cursor.execute(statement)


TransactionTestCase._fixture_teardown = _empty_tables_and_log  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Operation:
    """The demonstration's operation, as tests meet it.

    colleague: a case worker at the other site. partner: a case worker of the guest organisation.
    outsider: may sign in and holds no role.
    """

    controller: Organisation
    guest: Organisation
    desks: dict[Desk, User]
    colleague: User
    supervisor: User
    officer: User
    partner: User
    outsider: User

    def at(self, desk: Desk) -> Client:
        """A browser in which the person of a desk is signed in."""
        return signed_in(self.desks[desk])


def signed_in(user: User, *, factor: bool = True, **options: Any) -> Client:
    """A browser in which a user is signed in, with a second factor just proved or without."""
    client = Client(**options)
    client.force_login(user, backend=BACKEND)
    row = open_session(user=user, entered_by=OpenSession.EnteredBy.DEMONSTRATION, factor=factor)
    session = client.session
    session[SESSION] = str(row.pk)
    session.save()
    return client


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The tables are made by the owner, who then gives the application its rights."""
    if POSTGRESQL:
        with django_db_blocker.unblock():
            make_role()


@pytest.fixture(autouse=True)
def as_the_application(request: pytest.FixtureRequest) -> Iterator[None]:
    """On PostgreSQL tests run with the rights that the application has, and no more.

    What changes tables, as migrations and planted faults do, is marked ``owner`` with its reason.
    Making the tables and emptying them between tests is the owner's too.
    """
    uses_database = {"db", "transactional_db"} & set(request.fixturenames)
    marked = request.node.get_closest_marker("django_db") or uses_database
    if not POSTGRESQL or not marked:
        yield
        return
    request.getfixturevalue("_django_db_helper")
    if request.node.get_closest_marker("owner"):
        yield
        if not connection.in_atomic_block:
            make_role()  # a table that was made anew has lost who may use it
        return
    with as_app():
        yield


@pytest.fixture
def operation(db: None) -> Operation:
    """The operation with a colleague at each desk and an outsider without a role."""
    from marfa.demo.build import build

    build()
    people = {user.username: user for user in User.objects.all()}
    return Operation(
        controller=Organisation.objects.get(kind=Organisation.Kind.CONTROLLER),
        guest=Organisation.objects.get(kind=Organisation.Kind.GUEST),
        desks={desk: people[desk] for desk in Desk},
        colleague=people["colleague"],
        supervisor=people["supervisor"],
        officer=people["officer"],
        partner=people["partner"],
        outsider=create_user(username="outsider", display_name="Outsider"),
    )


@pytest.fixture
def reference_data() -> Path:
    """The folder of reference data; a test that needs it is skipped where it is not set."""
    folder = os.environ.get("MARFA_REFERENCE_DATA")
    if not folder:
        pytest.skip("MARFA_REFERENCE_DATA is not set")
    return Path(folder)


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test, and nothing a test runs in this process, reaches another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else address
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in (
            "127.0.0.1",
            "::1",
            "localhost",
        ):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)

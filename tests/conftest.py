"""What tests share: an operation with a colleague at each desk, and people who may not."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import OpenSession, User
from marfa.apps.accounts.sessions import open_session
from marfa.apps.accounts.sign_in import BACKEND, SESSION
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Organisation
from marfa.platform import clock
from marfa.safeguards.audit import guards
from tests.support import templates
from tests.support.installation import POSTGRESQL
from tests.support.row_snapshot import Laid, added, filled, standing
from tests.support.rows import as_app, make_role
from tests.support.shared_copies import Once

settings.register_profile(
    "marfa", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("marfa")


# What lets rows go in any order, and past the guards of the log; and what ends that.
BESIDE_CHECKS = {
    "postgresql": (
        ["SET session_replication_role = replica"],
        ["SET session_replication_role = DEFAULT"],
    ),
    "sqlite": (
        ["PRAGMA foreign_keys = OFF", *guards.lifted("sqlite")],
        [*guards.raised("sqlite"), "PRAGMA foreign_keys = ON"],
    ),
}


def _empty_tables(_case: TransactionTestCase) -> None:
    """Tests that commit end with every table emptied, which the log's guards refuse.

    Only what has rows is emptied, which takes a fraction of the time that Django's way does.
    """
    with connection.cursor() as cursor:
        quote = connection.ops.quote_name
        deleted = [f"DELETE FROM {quote(table)}" for table in filled(cursor)]  # noqa: S608
        before, after = BESIDE_CHECKS[connection.vendor]
        cursor.execute(before[0])
        try:
            with transaction.atomic():
                for statement in (*before[1:], *deleted, *after[:-1]):
                    cursor.execute(statement)
        finally:
            cursor.execute(after[-1])


TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[attr-defined]


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
def once() -> Once:
    """Installations that are made once in a run."""
    return Once()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """A copy of the tables that were made once. On PostgreSQL the cluster is one; the owner of the
    tables has given the application its rights."""
    with django_db_blocker.unblock():
        if POSTGRESQL:
            templates.use(templates.DATABASE)
        else:
            # In a file as in real use, so that tests may open several connections.
            file = Path(os.environ["MARFA_DATA"]).with_name("tests.sqlite3")
            templates.copy_file(file)
            templates.use(str(file))
    yield
    with django_db_blocker.unblock():
        connection.close()


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


@contextmanager
def thrown_away() -> Iterator[None]:
    """A transaction in which units may be opened, and of which nothing stays."""
    whole = transaction.atomic()
    # As Django marks its own: what must commit at once may be in it.
    whole._from_testcase = True  # type: ignore[attr-defined]
    with whole:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def rows_of_operation(django_db_setup: None, django_db_blocker: Any) -> Laid | None:
    """What the operation adds to the database: made once, laid down for each test. None where
    a test that is in the middle of its work is the first to ask."""
    with django_db_blocker.unblock():
        if connection.in_atomic_block:
            return None
        with thrown_away(), as_app() if POSTGRESQL else nullcontext():
            before = standing()
            make_operation()
            return added(before)


@pytest.fixture
def operation(rows_of_operation: Laid | None, db: None) -> Operation:
    """The operation with a colleague at each desk and an outsider without a role."""
    return built(rows_of_operation)


@pytest.fixture(scope="module")
def operation_of_module(
    rows_of_operation: Laid | None, django_db_blocker: Any
) -> Iterator[Operation]:
    """One operation for a module whose tests only look, or change it within their own
    transaction: each of them runs in a savepoint of this one's and finds it as it was made. No
    test of such a module commits (``transactional_db``).
    """
    with django_db_blocker.unblock(), thrown_away():
        with as_app() if POSTGRESQL else nullcontext():
            made = built(rows_of_operation)
        yield made


def make_operation() -> None:
    """The demonstration, and somebody without a role."""
    from marfa.demo.build import build_demo

    build_demo(without=("registry", "consents", "reception", "figures"))
    create_user(username="outsider", display_name="Outsider")


def _at_present() -> bool:
    """Whether the clock shows the time: where a test has travelled, roles begin when it says."""
    return abs((clock.now() - datetime.now(UTC)).total_seconds()) < 60  # noqa: TID251


def built(rows: Laid | None = None) -> Operation:
    """The operation, in a database where it is not yet. rows: of one that was made before."""
    if rows is not None and _at_present() and rows.fits():
        rows.lay()
    else:
        make_operation()
    people = {user.username: user for user in User.objects.all()}
    return Operation(
        controller=Organisation.objects.get(kind=Organisation.Kind.CONTROLLER),
        guest=Organisation.objects.get(kind=Organisation.Kind.GUEST),
        desks={desk: people[desk] for desk in Desk},
        colleague=people["colleague"],
        supervisor=people["supervisor"],
        officer=people["officer"],
        partner=people["partner"],
        outsider=people["outsider"],
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

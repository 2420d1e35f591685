"""A protected table and the role that the application has, for tests on PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from marfa.platform.rowsecurity import grants, policies
from tests.support.installation import POSTGRESQL

APP = "marfa_app"
TABLE = "harbour_person"
COLUMNS = policies.Columns("organisation_id", "id", "Person")
on_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="belongs to the run on PostgreSQL")


def make_role(name: str = APP) -> None:
    """The role of the application: it owns nothing and is above nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {grants.role_of(name)} NOLOGIN")
    grants.grant_to([name])


def protect(table: str = TABLE) -> None:
    with connection.cursor() as cursor:
        for statement in policies.protect_statements(table, COLUMNS):
            cursor.execute(statement)


def unprotect(table: str = TABLE) -> None:
    with connection.cursor() as cursor:
        for statement in policies.unprotect_statements(table):
            cursor.execute(statement)


@contextlib.contextmanager
def as_app(role: str = APP) -> Iterator[None]:
    """This connection, and those opened meanwhile, act as the application."""

    def become(connection: object, **_: object) -> None:
        with connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"SET ROLE {role}")

    become(connection)
    connection_created.connect(become)
    try:
        yield
    finally:
        connection_created.disconnect(become)
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


@contextlib.contextmanager
def as_owner() -> Iterator[None]:
    """Within a test of the application, what only the owner of the tables can prepare."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute("RESET ROLE")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {before}")

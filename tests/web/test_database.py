"""How SQLite is opened: nothing acknowledged is lost, and writers wait instead of failing."""

from __future__ import annotations

import sqlite3

import pytest
from django.db import connection, transaction

from marfa.domain.message import InputError
from marfa.web.database import postgresql_settings
from tests.support.rows import on_postgresql

only_sqlite = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="about SQLite; not in the run on PostgreSQL"
)


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_what_is_acknowledged_is_on_the_disk() -> None:
    """https://sqlite.org/pragma.html: synchronous 2 is FULL; secure_delete overwrites rows."""
    with connection.cursor() as cursor:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)):
            cursor.execute(f"PRAGMA {pragma}")
            assert cursor.fetchone() == (value,), pragma
        cursor.execute("PRAGMA foreign_keys")
        assert cursor.fetchone() == (1,)


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_transaction_holds_the_right_to_write_from_its_start() -> None:
    """So that it waits at its start and does not fail in its middle."""
    name = str(connection.settings_dict["NAME"])
    with transaction.atomic():
        connection.ensure_connection()
        other = sqlite3.connect(name, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_a_wrong_address_is_said_without_repeating_it() -> None:
    with pytest.raises(InputError, match="setting-database") as caught:
        postgresql_settings("postgresql://user:hunter2@host/db?nonsense=1")
    assert "hunter2" not in str(caught.value.problems)


def test_the_parts_of_an_address_reach_the_driver() -> None:
    settings = postgresql_settings("postgresql://amal:secret@db.example:5433/marfa?sslmode=require")
    assert (settings["NAME"], settings["USER"], settings["PASSWORD"]) == ("marfa", "amal", "secret")
    assert (settings["HOST"], settings["PORT"]) == ("db.example", "5433")
    assert settings["OPTIONS"] == {"sslmode": "require", "options": "-c jit=off"}


def test_the_options_of_an_address_hold_against_ours() -> None:
    """The last of two settings of one name is the one that PostgreSQL takes."""
    settings = postgresql_settings("postgresql:///marfa?options=-c%20jit%3Don")
    assert settings["OPTIONS"]["options"] == "-c jit=off -c jit=on"


@on_postgresql
@pytest.mark.django_db
def test_statements_are_run_and_not_compiled() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)

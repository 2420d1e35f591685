"""Migrations under row-level security: protected in one step, and no data passed over."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, migrations, transaction
from django.db.migrations.state import ProjectState

from marfa.domain.ids import new_id
from marfa.platform.rowsecurity.operations import ProtectRows, RowsHiddenError, RunOverAllRows
from tests.support.harbour.models import Person
from tests.support.rows import as_app, make_role, on_postgresql

# The owner: it changes tables, policies and roles.
pytestmark = [pytest.mark.owner, pytest.mark.django_db(transaction=True)]

PROTECT = ProtectRows("person", owner="organisation_id")


def run(operation: Any, *, backwards: bool = False) -> None:
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("harbour", after)
    with connection.schema_editor() as editor:
        if backwards:
            operation.database_backwards("harbour", editor, after, before)
        else:
            operation.database_forwards("harbour", editor, before, after)


def protected() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE relname = 'harbour_person'")
        return bool(cursor.fetchone()[0])


def test_it_is_written_as_it_was_said() -> None:
    from django.db.migrations.writer import MigrationWriter

    text, imports = MigrationWriter.serialize(PROTECT.deconstruct()[2])
    assert "'organisation_id'" in text
    assert not imports
    assert PROTECT.deconstruct()[:2] == ("ProtectRows", ["person"])
    assert "person" in PROTECT.describe()


def test_on_sqlite_it_does_nothing_and_is_no_fault() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite has no row-level security")
    run(PROTECT)
    run(PROTECT, backwards=True)


@on_postgresql
def test_there_and_back() -> None:
    run(PROTECT)
    assert protected()
    run(PROTECT, backwards=True)
    assert not protected()


def mark(apps: Any, schema_editor: Any) -> None:
    apps.get_model("harbour", "Person").objects.update(protected=True)


@on_postgresql
def test_a_data_migration_reaches_every_row_or_fails() -> None:
    """As the owner it reaches all; without saying so none; as somebody else it fails."""
    make_role("marfa_owner")
    keys = [Person.objects.create(organisation_id=new_id()).pk for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("GRANT CREATE ON SCHEMA public TO marfa_owner")
    run(PROTECT)
    give_protected_tables_to("marfa_owner")
    try:
        with as_app("marfa_owner"):
            run(migrations.RunPython(mark))
            assert count_marked() == 0, "the planted fault: silent, and nothing was done"
            run(RunOverAllRows(mark))
            assert count_marked() == len(keys)
        make_role()
        with as_app(), pytest.raises(RowsHiddenError, match="harbour_person"):
            run(RunOverAllRows(mark))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        give_protected_tables_to("marfa")
        with connection.cursor() as cursor:
            cursor.execute("DROP OWNED BY marfa_owner")
            cursor.execute("DROP ROLE marfa_owner")
        run(PROTECT, backwards=True)
        Person.objects.all().delete()


def give_protected_tables_to(role: str) -> None:
    """As in an installation, where one role owns them all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{table}" OWNER TO {role}')


def count_marked() -> int:
    """As the superuser that the tests connect as, whom no policy binds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("SELECT count(*) FROM harbour_person WHERE protected")
        return int(cursor.fetchone()[0])


def test_every_data_migration_says_that_it_means_all_rows() -> None:
    """One that does not would do nothing, in silence, on tables that are protected."""
    from pathlib import Path

    source = Path(__file__).parents[3] / "src" / "marfa"
    files = sorted(source.glob("**/migrations/0*.py"))
    assert files
    found = [
        str(file.relative_to(source))
        for file in files
        if "migrations.RunPython(" in file.read_text(encoding="utf-8")
    ]
    assert found == [], "use RunOverAllRows"

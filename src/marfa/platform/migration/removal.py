"""Taking the tables of apps away that an installation no longer has, by their names alone: the apps
need not be loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.apps import apps
from django.db import connection

from marfa.platform.rowsecurity.context import EVERYTHING_ON


class RowsHeldError(Exception):
    """A table that was to go holds rows."""


def tables_of_apps(labels: Collection[str], among: Iterable[str] = ()) -> dict[str, list[str]]:
    """The tables in the database of each of some apps, by label.

    among: further labels that there may be. A table belongs to the app with the longest label that
    its name begins with.
    """
    known = {*labels, *among, *(config.label for config in apps.get_app_configs())}
    found: dict[str, list[str]] = {label: [] for label in labels}
    for table in sorted(connection.introspection.table_names()):
        owner = max((each for each in known if table.startswith(f"{each}_")), key=len, default="")
        if owner in found:
            found[owner].append(table)
    return found


def count_rows(tables: Iterable[str]) -> int:
    """How many rows some tables hold. On PostgreSQL for the owner of the tables, who has said that
    all rows are meant."""
    total = 0
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {_quoted(table)}")  # noqa: S608
            total += cursor.fetchone()[0]
    return total


def drop_tables(labels: Collection[str], among: Iterable[str] = ()) -> None:
    """Take the tables of some apps away, and that they were ever made; all of it or nothing.

    Raises RowsHeldError where one of them holds rows.
    """
    by_app = tables_of_apps(labels, among)
    tables = [table for each in by_app.values() for table in each]
    # SQLite looks at no reference while tables go that refer to each other, and at all at the end.
    with connection.schema_editor() as editor:
        if connection.vendor == "postgresql":
            editor.execute(EVERYTHING_ON)
            if tables:
                names = ", ".join(map(_quoted, tables))
                editor.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        if count_rows(tables):
            raise RowsHeldError
        for statement in _dropping(tables):
            editor.execute(statement)
        _forget(labels)


def _dropping(tables: Collection[str]) -> list[str]:
    if connection.vendor == "postgresql":
        return [f"DROP TABLE {', '.join(map(_quoted, tables))}"] if tables else []
    return [f"DROP TABLE {_quoted(table)}" for table in tables]


def _forget(labels: Collection[str]) -> None:
    """What Django notes of apps beside their tables."""
    from django.contrib.contenttypes.models import ContentType
    from django.db.migrations.recorder import MigrationRecorder

    ContentType.objects.filter(app_label__in=labels).delete()
    MigrationRecorder(connection).migration_qs.filter(app__in=labels).delete()


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)

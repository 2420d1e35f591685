"""Rows that took long to make, laid down again in one go as they were: by the database, unread."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, transaction

from marfa.safeguards.audit.guards import TABLE
from tests.support.rows import as_owner

MADE_BY_MIGRATIONS = {"django_migrations"}
# Made by migrations too, gone once a test has emptied the tables, and used by nobody.
OF_NO_ACCOUNT = {"django_content_type", "auth_permission"}

Rows = dict[str, Counter[tuple[str, ...]]]
"""By table: its rows, each value as a literal of the database."""


@dataclass(frozen=True)
class Laid:
    """What stood in the database before and what was added to it."""

    before: Rows
    statements: tuple[str, ...]

    def fits(self) -> bool:
        """Whether the database is now as it was before."""
        return standing() == self.before

    def lay(self) -> None:
        """Add the rows."""
        # Foreign keys are looked at in the end, whatever the order of the tables.
        with as_owner(), transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # The log's entries come back in the place, and with the hash, that they were given.
                linking = f"ALTER TABLE {TABLE} {{}} TRIGGER audit_entry_link"
                cursor.execute(linking.format("DISABLE"))
                cursor.execute(";".join(self.statements))
                cursor.execute(linking.format("ENABLE"))
                return
            for statement in self.statements:
                cursor.execute(statement)


def standing() -> Rows:
    """What stands in the database."""
    with as_owner(), connection.cursor() as cursor:
        tables = set(filled(cursor)) - OF_NO_ACCOUNT
        return {table: Counter(_rows(cursor, table)) for table in sorted(tables)}


def added(before: Rows) -> Laid | None:
    """What was added since; None where something was changed or taken away, not added alone."""
    statements = []
    for table, rows in standing().items():
        kept = before.get(table, Counter())
        if kept - rows:
            return None
        more = [f"({', '.join(row)})" for row in (rows - kept).elements()]
        if more:
            names = ", ".join(map(connection.ops.quote_name, _columns(table)))
            into = f"INSERT INTO {connection.ops.quote_name(table)} ({names})"
            statements.append(f"{into} VALUES {', '.join(more)}")
    return Laid(before, tuple(statements))


def filled(cursor: Any) -> list[str]:
    """Tables that have rows, asked for at once."""
    quote = connection.ops.quote_name
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    asked = [
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})"  # noqa: S608
        for table in sorted(set(tables) - MADE_BY_MIGRATIONS)
    ]
    cursor.execute(" UNION ALL ".join(asked))
    return [row[0] for row in cursor.fetchall()]


@cache
def _columns(table: str) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    return tuple(column.name for column in found)


def _rows(cursor: Any, table: str) -> list[tuple[str, ...]]:
    quote = connection.ops.quote_name
    literal = "quote_nullable({}::text)" if connection.vendor == "postgresql" else "quote({})"
    columns = ", ".join(literal.format(quote(column)) for column in _columns(table))
    cursor.execute(f"SELECT {columns} FROM {quote(table)}")  # noqa: S608
    return [tuple(row) for row in cursor.fetchall()]

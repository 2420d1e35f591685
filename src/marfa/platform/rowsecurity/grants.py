"""What the database roles may do: the owner all, the application and the worker their work."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

APPENDED = ("audit_entry",)
"""Tables that are appended to and never changed."""

HISTORY = "django_migrations"


def role_of(address_user: str) -> str:
    """A role's name as it stands in a statement."""
    return '"' + address_user.replace('"', '""') + '"'


def grant_statements(role: str, tables: Collection[str], schema: str = "public") -> list[str]:
    """The statements that let a role read and write rows of all tables, and change no table.

    The history of migrations is read alone, and what is only appended to is.
    """
    name = role_of(role)
    quoted = ", ".join(f'"{table}"' for table in sorted(tables))
    statements = [
        f"GRANT USAGE ON SCHEMA {schema} TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {quoted} TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}",
    ]
    if HISTORY in tables:
        statements.append(f"REVOKE INSERT, UPDATE, DELETE ON {HISTORY} FROM {name}")
    statements += [
        f"REVOKE UPDATE, DELETE ON {table} FROM {name}" for table in APPENDED if table in tables
    ]
    return statements


def grant_to(roles: Collection[str]) -> None:
    """Give the roles their rights to all tables there are; run as the owner after migrations."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for role in dict.fromkeys(roles):
            for statement in grant_statements(role, tables):
                cursor.execute(statement)


FREE = """
SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user
"""
OWNED = """
SELECT count(*) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND pg_has_role(current_user, relowner, 'MEMBER')
"""


def passes_over_rows() -> bool:
    """Whether this connection's role is bound by no policy: a superuser, or one with BYPASSRLS."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(FREE)
        return bool(cursor.fetchone()[0])


def owns_tables() -> bool:
    """Whether this connection's role could change the tables and the policies on them."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(OWNED)
        return bool(cursor.fetchone()[0])

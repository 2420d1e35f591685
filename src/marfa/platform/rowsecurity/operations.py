"""What migrations do for and under row-level security."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from marfa.platform.rowsecurity import policies
from marfa.platform.rowsecurity.context import EVERYTHING_ON

Forwards = Callable[[Any, BaseDatabaseSchemaEditor], None]


class RowsHiddenError(RuntimeError):
    """A migration would have touched only part of the rows, or none, and nobody would know."""


class ProtectRows(Operation):
    """Let the database keep the rows of a table apart by owner. On SQLite it does nothing.

    The migration depends on the one that made the table of openings:
    ``("organisations", "0002_roles")``.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self, model_name: str, *, owner: str, kind: str = "Person", object_key: str = "id"
    ) -> None:
        self.model_name, self.owner = model_name, owner
        self.kind, self.object_key = kind, object_key

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        named = {"owner": self.owner, "kind": self.kind, "object_key": self.object_key}
        return type(self).__name__, [self.model_name], named

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No model changes."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        column = {
            name: model._meta.get_field(name).column for name in (self.owner, self.object_key)
        }
        self._run(
            schema_editor,
            policies.protecting(
                model._meta.db_table, column[self.owner], column[self.object_key], self.kind
            ),
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        self._run(schema_editor, policies.lifting(model._meta.db_table))

    def _run(self, schema_editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Keep the rows of {self.model_name} apart by {self.owner}"


class RunOverAllRows(RunPython):
    """A data migration that sees every row, or fails.

    A migration runs as the owner of the tables, which row-level security binds as well. This says
    that all rows are meant, for the transaction of the migration. Where that does not help, since
    somebody else runs it, the migration fails: it would pass over rows in silence.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        see_all_rows(schema_editor)
        super().database_forwards(app_label, schema_editor, from_state, to_state)


def see_all_rows(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have the transaction of a migration see every row.

    Raises RowsHiddenError where a table is protected and belongs to somebody else, or where there
    is no transaction that this could hold for.
    """
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(EVERYTHING_ON)
        cursor.execute(HIDDEN, [policies.EVERYTHING])
        hidden = [row[0] for row in cursor.fetchall()]
    if hidden:
        raise RowsHiddenError(
            f"rows of {', '.join(hidden)} are hidden from this migration; run it as the owner of"
            " the tables, in a transaction"
        )


# row_security_active says whether policies bind this user; they let all pass where the setting
# holds in this transaction and the table is the user's own.
HIDDEN = """
SELECT relname FROM pg_class
WHERE relrowsecurity AND relkind = 'r' AND row_security_active(oid)
AND NOT (coalesce(current_setting(%s, true), '') = 'on'
         AND pg_get_userbyid(relowner) = current_user)
ORDER BY relname
"""

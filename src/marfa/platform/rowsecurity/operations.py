"""What migrations do for and under row-level security."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython
from django.db.migrations.state import ProjectState
from django.db.models import Model

from marfa.platform.migration.tableparts import MakePart
from marfa.platform.rowsecurity import policies
from marfa.platform.rowsecurity.context import EVERYTHING_ON
from marfa.platform.rowsecurity.ownership import OwnedRows, field_of

Forwards = Callable[[Any, BaseDatabaseSchemaEditor], None]


class RowsHiddenError(RuntimeError):
    """A migration would have touched only part of the rows, or none, and nobody would know."""


class ProtectRows(MakePart):
    """Let the database keep the rows of a table apart by owner. On SQLite it does nothing.

    ``makemigrations`` writes it from the model's ``owned_rows``. Said again in a later migration,
    it makes the policies anew, where they have become better.
    """

    def __init__(
        self,
        model_name: str,
        owner: str,
        kind: str = "Person",
        object_key: str = "id",
        kind_key: str = "",
        unowned: bool = False,
    ) -> None:
        self.said = OwnedRows(owner, kind, object_key, kind_key, unowned)
        super().__init__(model_name, self.said)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        defaults = {field.name: field.default for field in fields(OwnedRows)}
        said = {name: value for name, value in asdict(self.said).items() if value != defaults[name]}
        return type(self).__name__, [self.name], {"owner": self.said.owner, **said}

    def making(self, model: type[Model], vendor: str) -> list[str]:
        if vendor != "postgresql":
            return []
        return policies.protect_statements(model._meta.db_table, columns_of(model, self.said))

    def lifting(self, model: type[Model], vendor: str) -> list[str]:
        return policies.unprotect_statements(model._meta.db_table) if vendor == "postgresql" else []

    def describe(self) -> str:
        return f"Keep the rows of {self.name} apart by {self.said.owner}"


def columns_of(model: type[Model], said: OwnedRows) -> policies.Columns:
    """The columns of a table for its policies, from what its model or a migration says."""
    key = field_of(model, said.object_key)
    return policies.Columns(
        owner=str(field_of(model, said.owner).column),
        object_key=str(key.column),
        kind=said.kind,
        kind_key=str(field_of(model, said.kind_key).column) if said.kind_key else "",
        unowned=said.unowned,
        own=key.primary_key,
    )


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

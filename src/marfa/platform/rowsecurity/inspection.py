"""Whether the tables hold what the models say: policies are there, and no key tells of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import connection, models
from django.db.models import Model, UniqueConstraint

from marfa.domain.ids import new_reference
from marfa.platform.rowsecurity.ownership import OwnedRows, field_of, owned_rows
from marfa.platform.rowsecurity.policies import COMMANDS, KEEPER

FORCED = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity AND relname = ANY (%s)
"""
KEPT = """
SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgname = %s AND tgenabled <> 'D' AND relname = ANY (%s)
"""
POLICIES = """
SELECT tablename, cmd, coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies
WHERE tablename = ANY (%s)
"""


def owned_models() -> list[type[Model]]:
    """The models whose rows the database keeps apart."""
    return [model for model in apps.get_models() if owned_rows(model) is not None]


def tables_without_policies(found: Iterable[type[Model]] | None = None) -> list[str]:
    """Tables of such models that the database does not protect, or by another column; none on
    SQLite, which protects none."""
    if connection.vendor != "postgresql":
        return []
    wanted = {model._meta.db_table: model for model in found or owned_models()}
    with connection.cursor() as cursor:
        cursor.execute(FORCED, [list(wanted)])
        forced = {row[0] for row in cursor.fetchall()}
        cursor.execute(KEPT, [KEEPER, list(wanted)])
        forced &= {row[0] for row in cursor.fetchall()}
        cursor.execute(POLICIES, [list(wanted)])
        texts = {(table, command): text for table, command, text in cursor.fetchall()}
    return [
        table
        for table, model in wanted.items()
        if table not in forced
        or any(
            _owner_column(model) not in texts.get((table, command.upper()), "")
            for command in COMMANDS
        )
    ]


def _owner_column(model: type[Model]) -> str:
    said = owned_rows(model)
    if said is None:
        raise LookupError(f"{model._meta.label} does not say whose its rows are")
    return str(field_of(model, said.owner).column)


def telling_keys(model: type[Model]) -> Iterator[str]:
    """What must be unique in a table of several owners and would tell one of the other's values.

    A refused double says that the value is there. Random keys and references tell nothing.
    """
    said = owned_rows(model)
    if said is None:
        return
    for field in model._meta.local_concrete_fields:
        if field.unique and not _is_random(field):
            yield field.name
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and not _parts(model, constraint, said):
            yield constraint.name


def _parts(model: type[Model], constraint: UniqueConstraint, said: OwnedRows) -> bool:
    """Whether a constraint parts the owners, or rests on a random key anyway."""
    fields = [field_of(model, name) for name in constraint.fields]
    owner = field_of(model, said.owner)
    return owner in fields or any(_is_random(field) for field in fields)


def _is_random(field: models.Field) -> bool:  # type: ignore[type-arg]
    return isinstance(field, (models.UUIDField, models.ForeignKey)) or (
        field.default is new_reference
    )

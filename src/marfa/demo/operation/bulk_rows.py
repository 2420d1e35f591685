"""Rows in bulk, with their history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from random import Random
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

from marfa.crypto.keys import Key
from marfa.domain.codes import code_of
from marfa.platform import clock
from marfa.platform.keys.instance import current_version
from marfa.platform.revisions.codec import to_json
from marfa.platform.revisions.models import Revision, Versioned
from marfa.platform.revisions.queries import label_of
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.platform.rowsecurity.tables import columns_for
from marfa.safeguards.vault import key_store
from marfa.safeguards.vault.models import SubjectKey

M = TypeVar("M", bound=Model)
Begun = tuple[Versioned, UUID | None, datetime]
"""A new row, who made it (None: a rule), and when."""
LOWEST, HIGHEST = 10_000_000, 99_999_999


def bulk_write(rows: Iterable[M]) -> list[M]:
    """Store new rows of one model as ``bulk_create`` does; PostgreSQL takes them as a stream."""
    made = list(rows)
    if not made:
        return made
    model = type(made[0])
    if connection.vendor != "postgresql":
        return model._default_manager.bulk_create(made)
    fields = model._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in made:
            values = ((field, field.pre_save(row, add=True)) for field in fields)
            copy.write_row([field.get_db_prep_save(value, connection) for field, value in values])
    return made


def write_keys(subjects: Iterable[UUID], at: datetime | None = None) -> None:
    """A key in the vault for each of these people."""
    version = current_version()
    column, above = key_store.wraps_under(version), key_store.wrapping_cipher(version)
    bulk_write(
        SubjectKey(
            subject=subject,
            wrapped_key=column.wrap(above, subject.hex, Key.random()),
            key_version=version,
            made_at=at or clock.now(),
        )
        for subject in subjects
    )


def write_creations(rows: Iterable[Begun], *, purpose: str, action: str) -> None:
    """The history of new rows, once they are stored: by whom each was made, and when."""
    bulk_write(each for row in rows for each in _begun(row, purpose, action))


def _begun(row: Begun, purpose: str, action: str) -> Iterator[Revision]:
    stored, by, at = row
    whose = columns_for(owner_of(stored))
    label = label_of(type(stored))
    for field in type(stored)._meta.concrete_fields:
        value = stored.__dict__[field.attname]
        if field.primary_key or field.attname == "version" or value is None:
            continue
        yield Revision(
            model=label,
            object_id=stored.pk,
            version=1,
            field=field.attname,
            kind=Revision.Kind.CREATED,
            after=to_json(value),
            actor_id=by,
            at=at,
            purpose=purpose,
            action=action,
            **whose,
        )


def change_revisions(
    row: Versioned,
    values: Sequence[tuple[str, object, object]],
    *,
    by: UUID,
    at: datetime,
    purpose: str,
    action: str,
) -> Iterator[Revision]:
    """The history of one change of a row that is stored as it was after it.

    values: name of the field, before, after.
    """
    whose = columns_for(owner_of(row))
    for name, before, after in values:
        yield Revision(
            model=label_of(type(row)),
            object_id=row.pk,
            version=row.version,
            field=name,
            kind=Revision.Kind.CHANGED,
            before=to_json(before),
            after=to_json(after),
            actor_id=by,
            at=at,
            purpose=purpose,
            action=action,
            **whose,
        )


def free_codes(draw: Random, without: Iterable[str] = ()) -> Iterator[str]:
    """Codes that were not given out yet, in no order."""
    taken = set(without)
    while True:
        code = code_of(draw.randint(LOWEST, HIGHEST))
        if code is not None and code not in taken:
            taken.add(code)
            yield code

"""Opening one column of many rows, without an object for each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import FieldError
from django.db.models import QuerySet

from marfa.safeguards.vault.access import Vault, current_vault
from marfa.safeguards.vault.errors import ErasedError
from marfa.safeguards.vault.fields import VaultField
from marfa.safeguards.vault.rows import Vaulted, cipher_of, column_of

AT_ONCE = 2000
V = TypeVar("V", bound=Vaulted)
Row = tuple[UUID, UUID, bytes | None]
Opened = tuple[UUID, UUID, Any]


def open_column(rows: QuerySet[V], name: str) -> Iterator[tuple[UUID, Any]]:
    """(key of the row, value) of one sealed field for each row of a queryset, in its order.

    NULL is None. Rows whose person was erased are left out. Raises VaultClosedError outside
    ``open_vault()``, NotAuthenticError for a value that was changed or moved.
    """
    return ((key, value) for key, _owner, value in _open(rows, name))


def open_by_owner(rows: QuerySet[V], name: str) -> Iterator[tuple[UUID, Any]]:
    """As ``open_column``, by the key of the person or record to whom each row belongs."""
    return ((owner, value) for _key, owner, value in _open(rows, name))


def _open(rows: QuerySet[V], name: str) -> Iterator[Opened]:
    vault = current_vault()
    model = rows.model
    field = model._meta.get_field(name)
    if not isinstance(field, VaultField):
        raise FieldError(f"{name} is not sealed")
    owner = model.vault_subject or model.vault_record
    # Row by row from the database: what is open in memory is one group at a time.
    found = iter(rows.values_list("pk", owner, name).iterator(chunk_size=AT_ONCE))
    while group := list(islice(found, AT_ONCE)):
        yield from _open_group(vault, model, field, group)


def _open_group(
    vault: Vault, model: type[Vaulted], field: VaultField, group: Sequence[Row]
) -> Iterator[Opened]:
    if model.vault_subject:
        vault.load(owner for _, owner, _ in group)
    column = column_of(field.model._meta.db_table, field.column)
    for key, owner, sealed in group:
        try:
            cipher = cipher_of(vault, model, owner)
        except ErasedError:
            continue
        value = None if sealed is None else column.open(cipher, key.hex, sealed)
        yield key, owner, None if value is None else field.from_bytes(value)

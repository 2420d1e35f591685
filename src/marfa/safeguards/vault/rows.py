"""Rows with sealed fields: whose they are, and what their place is."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.core import checks
from django.db import models

from marfa.crypto.columns import Cipher, Column
from marfa.platform.revisions.merge import MergeKind
from marfa.safeguards.vault.access import Vault
from marfa.safeguards.vault.errors import NoOwnerError
from marfa.safeguards.vault.pending_keys import Doubt
from marfa.safeguards.vault.values import Sealed

if TYPE_CHECKING:
    from marfa.platform.revisions.actions import Saved

OWNER = "_vault_owner"
_taken_sealed: ContextVar[bool] = ContextVar("taken_sealed", default=False)


class Vaulted(models.Model):
    """A row with sealed fields. Its primary key is a UUID that is known before it is stored.

    vault_subject: attribute with the key of the person whose key seals the row.
    vault_record: instead of it, attribute with the key of a record about several people, which
        has a key of its own (``records.protect_record``).
    sealed_kinds: the sealed fields that hold a set or a list, for ``changes.save_sealed``. A row's
        ``merge_kinds`` names none of them: they are read where values are sealed.
    """

    vault_subject: ClassVar[str] = ""
    vault_record: ClassVar[str] = ""
    sealed_kinds: ClassVar[Mapping[str, MergeKind]] = {}

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Any:
        row = super().from_db(*args, **kwargs)
        row._remember_owner()
        return row

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """As Django's; sealed values are taken over as they are."""
        token = _taken_sealed.set(True)
        try:
            super().refresh_from_db(*args, **kwargs)
        finally:
            _taken_sealed.reset(token)
        self._remember_owner()

    def save_in_clear(self, **asked: Any) -> Saved:
        """Change fields of a row that is Versioned too, as ``changes.save_sealed`` does: an action
        asks the row, since it does not know of the vault."""
        from marfa.safeguards.vault.changes import save_sealed  # it stands on this module

        return save_sealed(self, **asked)

    def _remember_owner(self) -> None:
        self.__dict__[OWNER] = self.__dict__.get(self.vault_subject or self.vault_record)

    @classmethod
    def check(cls, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if bool(cls.vault_subject) == bool(cls.vault_record):
            text = "say vault_subject or vault_record, one of them"
            found.append(checks.Error(text, obj=cls, id="vault.E001"))
        if not isinstance(cls._meta.pk, models.UUIDField):
            found.append(checks.Error("the key is a UUIDField", obj=cls, id="vault.E002"))
        return found


@dataclass(frozen=True)
class SealedPlace:
    """Where a sealed value belongs, and whose it is."""

    table: str
    column: str
    row: UUID
    owner: UUID

    @classmethod
    def of(cls, field: Any, row: Any) -> SealedPlace:
        """Raises NoOwnerError where the row does not say whose it is."""
        owner = getattr(row, row.vault_subject or row.vault_record, None)
        if not isinstance(owner, UUID) or not isinstance(row.pk, UUID):
            raise NoOwnerError
        return cls(field.model._meta.db_table, field.column, row.pk, owner)


@lru_cache(maxsize=1024)
def column_of(table: str, column: str) -> Column:
    """How values of a column are sealed. Keys of persons and records have one version."""
    return Column(table, column)


def seal_value(vault: Vault, field: Any, row: Any, content: bytes) -> Sealed:
    """The content, sealed for this field of this row; makes the key of a new person."""
    place = SealedPlace.of(field, row)
    if row.vault_subject:
        cipher = vault.key_for_subject(place.owner)
    else:
        cipher = vault.key_of_record(place.owner)
    sealed = Sealed(column_of(place.table, place.column).seal(cipher, place.row.hex, content))
    sealed.place, sealed.doubt = place, vault.doubt_of(place.owner)
    return sealed


def seal_again_if_lost(vault: Vault, field: Any, row: Any, sealed: Sealed) -> Sealed:
    """What was sealed here, or the same under another key where its own was rolled back."""
    doubt = sealed.doubt
    if not isinstance(doubt, Doubt) or not doubt.is_lost():
        return sealed
    place = SealedPlace.of(field, row)
    content = column_of(place.table, place.column).open(doubt.key, place.row.hex, sealed)
    return seal_value(vault, field, row, content)


def open_value(vault: Vault, field: Any, row: Any, sealed: bytes) -> bytes:
    """What was sealed. Raises ErasedError, NotAuthenticError."""
    place = SealedPlace.of(field, row)
    cipher = cipher_of(vault, type(row), place.owner)
    return column_of(place.table, place.column).open(cipher, place.row.hex, sealed)


def cipher_of(vault: Vault, model: type[Vaulted], owner: UUID) -> Cipher:
    """The key that opens the rows of an owner."""
    return vault.key_of_subject(owner) if model.vault_subject else vault.key_of_record(owner)


def taken_sealed() -> bool:
    """Whether sealed values are being copied from one row object to another."""
    return _taken_sealed.get()

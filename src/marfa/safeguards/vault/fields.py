"""Fields of models that are sealed. They are saved and read; nothing is found or sorted by them.

    class Person(Vaulted):
        vault_subject = "id"                      # whose key seals: an attribute with a UUID
        name = VaultTextField()
        born_on = VaultDateField(null=True)

    with open_vault():
        person.name

What is assigned is sealed when the row is saved. ``values()`` gives sealed bytes. Every lookup
but ``isnull`` raises FieldError when the query is built, and so does every expression;
``order_by`` and ``update`` when the statement is.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import checks
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.lookups import IsNull
from django.db.models.query_utils import DeferredAttribute

from marfa.crypto.aead import OVERHEAD, VERSION
from marfa.safeguards.vault.access import current_vault, open_vault
from marfa.safeguards.vault.errors import MovedError
from marfa.safeguards.vault.rows import (
    OWNER,
    SealedPlace,
    Vaulted,
    open_value,
    seal_again_if_lost,
    seal_value,
    taken_sealed,
)
from marfa.safeguards.vault.values import Ready, Sealed, Typed

__all__ = [
    "Content",
    "VaultBytesField",
    "VaultDateField",
    "VaultJSONField",
    "VaultTextField",
    "Vaulted",
    "sealed_value",
]


class VaultAttribute(DeferredAttribute):
    """Reading opens, within ``open_vault()``; assigning keeps the value until the row is saved."""

    field: VaultField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        held = instance.__dict__[name]
        if isinstance(held, Typed):
            return held.value
        if held is None or taken_sealed():
            return held
        return self.field.from_bytes(open_value(current_vault(), self.field, instance, held))

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = _held(value)


def _held(value: object) -> object:
    if value is None or isinstance(value, (Sealed, Typed)):
        return value
    if isinstance(value, (bytes, memoryview)):
        return Sealed(value)
    return Typed(value)


class VaultField(models.Field):  # type: ignore[type-arg]
    """What all sealed fields share; the database has bytes, or NULL for None."""

    name: str
    descriptor_class = VaultAttribute
    empty_strings_allowed = False

    def to_bytes(self, value: Any) -> bytes:
        """The value as it is sealed."""
        raise NotImplementedError

    def from_bytes(self, content: bytes) -> Any:
        """The value that was sealed."""
        raise NotImplementedError

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if self.unique or getattr(self, "db_index", False):
            text = "a sealed field is never the same twice and has no index"
            found.append(checks.Error(text, obj=self, id="vault.E003"))
        if not issubclass(self.model, Vaulted):
            found.append(checks.Error("the model is Vaulted", obj=self, id="vault.E004"))
        return found

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        # Django leaves an attribute of the class alone that has the field's name.
        setattr(cls, self.attname, self.descriptor_class(self))

    # Reading and writing

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: Any, add: bool) -> Ready | None:
        held = model_instance.__dict__[self.attname]
        if held is None:
            return None
        place = SealedPlace.of(self, model_instance)
        if isinstance(held, Typed):
            with open_vault() as vault:
                held = seal_value(vault, self, model_instance, self.to_bytes(held.value))
            model_instance.__dict__[self.attname] = held
        elif held.place is None:
            if add or model_instance.__dict__.get(OWNER) not in (None, place.owner):
                raise MovedError
        elif held.place != place:
            raise MovedError
        elif held.doubt is not None:
            with open_vault() as vault:
                held = seal_again_if_lost(vault, self, model_instance, held)
            model_instance.__dict__[self.attname] = held
        return Ready(held)

    def get_prep_value(self, value: Any) -> Any:
        """Sealed bytes alone reach the database. Raises FieldError for a value in clear, which
        ``update()`` and ``bulk_update()`` would write without its row."""
        if value is None or (isinstance(value, bytes) and _is_sealed(value)):
            return value
        raise FieldError(f"{self.name} is sealed: assign it and save the row, or use sealed_value")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(bytes(value))

    def get_placeholder(self, value: Any, _compiler: Any, connection: Any) -> str:
        if hasattr(value, "as_sql"):
            raise self.refusal()
        placeholder: str = connection.ops.binary_placeholder_sql(value)
        return placeholder

    def value_to_string(self, obj: Any) -> str:
        raise FieldError(f"{self.name} is sealed and is not written out")

    # Queries

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return IsNull
        raise self.refusal()

    def get_transform(self, lookup_name: str) -> Any:
        raise self.refusal()

    def get_col(self, alias: Any, output_field: Any = None) -> Any:
        # Query.setup_joins ends in this function for whatever names the field: F(), order_by,
        # aggregates, distinct. Only values() comes the same way and may have sealed bytes.
        asking = sys._getframe(1)
        if asking.f_code.co_name == "final_transformer" and not _for_values(asking):
            raise self.refusal()
        return super().get_col(alias, output_field)

    def refusal(self) -> FieldError:
        return FieldError(f"{self.name} is sealed: nothing is found, sorted or worked out by it")


def _for_values(frame: Any) -> bool:
    return bool(frame.f_back and frame.f_back.f_code.co_name == "add_fields")


def _is_sealed(value: bytes) -> bool:
    return len(value) >= OVERHEAD and value[0] == VERSION


class VaultTextField(VaultField):
    """Text of any length; its length shows only as a bucket."""

    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def from_bytes(self, content: bytes) -> str:
        return content.decode()

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, bytes) else str(value)


@dataclass(frozen=True)
class Content:
    """Bytes in clear; they say so by their type, since bare bytes in a row are sealed ones."""

    data: bytes

    def __repr__(self) -> str:
        return f"Content({len(self.data)} bytes)"


class VaultBytesField(VaultField):
    """Bytes, kept as they are; assigned and read as :class:`Content`."""

    def to_bytes(self, value: Any) -> bytes:
        if not isinstance(value, Content):
            raise TypeError(f"{self.name} is assigned a Content")
        return value.data

    def from_bytes(self, content: bytes) -> Content:
        return Content(content)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, (bytes, Content)):
            return value
        raise ValidationError("not bytes", code="invalid")


class VaultDateField(VaultField):
    """A date."""

    def to_bytes(self, value: Any) -> bytes:
        found = self.to_python(value)
        assert isinstance(found, date)  # noqa: S101 - to_python gives nothing else
        return found.isoformat().encode()

    def from_bytes(self, content: bytes) -> date:
        return date.fromisoformat(content.decode())

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, bytes):
            return value
        found: Any = models.DateField().to_python(value)
        return found


class VaultJSONField(VaultField):
    """What JSON can hold."""

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()

    def from_bytes(self, content: bytes) -> Any:
        return json.loads(content)

    def to_python(self, value: Any) -> Any:
        try:
            _ = value if isinstance(value, bytes) else json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            # Without the value, which may be what is to be kept.
            raise ValidationError("not JSON", code="invalid") from None
        return value


def sealed_value(row: Vaulted, name: str, value: object) -> Sealed | None:
    """A value sealed for a field of a row, for ``update()`` and ``revisions.save_changes``.

    It can be written to that row alone: elsewhere it does not open.
    """
    field = row._meta.get_field(name)
    if not isinstance(field, VaultField):
        raise FieldError(f"{name} is not sealed")
    python = field.to_python(value)
    if python is None:
        return None
    with open_vault() as vault:
        return seal_value(vault, field, row, field.to_bytes(python))

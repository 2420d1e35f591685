"""Whose the rows of a table are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar
from uuid import UUID

from django.db.models import Field, Model

from marfa.platform.migration.tableparts import MakePart, TablePart


@dataclass(frozen=True)
class OwnedRows(TablePart):
    """Said in a model as ``owned_rows = OwnedRows(...)``; migrations are written from it.

    owner: field with the organisation that the row belongs to.
    kind: what the charter calls the object that the row is about, such as ``Person``.
    object_key: field with that object's key: ``id`` of the object's own table.
    kind_key: field with the kind, where one table holds rows about objects of several kinds.
    unowned: whether rows without an owner are the installation's own and seen by all; such a row
        is about no object (a constraint of the table).
    """

    attribute: ClassVar[str] = "owned_rows"
    # The policies ask the table of openings.
    needs: ClassVar[tuple[tuple[str, str, str], ...]] = (("organisations", "accessgrant", "owner"),)

    owner: str = "organisation"
    kind: str = "Person"
    object_key: str = "id"
    kind_key: str = ""
    unowned: bool = False

    def operation(self, model_name: str) -> MakePart:
        from marfa.platform.rowsecurity.operations import ProtectRows

        return ProtectRows(model_name, **asdict(self))

    def fields(self, model: type[Model]) -> list[str]:
        names = filter(None, (self.owner, self.object_key, self.kind_key))
        return [field_of(model, name).name for name in names]


@dataclass(frozen=True)
class Owner:
    """Whose one row is: the organisation, and the object that it is about, where there is one."""

    organisation: UUID | None
    kind: str = ""
    key: UUID | None = None


INSTALLATION = Owner(None)
"""The owner of what is about no person: it belongs to the installation, and everybody sees it."""


class WithoutOwnerError(ValueError):
    """A row that belongs to an organisation does not say to which."""


def owned_rows(model: type[Model]) -> OwnedRows | None:
    """What a model says of its rows; None where it says nothing."""
    found = getattr(model, "owned_rows", None)
    return found if isinstance(found, OwnedRows) else None


def owner_of(row: Model) -> Owner:
    """Whose a row is, so that what is kept about it elsewhere is the same organisation's.

    INSTALLATION for a row of a table that belongs to nobody. Raises WithoutOwnerError.
    """
    said = owned_rows(type(row))
    if said is None:
        return INSTALLATION
    organisation = getattr(row, field_of(type(row), said.owner).attname)
    if organisation is None and not said.unowned:
        raise WithoutOwnerError(type(row)._meta.label)
    kind = getattr(row, field_of(type(row), said.kind_key).attname) if said.kind_key else said.kind
    return Owner(organisation, kind, getattr(row, field_of(type(row), said.object_key).attname))


def field_of(model: type[Model], name: str) -> Field:  # type: ignore[type-arg]
    """A field of a model by its name or that of its column; raises LookupError."""
    for field in model._meta.local_concrete_fields:
        if name in (field.name, field.attname):
            return field
    raise LookupError(f"{model._meta.label} has no column {name}")

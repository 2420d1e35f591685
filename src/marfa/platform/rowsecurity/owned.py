"""Whose the rows of a table are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True)
class OwnedRows:
    """Said in a model as ``owned_rows = OwnedRows(...)``, and again in the migration.

    owner: field with the organisation that the row belongs to.
    kind: what the charter calls the object that the row is about, such as ``Person``.
    object_key: field with that object's key: ``id`` of the object's own table.
    """

    owner: str = "organisation"
    kind: str = "Person"
    object_key: str = "id"


def owned_rows(model: type[Model]) -> OwnedRows | None:
    """What a model says of its rows; None where it says nothing."""
    found = getattr(model, "owned_rows", None)
    return found if isinstance(found, OwnedRows) else None

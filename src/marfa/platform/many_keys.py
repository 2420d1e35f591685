"""Rows of many keys, in one parameter.

``field__in`` with thousands of keys is a statement with thousands of parameters, and most of the
time goes into writing it. Here the keys go to the database as one text.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ForeignKey, Lookup, Q, UUIDField
from django.db.models.sql.compiler import SQLCompiler

FEW = 100
"""So few are listed: the database estimates them better."""


def among(field: str, keys: Collection[UUID]) -> Q:
    """The condition that a field with a key (UUID), or a reference to one, is among some.

    field: as a query names it ("person", "case__person").
    """
    if len(keys) <= FEW:
        return Q(**{f"{field}__in": list(keys)})
    return Q(**{f"{field}__{Among.lookup_name}": Keys(",".join([key.hex for key in keys]))})


@dataclass(frozen=True)
class Keys:
    """Keys as one text, with commas. Django would look at each letter of a plain text."""

    text: str


class Among(Lookup):
    """Equal to one of many keys."""

    lookup_name = "among"
    prepare_rhs = False
    rhs: Keys

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        column, of_column = self.process_lhs(compiler, connection)
        keys = json.dumps(self.rhs.text.split(","))
        # The name of a column, and no value of anybody.
        asked = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608
        return asked, [*of_column, keys]

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        column, of_column = self.process_lhs(compiler, connection)
        return f"{column} = ANY(string_to_array(%s, ',')::uuid[])", [*of_column, self.rhs.text]


for kind in (UUIDField, ForeignKey):
    kind.register_lookup(Among)

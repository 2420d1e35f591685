"""The only kinds of column that a fact may have. Each is bounded by the database itself, so that
no name and no free text can be written even past the program.

A code list is part of the column's definition: when the list changes, a migration is due.

``leaves="never"``: what the column says stays with who protects (charter, rule 7). It is in no CSV
and in no file for others; a Parquet file for one's own use says of it that it may not leave, and
whatever counts such a file refuses the column.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from marfa.domain.codelists import codelist
from marfa.domain.countries import country_by_code
from marfa.domain.message import InputError, Message

if TYPE_CHECKING:
    # Fields are generic for the type checker alone.
    _CharField = models.CharField[Any, Any]
    _IntegerField = models.IntegerField[Any, Any]
    _DateField = models.DateField[Any, Any]
    _BooleanField = models.BooleanField[Any, Any]
    _UUIDField = models.UUIDField[Any, Any]
else:
    _CharField, _IntegerField = models.CharField, models.IntegerField
    _DateField, _BooleanField = models.DateField, models.BooleanField
    _UUIDField = models.UUIDField

Precision = Literal["day", "month", "year"]
Leaves = Literal["codes", "never"]
"""Whether a column may be in a file for others."""

BAR = "|"
_CODE = re.compile(r"[A-Za-z0-9_]{1,60}")
_AREA = re.compile(r"[A-Z]{2}[0-9]{0,12}")
AREA_LENGTH = 14


def wrong_value_error(name: str) -> InputError:
    """The value does not fit its column. It is not repeated: it may be what must not be here."""
    return InputError.at(Message("platform.facts:value-not-coded", {"field": name}), field=name)


class _Coded(_CharField):
    """Text of codes from one list."""

    def __init__(
        self,
        *,
        list_name: str,
        codes: Collection[str] | None = None,
        leaves: Leaves = "codes",
        **kwargs: Any,
    ):
        self.list_name = list_name
        self.leaves = leaves
        self.codes = tuple(codes if codes is not None else codelist(list_name).codes)
        if not all(_CODE.fullmatch(code) for code in self.codes):
            raise ValueError(f"{list_name} has codes that are more than letters and digits")
        kwargs["max_length"] = self.length()
        super().__init__(**kwargs)

    def length(self) -> int:
        return max(len(code) for code in self.codes)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, {**kwargs, "list_name": self.list_name, "codes": list(self.codes)}


class CodeColumn(_Coded):
    """One code of a list."""

    def coded(self, value: object) -> str:
        if value not in self.codes:
            raise wrong_value_error(self.attname)
        return str(value)

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        codes = ", ".join(f"'{code}'" for code in self.codes)
        return f"{_quoted(self, connection)} IN ({codes})"


class CodesColumn(_Coded):
    """Several codes of a list, each once, in the order of the list: ``|a|b|``; none is ``|``."""

    def length(self) -> int:
        return sum(len(code) + 1 for code in self.codes) + 1

    def coded(self, value: object) -> tuple[str, ...]:
        """The codes in the order of the list."""
        if isinstance(value, str) or not isinstance(value, Collection):
            raise wrong_value_error(self.attname)
        if not set(value) <= set(self.codes):
            raise wrong_value_error(self.attname)
        return tuple(code for code in self.codes if code in value)

    def from_db_value(self, value: str | None, *_: object) -> tuple[str, ...] | None:
        return None if value is None else tuple(part for part in value.split(BAR) if part)

    def to_python(self, value: Any) -> Any:
        return self.from_db_value(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return BAR + "".join(code + BAR for code in value)

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        """Nothing but a bar is left once each code has been taken out once."""
        left = _quoted(self, connection)
        for code in self.codes:
            left = f"REPLACE({left}, '{BAR}{code}{BAR}', '{BAR}')"
        return f"{left} = '{BAR}'"


class AreaColumn(_CharField):
    """An administrative area by its P-code: country (ISO 3166-1, two letters), then digits."""

    def __init__(self, **kwargs: Any):
        kwargs["max_length"] = AREA_LENGTH
        super().__init__(**kwargs)

    def coded(self, value: object) -> str | None:
        if value is None and self.null:
            return None
        if not isinstance(value, str) or not _AREA.fullmatch(value):
            raise wrong_value_error(self.attname)
        try:
            country_by_code(value[:2])
        except InputError:
            raise wrong_value_error(self.attname) from None
        return value

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        column = _quoted(self, connection)
        if connection.vendor == "postgresql":
            return f"{column} ~ '^{_AREA.pattern}$'"
        digits = f"substr({column}, 3) NOT GLOB '*[^0-9]*'"
        return f"{column} GLOB '[A-Z][A-Z]*' AND {digits} AND length({column}) <= {AREA_LENGTH}"


class WholeColumn(_IntegerField):
    """A whole number between two bounds, such as a count of children."""

    def __init__(self, *, lowest: int, highest: int, leaves: Leaves = "codes", **kwargs: Any):
        self.lowest, self.highest = lowest, highest
        self.leaves = leaves
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "lowest": self.lowest, "highest": self.highest}

    def coded(self, value: object) -> int | None:
        if value is None and self.null:
            return None
        if type(value) is not int or not self.lowest <= value <= self.highest:
            raise wrong_value_error(self.attname)
        return value

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f"{_quoted(self, connection)} BETWEEN {self.lowest} AND {self.highest}"


class DayColumn(_DateField):
    """A day.

    exported: how much of it leaves; a day that gives away a birthday leaves as its month.
    """

    def __init__(self, *, exported: Precision = "day", leaves: Leaves = "codes", **kwargs: Any):
        self.exported = exported
        self.leaves = leaves
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "exported": self.exported}

    def coded(self, value: object) -> date | None:
        if value is None and self.null:
            return None
        if type(value) is not date:
            raise wrong_value_error(self.attname)
        return value


class FlagColumn(_BooleanField):
    """Yes or no."""

    def __init__(self, *args: Any, leaves: Leaves = "codes", **kwargs: Any):
        self.leaves = leaves
        super().__init__(*args, **kwargs)

    def coded(self, value: object) -> bool:
        if type(value) is not bool:
            raise wrong_value_error(self.attname)
        return value


class KeyColumn(_UUIDField):
    """The key of a place or of a member of staff, never of a person who is helped. It serves lists
    of the team itself and leaves with no export."""

    def coded(self, value: object) -> UUID | None:
        if value is None and self.null:
            return None
        if not isinstance(value, UUID):
            raise wrong_value_error(self.attname)
        return value

    def db_check(self, connection: BaseDatabaseWrapper) -> str | None:
        """PostgreSQL has a type for it; SQLite holds 32 hexadecimal digits."""
        if connection.vendor == "postgresql":
            return None
        column = _quoted(self, connection)
        return f"{column} NOT GLOB '*[^0-9a-f]*' AND length({column}) = 32"


Column = CodeColumn | CodesColumn | AreaColumn | WholeColumn | DayColumn | FlagColumn | KeyColumn
COLUMNS = (CodeColumn, CodesColumn, AreaColumn, WholeColumn, DayColumn, FlagColumn, KeyColumn)


def never_leaves(column: Column) -> bool:
    """Whether what a column says stays with who protects. Keys leave with no file at all."""
    return isinstance(column, KeyColumn) or getattr(column, "leaves", "codes") == "never"


def _quoted(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> str:
    return connection.ops.quote_name(str(field.column))

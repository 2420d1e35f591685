"""Which tables go out together: a file in TOML.

    [[table]]
    name = "sex-form"
    by = ["sex", "form"]

    [[table]]
    by = "age,form"
    where = { district = "North" }

name: of the file that is written, by default the columns. where: only records with these values.
min_cell, period: as on the command line, above all tables or in one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message

TABLES = ("table", "tables")
BY = ("by", "columns", "dimensions")
SHARED = ("min_cell", "period")
NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class SetEntry:
    """One table of a set. min_cell, period: None where the file says nothing."""

    name: str
    by: tuple[str, ...]
    where: tuple[tuple[str, str], ...] = ()
    min_cell: int | None = None
    period: str | None = None


def read_set(path: Path) -> tuple[SetEntry, ...]:
    """The tables of a set. Raises InputError that names what is wrong and where."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError.at(Message("methods.disclosure.tables:no-file"), file=str(path)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _error(path, "set-not-toml", reason=str(error)) from error
    shared = {key: data.pop(key) for key in SHARED if key in data}
    found: list[SetEntry] = []
    for entry in _entries(path, data):
        table = _entry(path, {**shared, **entry}, len(found) + 1)
        if table.name.casefold() in {other.name.casefold() for other in found}:
            raise _error(path, "set-name-twice", name=table.name)
        found.append(table)
    if not found:
        raise _error(path, "set-empty")
    return tuple(found)


def _entries(path: Path, data: dict[str, Any]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for key, value in data.items():
        if key not in TABLES:
            raise _error(path, "set-key", key=key)
        named = isinstance(value, Mapping) and all(isinstance(v, Mapping) for v in value.values())
        if named:
            value = [{"name": name, **entry} for name, entry in value.items()]
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise _error(path, "set-key", key=key)
        entries += [dict(each) for each in value]
    return entries


def _entry(path: Path, entry: dict[str, Any], place: int) -> SetEntry:
    allowed = {"name", "where", *BY, *SHARED}
    for key in entry:
        if key not in allowed:
            raise _error(path, "set-key", key=key, table=place)
    by = next((entry[key] for key in BY if key in entry), ())
    names = by.split(",") if isinstance(by, str) else by
    where = entry.get("where", {})
    minimum, period = entry.get("min_cell"), entry.get("period")
    right = (
        isinstance(names, list | tuple)
        and len(names) > 0
        and all(isinstance(name, str) and name.strip() for name in names)
        and isinstance(where, Mapping)
        and (minimum is None or (isinstance(minimum, int) and minimum >= 2))
        and isinstance(entry.get("name", ""), str)
    )
    if not right:
        raise _error(path, "set-entry", table=place)
    columns = tuple(name.strip() for name in names)
    name = NAME.sub("-", entry.get("name") or "-".join(columns)).strip("-.")
    pairs = tuple((str(column), str(value)) for column, value in where.items())
    return SetEntry(
        name or str(place), columns, pairs, minimum, None if period is None else str(period)
    )


def _error(path: Path, code: str, table: int | None = None, **params: object) -> InputError:
    message = Message(f"methods.disclosure.releases:{code}", params)
    return InputError.at(message, file=path.name, row=table)

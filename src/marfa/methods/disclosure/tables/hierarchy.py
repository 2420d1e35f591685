"""Groups of values (age bands, districts in provinces) from a file.

Three layouts: a CSV whose header begins with a dimension's name and goes on to ever wider groups
(``district,province,country``); a CSV with the columns ``dimension,value,group``; a JSON object
``{"district": {"Afrin": "Aleppo"}}``.
"""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message

Groups = dict[str, dict[str, str]]
LONG = ("dimension", "value", "group")
ALIASES = {
    "variable": "dimension",
    "column": "dimension",
    "field": "dimension",
    "code": "value",
    "child": "value",
    "category": "value",
    "node": "value",
    "parent": "group",
}


def read_hierarchy(path: Path, dimensions: tuple[str, ...]) -> Groups:
    """Group above each value, by dimension.

    Raises InputError for a file of another layout and for a value in two groups.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError.at(
            Message("methods.disclosure.tables:not-utf8"), file=path.name, row=1
        ) from error
    except OSError as error:
        raise InputError.at(Message("methods.disclosure.tables:no-file"), file=str(path)) from error
    if text.lstrip().startswith("{"):
        return _from_json(path, text, dimensions)
    mark = ";" if text.splitlines()[:1] and text.splitlines()[0].count(";") > 0 else ","
    rows = [
        [value.strip() for value in row]
        for row in csv.reader(text.splitlines(keepends=True), delimiter=mark)
    ]
    header = rows[0] if rows else []
    named = [ALIASES.get(name.lower(), name.lower()) for name in header]
    groups: Groups = {}
    if set(LONG) <= set(named):
        places = [named.index(name) for name in LONG]
        for number, row in enumerate(rows[1:], start=2):
            if any(row):
                _check(path, number, row, len(header))
                dimension, value, group = (row[place] for place in places)
                _put(path, groups, dimension, value, group, number)
        return _known(path, groups, dimensions)
    if not header or header[0] not in dimensions or len(header) < 2:
        raise _wrong(path, dimensions)
    for number, row in enumerate(rows[1:], start=2):
        levels = [value for value in row if value]
        for value, group in pairwise(levels):
            if value != group:
                _put(path, groups, header[0], value, group, number)
    return groups


def _from_json(path: Path, text: str, dimensions: tuple[str, ...]) -> Groups:
    try:
        data: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise _wrong(path, dimensions) from error
    groups: Groups = {}
    for dimension, pairs in data.items():
        if not isinstance(pairs, dict):
            raise _wrong(path, dimensions)
        for value, group in pairs.items():
            if not isinstance(group, str):
                raise _wrong(path, dimensions)
            _put(path, groups, dimension, value, group)
    return _known(path, groups, dimensions)


def _put(
    path: Path, groups: Groups, dimension: str, value: str, group: str, row: int | None = None
) -> None:
    if not (dimension and value and group):
        return
    above = groups.setdefault(dimension, {})
    if above.setdefault(value, group) != group:
        raise InputError.at(
            Message(
                "methods.disclosure.tables:two-groups",
                {"value": value, "first": above[value], "second": group},
            ),
            file=path.name,
            row=row,
        )


def _check(path: Path, number: int, row: list[str], width: int) -> None:
    if len(row) != width:
        raise InputError.at(
            Message("methods.disclosure.tables:row-width", {"found": len(row), "wanted": width}),
            file=path.name,
            row=number,
        )


def _known(path: Path, groups: Groups, dimensions: tuple[str, ...]) -> Groups:
    if not set(groups) & set(dimensions):
        raise _wrong(path, dimensions)
    return {name: pairs for name, pairs in groups.items() if name in dimensions}


def _wrong(path: Path, dimensions: tuple[str, ...]) -> InputError:
    return InputError.at(
        Message(
            "methods.disclosure.tables:hierarchy-layout", {"dimensions": ", ".join(dimensions)}
        ),
        file=path.name,
    )

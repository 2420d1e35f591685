"""Values of fields as typed JSON, so that a date comes back as a date and a set as a set.

Numbers, text, yes or no and nothing stand for themselves; all else is ``{"t": type, "v": value}``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_WRITE: tuple[tuple[type, str, Callable[..., Json]], ...] = (
    # A datetime is a date as well, so it stands first.
    (datetime, "datetime", datetime.isoformat),
    (date, "date", date.isoformat),
    (time, "time", time.isoformat),
    (Decimal, "decimal", str),
    (UUID, "uuid", str),
)
_READ: dict[str, Callable[[str], object]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "decimal": Decimal,
    "uuid": UUID,
    "bytes": base64.b64decode,
}


def to_json(value: object) -> Json:
    """The value as typed JSON. Raises TypeError for a type that would not come back the same."""
    if value is None or type(value) in (bool, int, str):
        return value  # type: ignore[return-value]
    if isinstance(value, str):  # a choice of an enumeration
        return str(value)
    if isinstance(value, float) and value - value == 0:
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"t": "bytes", "v": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return {"t": "map", "v": {name: to_json(each) for name, each in value.items()}}
    if isinstance(value, (list, tuple)):
        return {"t": "list", "v": [to_json(each) for each in value]}
    if isinstance(value, (set, frozenset)):
        return {"t": "set", "v": sorted((to_json(each) for each in value), key=_text)}
    for kind, name, write in _WRITE:
        if isinstance(value, kind):
            return {"t": name, "v": write(value)}
    raise TypeError(f"a {type(value).__name__} cannot be kept in a revision")


def from_json(data: Json) -> object:
    """What :func:`to_json` was given; tuples come back as lists, frozen sets as sets."""
    if not isinstance(data, dict):
        return data
    kind, value = str(data["t"]), data["v"]
    if kind == "map" and isinstance(value, dict):
        return {name: from_json(each) for name, each in value.items()}
    if kind == "list" and isinstance(value, list):
        return [from_json(each) for each in value]
    if kind == "set" and isinstance(value, list):
        return {from_json(each) for each in value}
    return _READ[kind](str(value))


def key_of(value: object) -> str:
    """A text that two values share exactly when they are the same; ``1`` and ``True`` are not."""
    return _text(to_json(value))


def _text(data: Json) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True)

"""Data types of answers: whether a text is one, and how a calculated value is written as one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from marfa.methods.xforms.xpath import Value
from marfa.methods.xforms.xpath.dates import date_text, local_moment, read_moment, read_time
from marfa.methods.xforms.xpath.functions.moments import moment_of
from marfa.methods.xforms.xpath.values import number, number_text, string

LONGEST = 100_000
"""Characters that one answer may have."""

_INTEGER = re.compile(r"[+-]?\d{1,18}")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_FILE_NAME = re.compile(r"[^/\\\x00-\x1f]{1,255}")


def _is_date(text: str) -> bool:
    found = read_moment(text, UTC)
    return found is not None and not isinstance(found, datetime)


def _is_moment(text: str) -> bool:
    return isinstance(read_moment(text, UTC), datetime)


def _is_place(text: str) -> bool:
    """Latitude, longitude, and perhaps altitude and accuracy."""
    parts = text.split()
    if not 2 <= len(parts) <= 4 or not all(_DECIMAL.fullmatch(part) for part in parts):
        return False
    return abs(float(parts[0])) <= 90 and abs(float(parts[1])) <= 180


_CHECKS: dict[str, Callable[[str], bool]] = {
    "int": lambda text: _INTEGER.fullmatch(text) is not None,
    "decimal": lambda text: _DECIMAL.fullmatch(text) is not None,
    "boolean": lambda text: text in ("true", "false", "1", "0"),
    "date": _is_date,
    "time": lambda text: read_time(text) is not None,
    "dateTime": _is_moment,
    "geopoint": _is_place,
    "binary": lambda text: _FILE_NAME.fullmatch(text) is not None and text not in (".", ".."),
}


def fits_kind(kind: str, text: str) -> bool:
    """Whether a text that is not empty is a value of the data type."""
    if len(text) > LONGEST:
        return False
    check = _CHECKS.get(kind)
    return check is None or check(text)


def write_value(value: Value, kind: str, zone: tzinfo) -> str:
    """A calculated value as the answer of a place. What is no number is no answer."""
    if isinstance(value, float) and math.isnan(value):
        return ""
    if kind == "int":
        return _whole(value, zone)
    if kind == "decimal" and not isinstance(value, str):
        return _finite(number(value, zone))
    if kind in ("date", "dateTime") and isinstance(value, (float, str)):
        return _moment(value, kind, zone)
    return string(value)


def _whole(value: Value, zone: tzinfo) -> str:
    found = number(value, zone)
    if math.isfinite(found):
        return str(math.trunc(found))
    return "" if isinstance(value, float) else string(value)


def _finite(found: float) -> str:
    return number_text(found) if math.isfinite(found) else ""


def _moment(value: float | str, kind: str, zone: tzinfo) -> str:
    if isinstance(value, str) and (not value or kind == "dateTime"):
        return value
    found = moment_of(value, zone)
    if found is None:
        return string(value)
    here = local_moment(found, zone)
    return date_text(here) if kind == "date" else here.isoformat(timespec="milliseconds")

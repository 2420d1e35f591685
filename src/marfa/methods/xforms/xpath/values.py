"""From one type of XPath to another (XPath 1.0 section 4, with ODK's dates as numbers)."""

from __future__ import annotations

import math
import re
from datetime import UTC, tzinfo
from decimal import Decimal

from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath.dates import days_since_epoch, read_moment
from marfa.methods.xforms.xpath.focus import Value

_NUMBER = re.compile(r"\s*(-?(?:\d+(?:\.\d*)?|\.\d+))\s*")
_MANTISSA = 2.0**53


def string(value: Value) -> str:
    """A list is the text of its first element, a whole number has no point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    return value[0].string() if value else ""


def number_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < _MANTISSA:
        return str(int(value))
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def text_number(text: str, zone: tzinfo = UTC) -> float:
    """The number that a text is, the days of a date, or NaN."""
    match = _NUMBER.fullmatch(text)
    if match is not None:
        return float(match.group(1))
    if len(text) < 10:
        return math.nan
    moment = read_moment(text, zone)
    return math.nan if moment is None else days_since_epoch(moment, zone)


def number(value: Value, zone: tzinfo = UTC) -> float:
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    return text_number(value if isinstance(value, str) else string(value), zone)


def boolean(value: Value) -> bool:
    """A list is true where its first element has text, as JavaRosa has it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    if isinstance(value, str):
        return value != ""
    return bool(value) and value[0].string() != ""


def nodes_or_none(value: Value) -> list[Node] | None:
    """The list, or None where the value is none."""
    return value if isinstance(value, list) else None

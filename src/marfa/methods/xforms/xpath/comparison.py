"""Comparisons of XPath 1.0 (section 3.4): a list compares where one of its elements does."""

from __future__ import annotations

import operator as operators
from collections.abc import Callable
from datetime import tzinfo

from marfa.methods.xforms.xpath.focus import Value
from marfa.methods.xforms.xpath.values import boolean, number, string

_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}


def compare(operator: str, left: Value, right: Value, zone: tzinfo) -> bool:
    """Whether ``left operator right`` holds."""
    if isinstance(left, list) and not isinstance(right, bool):
        return any(compare(operator, value, right, zone) for value in _strings(left))
    if isinstance(right, list) and not isinstance(left, bool):
        return any(compare(operator, left, value, zone) for value in _strings(right))
    if operator in _ORDER:
        return _ORDER[operator](number(left, zone), number(right, zone))
    equal = _equal(left, right, zone)
    return equal if operator == "=" else not equal


def _strings(found: list) -> list[str]:  # type: ignore[type-arg]
    """The texts of a list. An empty list counts as one empty text, as ODK's clients have it:
    a question that is not relevant or not answered is ``''``."""
    return [node.string() for node in found] if found else [""]


def _equal(left: Value, right: Value, zone: tzinfo) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return boolean(left) == boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return number(left, zone) == number(right, zone)
    return string(left) == string(right)

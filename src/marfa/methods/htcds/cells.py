"""One value in one cell of a CSV file, and back without loss."""

from __future__ import annotations

import re
from typing import Any

from marfa.domain.spreadsheets import guard_text, unguard_text
from marfa.methods.htcds.specs import Spec, ValueType

TEXTS = (ValueType.TEXT, ValueType.LONG_TEXT, ValueType.LOOKUP, ValueType.PHONE)

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?(?:e-[0-9]{1,3})?")


def to_cell(spec: Spec, value: Any, separator: str) -> str:
    """A value as a cell. An apostrophe stands before a text that a spreadsheet would run."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return separator.join(value)
    if spec.kind in TEXTS:
        return guard_text(str(value))
    return repr(value) if isinstance(value, float) else str(value)


def from_cell(spec: Spec, cell: str, separator: str) -> Any:
    """The value of a cell that is not empty; what has not the form of one is left as a text, so
    that the rules find it."""
    if spec.several:
        return cell.split(separator)
    if spec.kind in TEXTS:
        return unguard_text(cell)
    if spec.kind is ValueType.NUMBER and _WHOLE.fullmatch(cell):
        return int(cell)
    if spec.kind is ValueType.DEGREES and _DEGREES.fullmatch(cell):
        return float(cell)
    if spec.kind is ValueType.CHECKBOX:
        return {"true": True, "false": False}.get(cell.lower(), cell)
    return cell

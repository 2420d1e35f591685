"""What was found, said without repeating what a person told: codes, kinds and sizes alone."""

from __future__ import annotations

import math
from functools import cache

from marfa.domain.codelists import codelist
from marfa.domain.message import Message
from marfa.methods.htcds.layout import SPECS

_SHORT = 9_999
"""A greater number may be that of a telephone or of papers."""


@cache
def known_codes() -> dict[str, str]:
    """Every code of every list of the record, by its lower-case form."""
    names = {spec.codes for spec in SPECS.values() if spec.codes}
    return {code.lower(): code for name in sorted(names) for code in codelist(name).codes}


def found(value: object) -> Message:
    """A value, described."""
    if value is None:
        return Message("methods.htcds:found-null")
    if isinstance(value, bool):
        return Message("methods.htcds:found-true" if value else "methods.htcds:found-false")
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        return Message("methods.htcds:found-list", {"size": len(value)})
    return Message("methods.htcds:found-object")


def a_date() -> Message:
    """A date, not which: a birth date is told to nobody."""
    return Message("methods.htcds:found-date")


def a_value() -> Message:
    """Something, where what it is does not matter."""
    return Message("methods.htcds:found-value")


def _number(value: float) -> Message:
    if not math.isfinite(value):
        return Message("methods.htcds:found-not-finite")
    if isinstance(value, int) and abs(value) <= _SHORT:
        return Message("methods.htcds:found-number", {"number": str(value)})
    return Message("methods.htcds:found-other-number")


def _text(value: str) -> Message:
    if value.strip().lower() in known_codes():
        # In its own letters and with its spaces, which may be what is wrong with it.
        return Message("methods.htcds:found-code", {"code": value})
    return Message("methods.htcds:found-text", {"size": len(value)})

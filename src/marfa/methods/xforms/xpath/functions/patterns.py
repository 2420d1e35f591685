"""Regular expressions that forms bring: those that could run for ever are refused.

A pattern in which something unbounded is repeated without bound (``(a+)+``) can take exponential
time on a short answer. It is refused when the form is read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from marfa.methods.xforms.xpath.focus import UnevaluableError

_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
_LONGEST = 1_000
_MANY = 10
_UNBOUNDED_SIDE_BY_SIDE = 6


@lru_cache(maxsize=512)
def compile_pattern(text: str) -> re.Pattern[str]:
    """The pattern, compiled.

    Raises UnevaluableError where it is none, or could run for ever.
    """
    if len(text) > _LONGEST:
        raise UnevaluableError("pattern-unsafe", text[:40])
    try:
        parsed = _parser.parse(text)
        if _unsafe(parsed, within=False) or _unbounded(parsed) > _UNBOUNDED_SIDE_BY_SIDE:
            raise UnevaluableError("pattern-unsafe", text)
        return re.compile(text)
    except (re.error, OverflowError, RecursionError):
        raise UnevaluableError("pattern-wrong", text) from None


def _unsafe(parsed: Any, *, within: bool) -> bool:
    """Whether a repetition without bound stands within another."""
    for kind, argument in parsed:
        if kind in _REPEATS:
            many = argument[1] > _MANY
            variable = argument[0] != argument[1]
            if within and many and variable:
                return True
            if _unsafe(argument[2], within=within or many):
                return True
        elif any(_unsafe(part, within=within) for part in _inner(argument)):
            return True
    return False


def _unbounded(parsed: Any) -> int:
    """How many repetitions without bound there are; each multiplies the time by the length."""
    total = 0
    for kind, argument in parsed:
        if kind in _REPEATS:
            total += (argument[1] > 1000) + _unbounded(argument[2])
        else:
            total += sum(_unbounded(part) for part in _inner(argument))
    return total


def _inner(argument: Any) -> list[Any]:
    """The patterns inside a group, a branch or a look-around."""
    if isinstance(argument, _parser.SubPattern):
        return [argument]
    if isinstance(argument, (tuple, list)):
        return [found for part in argument for found in _inner(part)]
    return []

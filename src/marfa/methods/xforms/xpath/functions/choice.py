"""Functions that do not evaluate everything they are given."""

from __future__ import annotations

from collections.abc import Callable

from marfa.methods.xforms.xpath.focus import Focus, Value
from marfa.methods.xforms.xpath.functions.register import ANY, Function
from marfa.methods.xforms.xpath.values import boolean, string

Runners = list[Callable[[Focus], Value]]


def _if(focus: Focus, arguments: Runners) -> Value:
    return arguments[1 if boolean(arguments[0](focus)) else 2](focus)


def _coalesce(focus: Focus, arguments: Runners) -> Value:
    for argument in arguments:
        found = string(argument(focus))
        if found:
            return found
    return ""


def _once(focus: Focus, arguments: Runners) -> Value:
    return focus.current.string() or string(arguments[0](focus))


LAZY = {
    "if": Function(3, 3, lazy=_if),
    "coalesce": Function(1, ANY, lazy=_coalesce),
    "once": Function(1, 1, lazy=_once),
}

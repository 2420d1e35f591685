"""Functions of numbers and of truth."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC
from decimal import ROUND_FLOOR, Decimal

from marfa.methods.xforms.xpath.focus import Focus, Value
from marfa.methods.xforms.xpath.functions.register import ANY, Function, Work
from marfa.methods.xforms.xpath.values import boolean, number, string


def number_in_zone(focus: Focus, value: Value) -> float:
    """The value as a number, dates in the form's zone."""
    return number(value, focus.run.around.now.tzinfo or UTC)


def _number(focus: Focus, arguments: list[Value]) -> Value:
    return number_in_zone(focus, arguments[0] if arguments else focus.node.string())


def _int(focus: Focus, arguments: list[Value]) -> Value:
    found = number_in_zone(focus, arguments[0])
    return float(math.trunc(found)) if math.isfinite(found) else found


def _round(focus: Focus, arguments: list[Value]) -> Value:
    """Halves go up, as in XPath 1.0 section 4.4; the second argument is a number of decimals."""
    found = number_in_zone(focus, arguments[0])
    decimals = number_in_zone(focus, arguments[1]) if len(arguments) > 1 else 0.0
    if not math.isfinite(found) or math.isnan(decimals) or abs(decimals) > 30:
        return found
    places = int(decimals)
    if places == 0:
        return float(math.floor(found + 0.5))
    if places < 0:
        scale = 10.0**-places
        return float(math.floor(found / scale + 0.5) * scale)
    return _decimal_round(found, places)


def _decimal_round(found: float, places: int) -> float:
    exact = Decimal(repr(found)) + Decimal(5).scaleb(-places - 1)
    return float(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_FLOOR))


def _real(work: Callable[..., float], arguments: int = 1) -> Function:
    def run(focus: Focus, values: list[Value]) -> Value:
        try:
            found = work(*(number_in_zone(focus, value) for value in values))
        except (ValueError, ZeroDivisionError):
            return math.nan
        except OverflowError:
            return math.inf
        return found

    return Function(arguments, arguments, run)


def _log(value: float) -> float:
    return -math.inf if value == 0 else math.log(value)


def _log10(value: float) -> float:
    return -math.inf if value == 0 else math.log10(value)


def _pow(value: float, power: float) -> float:
    found = value**power
    return found if isinstance(found, float) else math.nan


def _checklist(weighted: bool) -> Work:
    def run(focus: Focus, arguments: list[Value]) -> Value:
        least, most = number_in_zone(focus, arguments[0]), number_in_zone(focus, arguments[1])
        rest = arguments[2:]
        if weighted:
            pairs = zip(rest[::2], rest[1::2], strict=True)
            total = sum(
                number_in_zone(focus, weight) for held, weight in pairs if _held(focus, held)
            )
        else:
            total = float(sum(_held(focus, one) for held in rest for one in _each(held)))
        return (least == -1 or total >= least) and (most == -1 or total <= most)

    return run


def _each(value: Value) -> list[Value]:
    return [node.string() for node in value] if isinstance(value, list) else [value]


def _held(focus: Focus, value: Value) -> bool:
    """True for a number above 0 (the specification) and for ``yes`` (the guide to XLSForm)."""
    return number_in_zone(focus, value) > 0 or string(value) == "yes"


def _from_string(focus: Focus, arguments: list[Value]) -> Value:
    return string(arguments[0]) in ("true", "1")


NUMBERS = {
    "number": Function(0, 1, _number),
    "random": Function(0, 0, lambda focus, a: focus.run.around.random()),
    "int": Function(1, 1, _int),
    "round": Function(1, 2, _round),
    "pow": _real(_pow, 2),
    "log": _real(_log),
    "log10": _real(_log10),
    "abs": _real(abs),
    "sin": _real(math.sin),
    "cos": _real(math.cos),
    "tan": _real(math.tan),
    "asin": _real(math.asin),
    "acos": _real(math.acos),
    "atan": _real(math.atan),
    "atan2": _real(math.atan2, 2),
    "sqrt": _real(math.sqrt),
    "exp": _real(math.exp),
    "exp10": _real(lambda value: 10.0**value),
    "pi": Function(0, 0, lambda focus, a: math.pi),
    "true": Function(0, 0, lambda focus, a: True),
    "false": Function(0, 0, lambda focus, a: False),
    "not": Function(1, 1, lambda focus, a: not boolean(a[0])),
    "boolean": Function(1, 1, lambda focus, a: boolean(a[0])),
    "boolean-from-string": Function(1, 1, _from_string),
    "checklist": Function(2, ANY, _checklist(weighted=False)),
    "weighted-checklist": Function(2, ANY, _checklist(weighted=True), paired=True),
    "floor": _real(lambda value: float(math.floor(value)) if math.isfinite(value) else value),
    "ceiling": _real(lambda value: float(math.ceil(value)) if math.isfinite(value) else value),
}

"""Functions of texts."""

from __future__ import annotations

import math
import uuid
from itertools import zip_longest

from marfa.methods.xforms.xpath.focus import Focus, UnevaluableError, Value
from marfa.methods.xforms.xpath.functions.patterns import compile_pattern
from marfa.methods.xforms.xpath.functions.register import ANY, Function
from marfa.methods.xforms.xpath.values import number, string

LONGEST_MATCHED = 2_000
"""Characters of an answer that a pattern is tried on; a longer one does not match."""
LONGEST = 1_000_000


def every_text(arguments: list[Value]) -> list[str]:
    """The texts of all arguments; of a list, that of each of its elements."""
    found: list[str] = []
    for value in arguments:
        if isinstance(value, list):
            found.extend(node.string() for node in value)
        else:
            found.append(string(value))
    return found


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise UnevaluableError("too-much-work")
    return text


def _concat(focus: Focus, arguments: list[Value]) -> Value:
    return _bounded("".join(every_text(arguments)))


def _join(focus: Focus, arguments: list[Value]) -> Value:
    return _bounded(string(arguments[0]).join(every_text(arguments[1:])))


def _index(value: Value, length: int) -> int:
    """A place counted from 0; negative ones count from the end."""
    place = number(value)
    if math.isnan(place):
        return 0
    whole = int(max(-length - 1, min(length, place)))
    return max(0, whole + length) if whole < 0 else whole


def _substr(focus: Focus, arguments: list[Value]) -> Value:
    text = string(arguments[0])
    end = _index(arguments[2], len(text)) if len(arguments) > 2 else len(text)
    return text[_index(arguments[1], len(text)) : end]


def _before(focus: Focus, arguments: list[Value]) -> Value:
    text, mark = string(arguments[0]), string(arguments[1])
    return text[: text.index(mark)] if mark in text else ""


def _after(focus: Focus, arguments: list[Value]) -> Value:
    text, mark = string(arguments[0]), string(arguments[1])
    return text[text.index(mark) + len(mark) :] if mark in text else ""


def _translate(focus: Focus, arguments: list[Value]) -> Value:
    text, old, new = (string(value) for value in arguments)
    table: dict[int, str | None] = {}
    for letter, other in zip_longest(old, new[: len(old)]):
        table.setdefault(ord(letter), other)
    return text.translate(table)


def _regex(focus: Focus, arguments: list[Value]) -> Value:
    text = string(arguments[0])
    return len(text) <= LONGEST_MATCHED and (
        compile_pattern(string(arguments[1])).fullmatch(text) is not None
    )


def _uuid(focus: Focus, arguments: list[Value]) -> Value:
    made = focus.run.around.uuid()
    if not arguments:
        return made
    length = number(arguments[0])
    if not 0 <= length <= 1000:
        return ""
    digits = uuid.UUID(made).hex if _is_uuid(made) else made
    return (digits * (int(length) // len(digits) + 1))[: int(length)]


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _string(focus: Focus, arguments: list[Value]) -> Value:
    return string(arguments[0]) if arguments else focus.node.string()


TEXTS = {
    "string": Function(0, 1, _string),
    "concat": Function(1, ANY, _concat),
    "join": Function(1, ANY, _join),
    "substr": Function(2, 3, _substr),
    "substring-before": Function(2, 2, _before),
    "substring-after": Function(2, 2, _after),
    "translate": Function(3, 3, _translate),
    "string-length": Function(
        0, 1, lambda focus, a: float(len(string(a[0]) if a else focus.node.string()))
    ),
    "normalize-space": Function(
        0, 1, lambda focus, a: " ".join((string(a[0]) if a else focus.node.string()).split())
    ),
    "contains": Function(2, 2, lambda focus, a: string(a[1]) in string(a[0])),
    "starts-with": Function(2, 2, lambda focus, a: string(a[0]).startswith(string(a[1]))),
    "ends-with": Function(2, 2, lambda focus, a: string(a[0]).endswith(string(a[1]))),
    "regex": Function(2, 2, _regex),
    "uuid": Function(0, 1, _uuid),
}

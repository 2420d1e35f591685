"""Functions of lists of elements, and of answers that are lists of words."""

from __future__ import annotations

import math

from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath.focus import Focus, UnevaluableError, Value
from marfa.methods.xforms.xpath.functions.numbers import number_in_zone
from marfa.methods.xforms.xpath.functions.register import ANY, Function
from marfa.methods.xforms.xpath.values import string


def require_nodes(value: Value) -> list[Node]:
    """Raises UnevaluableError where the value is no list of elements."""
    if not isinstance(value, list):
        raise UnevaluableError("not-nodes")
    return value


def _count(focus: Focus, arguments: list[Value]) -> Value:
    return float(len(require_nodes(arguments[0])))


def _count_non_empty(focus: Focus, arguments: list[Value]) -> Value:
    return float(sum(1 for node in require_nodes(arguments[0]) if node.string()))


def _sum(focus: Focus, arguments: list[Value]) -> Value:
    """Elements without an answer count as nothing, as in JavaRosa; other texts give NaN."""
    texts = (node.string() for node in require_nodes(arguments[0]))
    return float(sum(number_in_zone(focus, text) for text in texts if text))


def _numbers(focus: Focus, arguments: list[Value]) -> list[float]:
    found: list[float] = []
    for value in arguments:
        if isinstance(value, list):
            found.extend(number_in_zone(focus, node.string()) for node in value if node.string())
        elif value != "":
            found.append(number_in_zone(focus, value))
    return found


def _max(focus: Focus, arguments: list[Value]) -> Value:
    found = _numbers(focus, arguments)
    return math.nan if not found or any(map(math.isnan, found)) else max(found)


def _min(focus: Focus, arguments: list[Value]) -> Value:
    found = _numbers(focus, arguments)
    return math.nan if not found or any(map(math.isnan, found)) else min(found)


def _position(focus: Focus, arguments: list[Value]) -> Value:
    if not arguments:
        return float(focus.position)
    found = require_nodes(arguments[0])
    if not found or found[0].parent is None:
        return 1.0 if found else math.nan
    alike = found[0].parent.named(found[0].name)
    return float(next(n for n, node in enumerate(alike, start=1) if node is found[0]))


def _instance(focus: Focus, arguments: list[Value]) -> Value:
    """The element around an instance's content, so that the first step leads to its root."""
    name = string(arguments[0])
    root = focus.run.instances.get(name)
    if root is None:
        raise UnevaluableError("instance-unknown", name)
    top = Node("")
    top.children = [root]
    return [top]


def _current(focus: Focus, arguments: list[Value]) -> Value:
    return [focus.current]


def _indexed_repeat(focus: Focus, arguments: list[Value]) -> Value:
    """The element within the given instances of the repeats around it, from the outside in."""
    wanted = require_nodes(arguments[0])
    for repeats, index in zip(arguments[1::2], arguments[2::2], strict=True):
        place = number_in_zone(focus, index)
        chosen = {id(node) for node in require_nodes(repeats) if _place(node) == place}
        wanted = [node for node in wanted if _within(node, chosen)]
    return wanted[:1]


def _place(node: Node) -> float:
    if node.parent is None:
        return 1.0
    alike = node.parent.named(node.name)
    return float(next(n for n, other in enumerate(alike, start=1) if other is node))


def _within(node: Node, chosen: set[int]) -> bool:
    step: Node | None = node
    while step is not None:
        if id(step) in chosen:
            return True
        step = step.parent
    return False


def _selected(focus: Focus, arguments: list[Value]) -> Value:
    return string(arguments[1]).strip() in string(arguments[0]).split()


def _selected_at(focus: Focus, arguments: list[Value]) -> Value:
    words, place = string(arguments[0]).split(), number_in_zone(focus, arguments[1])
    return words[int(place)] if 0 <= place < len(words) else ""


def _count_selected(focus: Focus, arguments: list[Value]) -> Value:
    return float(len(string(arguments[0]).split()))


LISTS = {
    "count": Function(1, 1, _count),
    "count-non-empty": Function(1, 1, _count_non_empty),
    "sum": Function(1, 1, _sum),
    "max": Function(1, ANY, _max),
    "min": Function(1, ANY, _min),
    "position": Function(0, 1, _position),
    "last": Function(0, 0, lambda focus, a: float(focus.size)),
    "instance": Function(1, 1, _instance),
    "current": Function(0, 0, _current),
    "indexed-repeat": Function(3, 7, _indexed_repeat, paired=True),
    "selected": Function(2, 2, _selected),
    "selected-at": Function(2, 2, _selected_at),
    "count-selected": Function(1, 1, _count_selected),
}

"""Walking the steps of a path, and the deviation of ODK XForms for repeats.

An absolute path that passes through the repeat in which the expression stands means the same
instance of it: ``/data/child/age`` within the second child is the second child's age (ODK XForms
specification, "Repeats"; JavaRosa calls it contextualising). A last step that is a repeat means
all instances, so that ``count(/data/child)`` counts everywhere.
"""

from __future__ import annotations

from collections.abc import Callable

from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath.focus import Focus, Value
from marfa.methods.xforms.xpath.syntax import Path, Step
from marfa.methods.xforms.xpath.values import boolean

Runner = Callable[[Focus], Value]
Stepper = Callable[[list[Node], Focus], list[Node]]


def make_stepper(step: Step, predicates: list[Runner]) -> Stepper:
    """A function from the elements before a step to those after it. What is not relevant is
    left out, as if it were not there."""
    move = _moves(step)
    if not predicates:
        return move

    def run(found: list[Node], focus: Focus) -> list[Node]:
        if step.axis in ("self", "parent"):
            return narrow_nodes(move(found, focus), predicates, focus)
        kept: list[Node] = []
        for node in found:
            kept.extend(narrow_nodes(move([node], focus), predicates, focus))
        return kept

    return run


def _moves(step: Step) -> Stepper:
    name = step.name
    if step.axis == "self":
        return lambda found, focus: [n for n in found if name in ("*", n.name)]
    if step.axis == "parent":
        return lambda found, focus: _parents(found, name)
    if step.axis == "descendant":
        return lambda found, focus: _below(found, name, focus)

    def children(found: list[Node], focus: Focus) -> list[Node]:
        kept: list[Node] = []
        for node in found:
            focus.run.spend(len(node.children))
            kept.extend(
                child
                for child in node.children
                if (child.name == name or name == "*") and child.relevant
            )
        return kept

    return children


def _parents(found: list[Node], name: str) -> list[Node]:
    kept: dict[int, Node] = {}
    for node in found:
        parent = node.parent
        if parent is not None and name in ("*", parent.name):
            kept[id(parent)] = parent
    return list(kept.values())


def _below(found: list[Node], name: str, focus: Focus) -> list[Node]:
    kept: dict[int, Node] = {}
    for top in found:
        stack = list(reversed(top.children))
        while stack:
            node = stack.pop()
            focus.run.spend(1)
            if not node.relevant:
                continue
            if name in ("*", node.name):
                kept[id(node)] = node
            stack.extend(reversed(node.children))
    return list(kept.values())


def narrow_nodes(found: list[Node], predicates: list[Runner], focus: Focus) -> list[Node]:
    """The elements for which every predicate holds; a number is a position."""
    for predicate in predicates:
        size = len(found)
        focus.run.spend(size)
        inner = Focus(focus.run, focus.node, focus.current, 1, size)
        kept = []
        for position, node in enumerate(found, start=1):
            inner.node = node
            inner.position = position
            value = predicate(inner)
            if value == position if isinstance(value, float) else boolean(value):
                kept.append(node)
        found = kept
    return found


def from_root(path: Path, steps: list[Stepper]) -> Runner:
    """A path from the root of the submission, within the repeats around the expression."""
    names = [step.name if step.axis == "child" else "" for step in path.steps]
    plain = [
        bool(name) and not step.predicates for name, step in zip(names, path.steps, strict=True)
    ]

    def run(focus: Focus) -> Value:
        root = focus.run.root
        if not names:
            return [root]
        if not names[0]:
            return _from_top(steps, root, focus)
        if names[0] not in ("*", root.name):
            return []
        found, done = _shared(names, plain, focus, root)
        for step in steps[done:]:
            found = step(found, focus)
        return found

    return run


def _from_top(steps: list[Stepper], root: Node, focus: Focus) -> list[Node]:
    """``//name``: the root itself is among what may be found."""
    top = Node("")
    top.children = [root]
    found = [top]
    for step in steps:
        found = step(found, focus)
    return found


def _shared(
    names: list[str], plain: list[bool], focus: Focus, root: Node
) -> tuple[list[Node], int]:
    """The part of the way that the path shares with the place of the expression."""
    way = _ancestors(focus.current, root)
    shared, last = 1, len(names) - 1
    while (
        shared < len(way)
        and shared < last
        and plain[shared]
        and names[shared] == way[shared].name
        and way[shared].relevant
    ):
        shared += 1
    return [way[shared - 1] if way else root], shared


def _ancestors(node: Node, root: Node) -> list[Node]:
    """From the root down to the element; empty where it is not in this document."""
    way: list[Node] = []
    step: Node | None = node
    while step is not None:
        way.append(step)
        if step is root:
            return way[::-1]
        step = step.parent
    return []

"""Finding elements of a submission by their path, ``/data/child[2]/age``, and naming them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from marfa.methods.xforms.model import FormModel, Spot
from marfa.methods.xforms.tree import Node

_STEP = re.compile(r"([^/\[\]]+)(?:\[(\d{1,6})\])?")


def path_of(node: Node) -> str:
    """The path of an element; places in repeats are counted from 1."""
    steps: list[str] = []
    step: Node | None = node
    while step is not None:
        steps.append(_named(step))
        step = step.parent
    return "/" + "/".join(reversed(steps))


def _named(node: Node) -> str:
    spot: Spot | None = node.spot
    if node.parent is None or spot is None or not spot.repeat:
        return node.name
    alike = node.parent.named(node.name)
    return f"{node.name}[{next(n for n, one in enumerate(alike, 1) if one is node)}]"


def find_node(root: Node, path: str) -> Node | None:
    """The element at a path, or None; the first of a repeat where no place is told."""
    steps = path.strip("/").split("/")
    if not steps or steps[0] != root.name:
        return None
    node: Node = root
    for step in steps[1:]:
        match = _STEP.fullmatch(step)
        if match is None:
            return None
        alike = node.named(match.group(1))
        place = int(match.group(2) or 1)
        if not 1 <= place <= len(alike):
            return None
        node = alike[place - 1]
    return node


def generic_path(path: str) -> str:
    """The path without the places in repeats."""
    return re.sub(r"\[\d+\]", "", path)


def fresh_answers(form: FormModel) -> Node:
    """A new set of answers with the form's defaults."""
    blank = form.root.blank
    assert blank is not None  # noqa: S101 - every place of a form has its element
    root = blank_copy(blank, form.root)
    root.attributes = {
        name: value for name, value in root.attributes.items() if name in ("id", "version")
    }
    return root


def blank_copy(blank: Node, spot: Spot) -> Node:
    """An element as the form gives it, without what is only a template."""
    made = Node(blank.name, spot.namespace)
    made.attributes = {k: v for k, v in blank.attributes.items() if k != "template"}
    made.text = blank.text.strip()
    made.spot = spot
    for child in blank.children:
        if "template" not in child.attributes:
            made.add(blank_copy(child, spot.children[child.name]))
    return made


def bind_places(root: Node, form: FormModel) -> Iterator[Node]:
    """Ties each element of a document to its place; gives those that have none."""
    root.spot = form.root
    stack = [root]
    while stack:
        node = stack.pop()
        for child in node.children:
            child.spot = node.spot.children.get(child.name)
            if child.spot is None:
                yield child
            else:
                stack.append(child)

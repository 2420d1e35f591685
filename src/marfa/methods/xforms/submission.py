"""A filled-in form as XML, and XML as a filled-in form."""

from __future__ import annotations

from marfa.domain.message import InputError, Message
from marfa.methods.xforms.model import FormModel
from marfa.methods.xforms.places import bind_places
from marfa.methods.xforms.state import State
from marfa.methods.xforms.tree import Node, read_xml, write_xml
from marfa.methods.xforms.xpath import Surroundings

XFORMS = "http://www.w3.org/2002/xforms"


def submission_xml(state: State) -> str:
    """What is sent: everything that is relevant, without the rest."""
    return '<?xml version="1.0" encoding="UTF-8"?>' + write_xml(_relevant(state.root))


def draft_xml(state: State) -> str:
    """Everything that was answered, also what is not relevant now, to go on with later."""
    return write_xml(_without_xforms(state.root.copy()))


def resume(form: FormModel, xml: str | bytes, around: Surroundings) -> State:
    """A form as it was left.

    Raises InputError where the XML is not of this form.
    """
    root = read_submission(xml)
    if root.name != form.root.name or root.attributes.get("id") != form.id:
        raise InputError.at(Message("methods.xforms:other-form", {"form": form.id}))
    for node in list(bind_places(root, form)):
        if node.parent is not None:
            node.parent.children.remove(node)
    complete_answers(root, form)
    state = State(form, root, around)
    state.settle()
    return state


def read_submission(xml: str | bytes) -> Node:
    """The root of a submission.

    Raises InputError where it is not XML, or XML that is refused.
    """
    return read_xml(xml)


def complete_answers(root: Node, form: FormModel) -> None:
    """Adds, empty, the places that a submission left out; repeats stay as many as they are."""
    stack = [(root, form.root)]
    while stack:
        node, spot = stack.pop()
        there = {child.name for child in node.children}
        for name, inner in spot.children.items():
            if name not in there and not inner.repeat:
                child = Node(name, inner.namespace)
                child.spot = inner
                node.add(child)
        if len(node.children) > 1:
            order = {name: place for place, name in enumerate(spot.children)}
            node.children.sort(key=lambda child: order.get(child.name, len(order)))
        stack.extend((child, child.spot) for child in node.children if child.spot is not None)


def _relevant(node: Node) -> Node:
    made = Node(node.name, "" if node.namespace == XFORMS else node.namespace)
    made.attributes = node.attributes
    made.text = node.text
    for child in node.children:
        if child.relevant:
            made.add(_relevant(child))
    return made


def _without_xforms(root: Node) -> Node:
    for node in root.walk():
        if node.namespace == XFORMS:
            node.namespace = ""
    return root

"""Functions that quote the texts of the form."""

from __future__ import annotations

from marfa.methods.xforms.xpath.focus import Focus, Value
from marfa.methods.xforms.xpath.functions.register import Function
from marfa.methods.xforms.xpath.values import string


def _choice_name(focus: Focus, arguments: list[Value]) -> Value:
    """The label of a choice. The question is told by its element, or by its path as a text,
    which is how pyxform writes it."""
    labels = focus.run.labels
    if labels is None:
        return ""
    node, value = arguments[1], string(arguments[0])
    if isinstance(node, list):
        return labels.choice_label(focus, node[0], value) if node else ""
    return labels.choice_label_at(focus, string(node), value)


def _itext(focus: Focus, arguments: list[Value]) -> Value:
    labels = focus.run.labels
    return "" if labels is None else labels.text(focus, string(arguments[0]))


LABELS = {
    "jr:choice-name": Function(2, 2, _choice_name),
    "jr:itext": Function(1, 1, _itext),
}

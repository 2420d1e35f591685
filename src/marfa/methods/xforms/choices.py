"""The choices of a question: listed, taken from a list, filtered by other answers, shuffled."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from marfa.methods.xforms.model import Choice, Itemset
from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath import Focus, UnevaluableError
from marfa.methods.xforms.xpath.syntax import Path, direct_parts

if TYPE_CHECKING:
    from marfa.methods.xforms.evaluation import Evaluation
    from marfa.methods.xforms.labels import FormLabels

_MODULUS = 2_147_483_647
_MULTIPLIER = 48_271


def offered_choices(
    itemset: Itemset, evaluation: Evaluation, node: Node, language: str
) -> list[Choice]:
    """The choices as they are shown."""
    labels = evaluation.labels
    if itemset.nodes is None:
        focus = evaluation.focus(node)
        return [
            Choice(
                choice.value,
                labels.words_in(choice.wording, focus, language) or choice.value,
                labels.media_in(choice.wording, focus, language),
            )
            for choice in itemset.fixed
        ]
    found = []
    for item in _shuffled(itemset, evaluation, node):
        focus = Focus(evaluation.run, item, node)
        value = _value(itemset, focus)
        label = labels.words_in(itemset.label, focus, language) or value
        found.append(Choice(value, label, labels.media_in(itemset.label, focus, language)))
    return found


def offered_values(itemset: Itemset, evaluation: Evaluation, node: Node) -> frozenset[str]:
    """The values that may be chosen here. Those of an unfiltered list are worked out once."""
    if itemset.nodes is None:
        return frozenset(choice.value for choice in itemset.fixed)
    fixed = _is_fixed(itemset)
    key = ("values", itemset.nodes.source, itemset.value.source if itemset.value else "")
    if fixed and key in evaluation.form.known:
        known = evaluation.form.known[key]
        return known if isinstance(known, frozenset) else frozenset()
    try:
        items = itemset.nodes.nodes(evaluation.focus(node))
    except UnevaluableError as error:
        evaluation.failures.append((node, itemset.nodes, error))
        return frozenset()
    values = frozenset(_value(itemset, Focus(evaluation.run, item, node)) for item in items)
    if fixed:
        evaluation.form.known[key] = values
    return values


def label_of_choice(
    itemset: Itemset, labels: FormLabels, focus: Focus, node: Node, value: str
) -> str:
    """The label of a value, in the language of the form; empty where it is not offered."""
    language = focus.run.around.language
    if itemset.nodes is None:
        for choice in itemset.fixed:
            if choice.value == value:
                return labels.words_in(choice.wording, Focus(focus.run, node), language)
        return ""
    for item in itemset.nodes.nodes(Focus(focus.run, node)):
        within = Focus(focus.run, item, node)
        if _value(itemset, within) == value:
            return labels.words_in(itemset.label, within, language)
    return ""


def _value(itemset: Itemset, focus: Focus) -> str:
    return itemset.value.string(focus).strip() if itemset.value is not None else ""


def _is_fixed(itemset: Itemset) -> bool:
    """Whether the list is a secondary instance without any filter."""
    term = itemset.nodes.term if itemset.nodes is not None else None
    if not isinstance(term, Path) or term.start is None:
        return False
    return all(not step.predicates for step in term.steps) and not any(
        isinstance(part, Path) for part in direct_parts(term.start)
    )


def _shuffled(itemset: Itemset, evaluation: Evaluation, node: Node) -> list[Node]:
    if itemset.nodes is None:
        return []
    try:
        items = itemset.nodes.nodes(evaluation.focus(node))
        if not itemset.shuffled:
            return items
        seed = itemset.seed.number(evaluation.focus(node)) if itemset.seed else math.nan
    except UnevaluableError as error:
        evaluation.failures.append((node, itemset.nodes, error))
        return []
    return shuffle_items(items, seed)


def shuffle_items(items: list[Node], seed: float) -> list[Node]:
    """The inside-out Fisher-Yates shuffle over a Park-Miller generator, as the specification of
    ``randomize()`` has it. Without a usable seed the order of the form is kept, so that a page
    that is shown twice does not change."""
    state = 0 if math.isnan(seed) or math.isinf(seed) else int(seed) % _MODULUS
    if state <= 0:
        return items
    found: list[Node] = []
    for place, item in enumerate(items):
        state = state * _MULTIPLIER % _MODULUS
        other = int((state - 1) / (_MODULUS - 1) * (place + 1))
        if other == place:
            found.append(item)
        else:
            found.append(found[other])
            found[other] = item
    return found

"""Running the rules of a form over its answers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from marfa.domain.message import Message
from marfa.methods.xforms.choices import offered_choices, offered_values
from marfa.methods.xforms.labels import FormLabels
from marfa.methods.xforms.model import Choice, FormModel, Rule, RuleKind, Spot
from marfa.methods.xforms.places import blank_copy, path_of
from marfa.methods.xforms.references import term_references
from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.values import fits_kind, write_value
from marfa.methods.xforms.xpath import Expression, Focus, Surroundings, UnevaluableError
from marfa.methods.xforms.xpath.focus import MOST_STEPS, Run
from marfa.methods.xforms.xpath.syntax import function_calls

if TYPE_CHECKING:
    from marfa.methods.xforms.state import Answer

_DRAWN = frozenset({"uuid", "random"})
_CLOCK = frozenset({"now", "today"})
_MOST = 500


class Evaluation:
    """The answers of one form with the means to evaluate expressions in them.

    failures: expressions that had no value at the last settling, with the place and the reason.
    judging: what was sent is not made to fit. Repeats stay as many as they are, and those that
    are too many or too few stand in ``miscounted`` with the number that they should have; the
    clock is read anew.
    """

    def __init__(
        self, form: FormModel, root: Node, around: Surroundings, *, judging: bool = False
    ) -> None:
        self.judging = judging
        self.miscounted: list[tuple[Node, Spot, int]] = []
        self.form = form
        self.root = root
        self.around = around
        self.labels = FormLabels(form, self.focus)
        self.run = Run(root, form.instances, around, self.labels)
        self.failures: list[tuple[Node, Expression, UnevaluableError]] = []
        self._index: dict[Spot, list[Node]] = {}

    @property
    def zone(self) -> tzinfo:
        return self.around.now.tzinfo or UTC

    def focus(self, node: Node) -> Focus:
        return Focus(self.run, node)

    def at(self, spot: Spot) -> list[Node]:
        """All elements of a place, in the order of the document."""
        if not self._index:
            for node in self.root.walk():
                self._index.setdefault(node.spot, []).append(node)
        return self._index.get(spot, [])

    @staticmethod
    def above(node: Node) -> Iterator[Node]:
        step = node.parent
        while step is not None:
            yield step
            step = step.parent

    def is_relevant(self, node: Node) -> bool:
        return node.relevant and all(above.relevant for above in self.above(node))

    def settle(self) -> None:
        """All rules, each once, each after those that it depends on."""
        self.run.left = MOST_STEPS
        self.failures = []
        self.miscounted = []
        self._index = {}
        for rule in self.form.order:
            if rule.kind is RuleKind.COUNT:
                self._count(rule)
            else:
                for node in self.at(rule.spot):
                    self._apply(rule, node)

    def _apply(self, rule: Rule, node: Node) -> None:
        if not all(above.relevant for above in self.above(node)):
            return
        if rule.kind is RuleKind.RELEVANT:
            node.relevant = self.true(rule.expression, node, otherwise=True)
        elif node.relevant:
            self._calculate(rule.expression, node)

    def _calculate(self, expression: Expression, node: Node) -> None:
        value = self.calculated(expression, node)
        if value is None or (value and node.text and self._keeps(expression, node.spot)):
            return
        node.text = value

    def calculated(self, expression: Expression, node: Node) -> str | None:
        """What a calculation gives here, as it is written; None where it has no value."""
        try:
            return write_value(expression.run(self.focus(node)), node.spot.bind.type, self.zone)
        except UnevaluableError as error:
            self.failures.append((node, expression, error))
            return None

    def _keeps(self, expression: Expression, spot: Spot) -> bool:
        """A drawn number is drawn once; the clock is read once where nothing else is."""
        key = ("keeps", expression.source, spot.path, self.judging)
        known = self.form.known.get(key)
        if known is None:
            names = {call.name for call in function_calls(expression.term)}
            reads = term_references(expression.term, spot, self.form.root)
            once = names & _CLOCK and not reads and not self.judging
            known = self.form.known[key] = bool(names & _DRAWN or once)
        return bool(known)

    def assign(self, node: Node, expression: Expression | None) -> None:
        """Set a value once, as an event asks."""
        if expression is None:
            node.text = ""
            return
        value = self.calculated(expression, node)
        node.text = node.text if value is None else value

    def true(self, expression: Expression | None, node: Node, *, otherwise: bool) -> bool:
        """Whether a condition holds here; ``otherwise`` where there is none or it has no value."""
        if expression is None:
            return otherwise
        try:
            return expression.boolean(self.focus(node))
        except UnevaluableError as error:
            self.failures.append((node, expression, error))
            return otherwise

    def _count(self, rule: Rule) -> None:
        spot = rule.spot
        for parent in list(self.at(spot.parent)) if spot.parent is not None else []:
            if not self.is_relevant(parent):
                continue
            wanted = self._wanted(rule, parent)
            alike = parent.named(spot.name)
            if wanted is None or wanted == len(alike):
                continue
            if self.judging:
                self.miscounted.append((parent, spot, wanted))
                continue
            for surplus in alike[wanted:]:
                parent.children.remove(surplus)
            for _ in range(wanted - len(alike)):
                self.insert(parent, spot)
            self._index = {}

    def _wanted(self, rule: Rule, parent: Node) -> int | None:
        """How many there shall be; told from where an instance would stand."""
        alike = parent.named(rule.spot.name)
        here = alike[0] if alike else Node(rule.spot.name)
        if not alike:
            here.parent = parent
        try:
            found = rule.expression.number(Focus(self.run, here))
        except UnevaluableError as error:
            self.failures.append((parent, rule.expression, error))
            return None
        return max(0, min(_MOST, int(found))) if math.isfinite(found) else 0

    def insert(self, parent: Node, spot: Spot) -> Node:
        """One more instance of a repeat, after the last."""
        assert spot.blank is not None  # noqa: S101 - every place of a form has its element
        node = blank_copy(spot.blank, spot)
        node.parent = parent
        after = _place_of(parent, spot)
        parent.children.insert(after, node)
        self._index = {}
        return node

    def answer(self, node: Node) -> Answer:
        from marfa.methods.xforms.state import Answer

        spot: Spot = node.spot
        relevant = self.is_relevant(node)
        required = relevant and self.true(spot.bind.required, node, otherwise=False)
        return Answer(
            path=path_of(node),
            question=spot.question,
            value=node.text,
            relevant=relevant,
            required=required,
            readonly=spot.bind.calculate is not None
            or self.true(spot.bind.readonly, node, otherwise=False),
            problem=self.problem(node) if relevant else None,
        )

    def problem(self, node: Node) -> Message | None:
        """Why the answer cannot be sent so: missing, of a wrong type, no choice, against a rule."""
        spot: Spot = node.spot
        if spot.question is None:
            return None
        if not node.text.strip():
            missing = self.true(spot.bind.required, node, otherwise=False)
            return self._told("required", spot, node) if missing else None
        if not fits_kind(spot.bind.type, node.text):
            return Message(f"methods.xforms:not-{spot.bind.type}")
        if spot.question.choices is not None and not self.are_choices(node):
            return Message("methods.xforms:not-a-choice")
        if not self.true(spot.bind.constraint, node, otherwise=True):
            return self._told("constraint", spot, node)
        return None

    def _told(self, rule: str, spot: Spot, node: Node) -> Message:
        """The form's own words for a broken rule, or ours."""
        bind = spot.bind
        wording = bind.required_message if rule == "required" else bind.constraint_message
        own = self.labels.words(wording, node, self.around.language) if wording else ""
        if own:
            return Message("methods.xforms:own-words", {"words": own})
        return Message(f"methods.xforms:broken-{rule}")

    def are_choices(self, node: Node) -> bool:
        """Whether everything that was chosen is offered here."""
        question = node.spot.question
        if question is None or question.choices is None:
            return True
        chosen = [node.text.strip()] if question.kind == "select-one" else node.text.split()
        known = offered_values(question.choices, self, node)
        return all(value in known for value in chosen)

    def choices(self, node: Node, language: str) -> list[Choice]:
        question = node.spot.question
        if question is None or question.choices is None:
            return []
        return offered_choices(question.choices, self, node, language)


def _place_of(parent: Node, spot: Spot) -> int:
    """Behind the last of its kind, or where the form has it."""
    last = max((n for n, c in enumerate(parent.children) if c.name == spot.name), default=None)
    if last is not None:
        return last + 1
    order: Mapping[str, int] = {name: n for n, name in enumerate(parent.spot.children)}
    mine = order[spot.name]
    return sum(1 for child in parent.children if order.get(child.name, -1) < mine)

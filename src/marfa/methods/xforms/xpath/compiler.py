"""From terms to functions: an expression is read once and runs many times."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache

from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath.comparison import compare
from marfa.methods.xforms.xpath.focus import Focus, UnevaluableError, Value
from marfa.methods.xforms.xpath.functions import bind_call
from marfa.methods.xforms.xpath.grammar import parse_xpath
from marfa.methods.xforms.xpath.steps import from_root, make_stepper, narrow_nodes
from marfa.methods.xforms.xpath.syntax import (
    Binary,
    Call,
    Filter,
    Literal,
    Negative,
    Number,
    Path,
    Term,
)
from marfa.methods.xforms.xpath.values import boolean, number, string

Runner = Callable[[Focus], Value]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that can be run."""

    source: str
    term: Term
    run: Runner

    def string(self, focus: Focus) -> str:
        return string(self.run(focus))

    def boolean(self, focus: Focus) -> bool:
        return boolean(self.run(focus))

    def number(self, focus: Focus) -> float:
        return number(self.run(focus), _zone(focus))

    def nodes(self, focus: Focus) -> list[Node]:
        """Raises UnevaluableError where the value is not a list of elements."""
        value = self.run(focus)
        if isinstance(value, list):
            return value
        raise UnevaluableError("not-nodes")


@lru_cache(maxsize=8192)
def compile_xpath(source: str) -> Expression:
    """The expression, ready to run.

    Raises XPathSyntaxError; UnevaluableError for a function that is not supported or has a wrong
    number of arguments.
    """
    term = parse_xpath(source)
    return Expression(source, term, compile_term(term))


def compile_term(term: Term) -> Runner:
    if isinstance(term, (Number, Literal)):
        constant: Value = term.value
        return lambda focus: constant
    if isinstance(term, Negative):
        return _negative(compile_term(term.operand))
    if isinstance(term, Binary):
        return _binary(term)
    if isinstance(term, Call):
        return bind_call(term, [compile_term(argument) for argument in term.arguments])
    if isinstance(term, Filter):
        return _filter(term)
    return _path(term)


def _negative(operand: Runner) -> Runner:
    return lambda focus: -number(operand(focus), _zone(focus))


def _zone(focus: Focus) -> tzinfo:
    return focus.run.around.now.tzinfo or UTC


def _chain(term: Binary, operators: frozenset[str]) -> list[tuple[str, Term]]:
    """``a + b - c`` as its operands with their operators, without recursion."""
    found: list[tuple[str, Term]] = []
    left: Term = term
    while isinstance(left, Binary) and left.operator in operators:
        found.append((left.operator, left.right))
        left = left.left
    found.append(("", left))
    return found[::-1]


def _binary(term: Binary) -> Runner:
    operator = term.operator
    if operator in ("or", "and"):
        operands = [compile_term(part) for _, part in _chain(term, frozenset({operator}))]
        if operator == "or":
            return lambda focus: any(boolean(operand(focus)) for operand in operands)
        return lambda focus: all(boolean(operand(focus)) for operand in operands)
    if operator == "|":
        return _union([compile_term(part) for _, part in _chain(term, frozenset("|"))])
    if operator in _SUMS:
        return _arithmetic(term, frozenset({"+", "-"}))
    if operator in _PRODUCTS:
        return _arithmetic(term, frozenset({"*", "div", "mod"}))
    return _comparison(term)


def _comparison(term: Binary) -> Runner:
    chain = _chain(term, _EQUALITY if term.operator in _EQUALITY else _ORDER)
    first = compile_term(chain[0][1])
    rest = [(operator, compile_term(part)) for operator, part in chain[1:]]
    if len(rest) == 1:
        operator, second = rest[0]
        return lambda focus: compare(operator, first(focus), second(focus), _zone(focus))

    def run(focus: Focus) -> Value:
        value = first(focus)
        for operator, operand in rest:
            value = compare(operator, value, operand(focus), _zone(focus))
        return value

    return run


_EQUALITY = frozenset({"=", "!="})
_ORDER = frozenset({"<", "<=", ">", ">="})


def _remainder(left: float, right: float) -> float:
    """The sign of the dividend, as XPath and Java have it."""
    if right == 0 or math.isinf(left) or math.isnan(left) or math.isnan(right):
        return math.nan
    return left if math.isinf(right) else math.fmod(left, right)


def _divided(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


_SUMS: dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
}
_PRODUCTS: dict[str, Callable[[float, float], float]] = {
    "*": lambda left, right: left * right,
    "div": _divided,
    "mod": _remainder,
}
_ARITHMETIC = {**_SUMS, **_PRODUCTS}


def _arithmetic(term: Binary, operators: frozenset[str]) -> Runner:
    chain = _chain(term, operators)
    first = compile_term(chain[0][1])
    rest = [(_ARITHMETIC[operator], compile_term(part)) for operator, part in chain[1:]]

    def run(focus: Focus) -> Value:
        zone = _zone(focus)
        total = number(first(focus), zone)
        for work, operand in rest:
            total = work(total, number(operand(focus), zone))
        return total

    return run


def _union(operands: list[Runner]) -> Runner:
    def run(focus: Focus) -> Value:
        found: dict[int, Node] = {}
        for operand in operands:
            value = operand(focus)
            if not isinstance(value, list):
                raise UnevaluableError("not-nodes")
            found.update((id(node), node) for node in value)
        if len(operands) == 1 or not found:
            return list(found.values())
        focus.run.spend(len(found))
        return [node for node in focus.run.root.walk() if id(node) in found] or list(found.values())

    return run


def _filter(term: Filter) -> Runner:
    start = compile_term(term.start)
    predicates = [compile_term(predicate) for predicate in term.predicates]

    def run(focus: Focus) -> Value:
        value = start(focus)
        if not isinstance(value, list):
            raise UnevaluableError("not-nodes")
        return narrow_nodes(value, predicates, focus)

    return run


def _path(term: Path) -> Runner:
    steps = [
        make_stepper(step, [compile_term(predicate) for predicate in step.predicates])
        for step in term.steps
    ]
    if term.absolute:
        return from_root(term, steps)
    start = compile_term(term.start) if term.start is not None else None

    def run(focus: Focus) -> Value:
        found: Value = [focus.node] if start is None else start(focus)
        if not isinstance(found, list):
            raise UnevaluableError("not-nodes")
        for step in steps:
            found = step(found, focus)
        return found

    return run

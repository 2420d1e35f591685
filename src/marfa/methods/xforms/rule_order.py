"""The order in which rules are evaluated, so that one pass settles everything.

A rule reads places; what a place holds depends on its calculation, on its relevance and that of
everything around it, and on the counts of the repeats around it. A rule that depends on itself
has no meaning, and the form is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from marfa.domain.message import Message
from marfa.methods.xforms.model import Rule, RuleKind, Spot
from marfa.methods.xforms.problems import FormProblems
from marfa.methods.xforms.references import Reference, term_references

_Key = tuple[RuleKind, str]


def order_rules(root: Spot, found: FormProblems) -> tuple[Rule, ...]:
    """All rules, each after those that it depends on; cycles are noted as problems."""
    rules = {(rule.kind, rule.spot.path): rule for rule in _rules(root)}
    needs = {key: list(_needs(rule, rules, root)) for key, rule in rules.items()}
    done: dict[_Key, int] = {}
    order: list[Rule] = []
    for key in rules:
        _visit(key, needs, rules, done, order, found)
    return tuple(order)


def _rules(root: Spot) -> Iterator[Rule]:
    for spot in root.walk():
        if spot.count is not None:
            yield Rule(RuleKind.COUNT, spot, spot.count)
        if spot.bind.relevant is not None:
            yield Rule(RuleKind.RELEVANT, spot, spot.bind.relevant)
        if spot.bind.calculate is not None:
            yield Rule(RuleKind.CALCULATE, spot, spot.bind.calculate)


def _needs(rule: Rule, rules: Iterable[_Key], root: Spot) -> Iterator[_Key]:
    """The rules that must be evaluated before this one."""
    spot = rule.spot
    for above in spot.ancestors:
        yield from _present(above)
    if rule.kind is not RuleKind.COUNT:
        yield RuleKind.COUNT, spot.path
    if rule.kind is RuleKind.CALCULATE:
        yield RuleKind.RELEVANT, spot.path
    for read in term_references(rule.expression.term, spot, root):
        if not isinstance(read, Reference):
            continue
        if read.spot is spot and read.indexed:
            continue
        yield from _held(read.spot, spot)


def _present(spot: Spot) -> Iterator[_Key]:
    yield RuleKind.RELEVANT, spot.path
    yield RuleKind.COUNT, spot.path


def _held(read: Spot, by: Spot) -> Iterator[_Key]:
    """What decides about the content of a place."""
    for above in read.ancestors:
        yield from _present(above)
    yield from _present(read)
    yield RuleKind.CALCULATE, read.path


def _visit(
    start: _Key,
    needs: dict[_Key, list[_Key]],
    rules: dict[_Key, Rule],
    done: dict[_Key, int],
    order: list[Rule],
    found: FormProblems,
) -> None:
    """Depth first, without recursion: a long chain of calculations is no risk."""
    stack: list[tuple[_Key, Iterator[_Key]]] = []
    if start not in done:
        done[start] = 1
        stack.append((start, iter(needs[start])))
    while stack:
        key, rest = stack[-1]
        following = next((need for need in rest if need in rules), None)
        if following is None:
            done[key] = 2
            order.append(rules[key])
            stack.pop()
        elif following not in done:
            done[following] = 1
            stack.append((following, iter(needs[following])))
        elif done[following] == 1:
            way = [on_way[1] for on_way, _ in stack]
            _cycle(way[way.index(following[1]) :] or [following[1]], found)
            done[following] = 2


def _cycle(way: list[str], found: FormProblems) -> None:
    names = " → ".join([*dict.fromkeys(way), way[0]])
    found.wrong(Message("methods.xforms:cycle", {"way": names}), way[0])

"""Policies made worse, one step at a time, to see whether the decision table notices.

A rule that could be weakened without a case turning wrong would be a rule that nobody tests. Each
mutant differs from a policy in one step: it is taken away, a condition or a part of one is dropped
or turned round, a word is left out of a list, an action out of its head, a limit moved by one.
(On mutation analysis of policies: Martin and Xie, A fault model and mutation testing of access
control policies, WWW 2007.)
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import cedarpy

from marfa.safeguards.charter import cases
from marfa.safeguards.charter.cases import Case
from marfa.safeguards.charter.engine import Engine, Question, policy_set
from marfa.safeguards.charter.source import Policy

Expression = dict[str, Any]
TURNED = frozenset({"contains", "containsAny", "in", "==", "<=", "has", ".", "is", "isEmpty"})
"""Parts of a condition that are turned round, where they stand for true or false."""


@dataclass(frozen=True)
class Mutant:
    """A policy made worse. how: the step in words of a closed list, ``what`` the part it was
    taken at. body: None where the policy was taken away."""

    policy: str
    how: str
    what: str
    body: Mapping[str, Any] | None = field(hash=False)


@dataclass(frozen=True)
class _Asked:
    """A case, its prepared question, and the ids of all policies that decided it."""

    case: Case
    question: Question
    ids: frozenset[str]


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: the first case that turned wrong, or None where none did."""

    mutant: Mutant
    killed_by: str | None


def mutants_of(policy: Policy, engine: Engine) -> Iterator[Mutant]:
    """All mutants of a policy that the schema lets pass; of the others the engine itself warns."""
    yield Mutant(policy.id, "removed", "", None)
    for mutant in _changed(policy, engine):
        if mutant.body and not engine.problems([replace(policy, body=mutant.body)]):
            yield mutant


def try_mutants(
    engine: Engine, table: Iterable[Case], chosen: Iterable[Policy] | None = None
) -> Iterator[Fate]:
    """Try every mutant against the cases that ask about its actions.

    chosen: whose mutants; by default those of every policy.
    Policies do not depend on each other: only the changed one is asked, and the answer of all is
    put together from what the others said.
    """
    bench = _Bench(engine, table)
    for policy in engine.policies.values() if chosen is None else chosen:
        for mutant in mutants_of(policy, engine):
            yield Fate(mutant, bench.first_wrong(policy, mutant))


class _Bench:
    """The cases by action, with their prepared questions and the answers of the whole charter."""

    def __init__(self, engine: Engine, table: Iterable[Case]) -> None:
        self.engine = engine
        self.by_action: dict[str, list[_Asked]] = {}
        for case in table:
            question = engine.put(
                case.actor, case.action, case.resource, case.context, cases.ASKED_AT
            )
            _allowed, ids = engine.answer(engine.chosen(case.action), *question)
            asked = _Asked(case, question, frozenset(ids))
            self.by_action.setdefault(case.action, []).append(asked)

    def first_wrong(self, policy: Policy, mutant: Mutant) -> str | None:
        """The name of the first case that turns wrong, if any."""
        alone = policy_set([replace(policy, body=mutant.body)]) if mutant.body else None
        concerned = [
            asked
            for action, entries in self.by_action.items()
            if policy in self.engine.of(action)
            for asked in entries
        ]
        # Those where the policy decided come first: they are the likeliest to turn wrong.
        for asked in sorted(concerned, key=lambda asked: policy.id not in asked.ids):
            holds = alone is not None and self.engine.answer(alone, *asked.question)[1] != ()
            if not asked.case.right(*self.together(policy, holds, asked)):
                return asked.case.name
        return None

    def together(self, policy: Policy, holds: bool, asked: _Asked) -> tuple[bool, frozenset[str]]:
        """The answer of the whole charter where this policy holds or not.

        While something else forbids, a permission changes nothing.
        """
        others = asked.ids - {policy.id}
        forbids = frozenset(id for id in others if self.engine.policies[id].forbids)
        if policy.forbids and holds:
            return False, forbids | {policy.id}
        if forbids:
            return False, forbids
        if policy.forbids:
            permits = self.engine.permits(asked.case.action)
            return _frozen(self.engine.answer(permits, *asked.question))
        now = others | {policy.id} if holds else others
        return bool(now), now


def _frozen(answer: tuple[bool, tuple[str, ...]]) -> tuple[bool, frozenset[str]]:
    return answer[0], frozenset(answer[1])


def _changed(policy: Policy, engine: Engine) -> Iterator[Mutant]:
    yield from _heads(policy, engine)
    for place, condition in enumerate(policy.body["conditions"]):
        rest = [part for at, part in enumerate(policy.body["conditions"]) if at != place]
        what = condition["kind"]
        yield _mutant(policy, "condition dropped", what, conditions=rest)
        for how, part, body in _worse(condition["body"], truth=True):
            changed = [*rest[:place], {**condition, "body": body}, *rest[place:]]
            yield _mutant(policy, how, part, conditions=changed)


def _heads(policy: Policy, engine: Engine) -> Iterator[Mutant]:
    for variable in ("principal", "resource"):
        if policy.body[variable]["op"] != "All":
            what = policy.body[variable].get("entity_type", variable)
            yield _mutant(policy, "head widened", what, **{variable: {"op": "All"}})
    actions = _spoken_of(policy, engine)
    for dropped in actions if len(actions) > 1 else ():
        left = [{"type": "Action", "id": name} for name in actions if name != dropped]
        yield _mutant(policy, "action left out", dropped, action={"op": "in", "entities": left})


def _spoken_of(policy: Policy, engine: Engine) -> list[str]:
    return [name for name in engine.words.actions if policy in engine.of(name)]


def _mutant(policy: Policy, how: str, what: str, **parts: Any) -> Mutant:
    return Mutant(policy.id, how, what, {**copy.deepcopy(dict(policy.body)), **parts})


def _worse(expression: Expression, *, truth: bool) -> Iterator[tuple[str, str, Expression]]:
    """Each way of making an expression worse in one place; truth: it stands for true or false."""
    ((operator, part),) = expression.items()
    if truth and operator in TURNED:
        yield "turned round", expression_text(expression), {"!": {"arg": expression}}
    if operator == "!":
        yield "turned round", expression_text(expression), part["arg"]
        for how, what, body in _worse(part["arg"], truth=True):
            yield how, what, {"!": {"arg": body}}
    elif operator in ("&&", "||"):
        for side, other in (("left", "right"), ("right", "left")):
            yield "part dropped", expression_text(part[side]), part[other]
            for how, what, body in _worse(part[side], truth=True):
                yield how, what, {operator: {**part, side: body}}
    elif operator == "Set":
        for place, member in enumerate(part):
            yield (
                "word left out",
                expression_text(member),
                {"Set": part[:place] + part[place + 1 :]},
            )
    elif operator == "<=":
        limit = part["right"]["Value"]
        for moved in (limit - 1, limit + 1):
            yield "limit moved", str(moved), {"<=": {**part, "right": {"Value": moved}}}
    elif operator in ("contains", "containsAny"):
        for side in ("left", "right"):
            for how, what, body in _worse(part[side], truth=False):
                yield how, what, {operator: {**part, side: body}}


def expression_text(expression: Expression) -> str:
    """An expression as Cedar text on one line."""
    body = {
        "effect": "permit",
        "principal": {"op": "All"},
        "action": {"op": "All"},
        "resource": {"op": "All"},
        "conditions": [{"kind": "when", "body": expression}],
    }
    whole = {"templates": {}, "templateLinks": [], "staticPolicies": {"x": body}}
    text = " ".join(cedarpy.policies_from_json_str(json.dumps(whole)).split())
    return text[text.index("{") + 1 : text.rindex("}")].strip()

"""From policies to conditions on the rows of a model.

What is known of the actor and the circumstances is worked out at once; what is a fact of the row
becomes a condition. The JSON form of policies is Cedar's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from marfa.safeguards.actor import Actor
from marfa.safeguards.charter import question
from marfa.safeguards.charter.columns import Column, Fixed, Flag, Rows, Standing
from marfa.safeguards.charter.schema_reader import PLACES, declared_schema

NOTHING = Q(pk__in=[])


class TranslationError(ValueError):
    """A policy says something that cannot be put into a query."""


@dataclass(frozen=True)
class Entity:
    """A known entity."""

    kind: str
    id: str


class RowFacts:
    """The row itself."""


Known = bool | int | Entity | frozenset[Any] | dict[str, Any]
Term = Known | Q | Column | Rows | RowFacts


class Translator:
    """Turns the JSON form of policies into conditions on the rows of one model."""

    def __init__(
        self,
        standing: Standing,
        actor: Actor,
        action: str,
        circumstances: Mapping[str, Any],
        at: datetime,
    ) -> None:
        self.facts = standing.facts
        self.kind = standing.kind
        self.at = at
        attributes, self.places = question.principal_facts(actor, declared_schema().kinds["Staff"])
        self.actor = _entity(question.cedar_principal(actor))
        self.variables: dict[str, Term] = {
            "principal": _known(attributes),
            "action": Entity("Action", action),
            "context": _known(circumstances),
            "resource": RowFacts(),
        }
        self.operators: dict[str, Callable[[Any], Term]] = {
            "Value": _known,
            "Var": self.variable,
            ".": self.attribute,
            "has": self.has,
            "&&": lambda part: _both(self.truth(part["left"]), self.truth, part["right"]),
            "||": lambda part: _either(self.truth(part["left"]), self.truth, part["right"]),
            "!": lambda part: negated_condition(self.truth(part["arg"])),
            "==": lambda part: self.equal(*self.sides(part)),
            "!=": lambda part: negated_condition(self.equal(*self.sides(part))),
            "<=": lambda part: self.at_most(*self.sides(part)),
            "in": lambda part: self.within(*self.sides(part)),
            "is": lambda part: self.is_a(self.term(part["left"]), part["entity_type"]),
            "contains": lambda part: self.contains(*self.sides(part)),
            "containsAny": lambda part: self.contains_any(*self.sides(part)),
            "isEmpty": lambda part: self.is_empty(self.term(part["arg"])),
            "Set": lambda parts: frozenset(self.term(part) for part in parts),
        }

    def policy(self, body: Mapping[str, Any]) -> Q | bool:
        """The rows for which the policy holds; its action is known to match."""
        holds = self.scope("principal", body)
        holds = _both(holds, lambda variable: self.scope(variable, body), "resource")
        for condition in body["conditions"]:
            read = self.truth if condition["kind"] == "when" else self.untruth
            holds = _both(holds, read, condition["body"])
        return holds

    def scope(self, variable: str, body: Mapping[str, Any]) -> Q | bool:
        scope = body[variable]
        if scope["op"] == "All":
            return True
        if scope["op"] == "is":
            return self.is_a(self.variables[variable], scope["entity_type"])
        raise TranslationError(f"{variable} {scope['op']} is not translated")

    def term(self, expression: Mapping[str, Any]) -> Term:
        ((operator, part),) = expression.items()
        if operator not in self.operators:
            raise TranslationError(f"{operator} is not translated")
        return self.operators[operator](part)

    def truth(self, expression: Mapping[str, Any]) -> Q | bool:
        term = self.term(expression)
        if isinstance(term, (bool, Q)):
            return term
        raise TranslationError(f"{term} is neither true nor false")

    def untruth(self, expression: Mapping[str, Any]) -> Q | bool:
        return negated_condition(self.truth(expression))

    def sides(self, part: Mapping[str, Any]) -> tuple[Term, Term]:
        return self.term(part["left"]), self.term(part["right"])

    def variable(self, name: str) -> Term:
        return self.actor if name == "principal" else self.variables[name]

    def attribute(self, part: Mapping[str, Any]) -> Term:
        left = part["left"]
        holder = self.variables[left["Var"]] if "Var" in left else self.term(left)
        if isinstance(holder, RowFacts):
            return self.fact(part["attr"])
        if isinstance(holder, dict):
            value: Term = holder[part["attr"]]
            return value
        raise TranslationError(f"{part['attr']} of something that has no facts")

    def fact(self, name: str) -> Term:
        column = self.facts.get(name)
        if column is None:
            raise TranslationError(f"{name} is a fact that the model does not keep")
        if isinstance(column, Flag):
            return column.condition
        if isinstance(column, Fixed):
            kind = declared_schema().kinds[self.kind][name].type.name
            return column.value if isinstance(column.value, bool) else Entity(kind, column.value)
        return column

    def has(self, part: Mapping[str, Any]) -> bool:
        holder = self.variables[part["left"]["Var"]]
        if isinstance(holder, dict):
            return part["attr"] in holder
        raise TranslationError("has is translated for what is known alone")

    def is_a(self, term: Term, kind: str) -> bool:
        if isinstance(term, RowFacts):
            return self.kind == kind
        return self.actor.kind == kind

    def equal(self, left: Term, right: Term) -> Q | bool:
        if isinstance(left, Column) and isinstance(right, Entity):
            return Q(**{left.path: right.id})
        if _is_known(left) and _is_known(right):
            return left == right
        raise TranslationError("== is translated for a column and what is known")

    def at_most(self, left: Term, right: Term) -> bool:
        if isinstance(left, int) and isinstance(right, int):
            return left <= right
        raise TranslationError("<= is translated for what is known alone")

    def within(self, left: Term, right: Term) -> Q | bool:
        """``resource in places`` and ``principal in places``."""
        if isinstance(left, RowFacts) and isinstance(right, frozenset):
            found, keys = Q(), _keys(right)
            for name in PLACES:
                column = self.facts.get(name)
                if keys and isinstance(column, Column):
                    found |= Q(**{f"{column.path}__in": keys})
            return found or False
        if left == self.actor and isinstance(right, Rows):
            return right.holds_any(self.places, self.at)
        raise TranslationError("in is translated for a row or an actor and places")

    def contains(self, left: Term, right: Term) -> Q | bool:
        if isinstance(left, Rows) and isinstance(right, Entity):
            return left.holds_any([UUID(right.id)], self.at)
        if isinstance(left, frozenset) and isinstance(right, Column):
            return Q(**{f"{right.path}__in": _keys(left)})
        if isinstance(left, frozenset) and isinstance(right, Entity):
            return right.id in _keys(left)
        raise TranslationError("contains is translated for a fact of the row and what is known")

    def contains_any(self, left: Term, right: Term) -> Q | bool:
        if isinstance(left, frozenset) and isinstance(right, frozenset):
            return bool(left & right)
        rows, known = (left, right) if isinstance(left, Rows) else (right, left)
        if isinstance(rows, Rows) and isinstance(known, frozenset):
            return rows.holds_any([UUID(key) for key in _keys(known)], self.at)
        raise TranslationError("containsAny is translated for a fact of the row and what is known")

    def is_empty(self, term: Term) -> Q | bool:
        if isinstance(term, Rows):
            return negated_condition(term.holds_some(self.at))
        if isinstance(term, frozenset):
            return not term
        raise TranslationError("isEmpty is translated for sets alone")


def _known(value: Any) -> Known:
    """A value in Cedar's JSON as something that compares."""
    if isinstance(value, dict):
        if "__entity" in value:
            return _entity(value["__entity"])
        return {name: _known(part) for name, part in value.items()}
    if isinstance(value, list):
        return frozenset(_known(part) for part in value)
    if isinstance(value, (bool, int)):
        return value
    raise TranslationError("a value of a sort that the charter does not use")


def _entity(value: Mapping[str, str]) -> Entity:
    return Entity(value["type"], value["id"])


def _keys(entities: frozenset[Any]) -> list[str]:
    return sorted(entity.id for entity in entities)


def _is_known(term: Term) -> bool:
    return isinstance(term, (bool, int, Entity, frozenset))


def either_condition(left: Q | bool, right: Q | bool) -> Q | bool:
    """One of two conditions; a known one shortens the query."""
    if left is True or right is True:
        return True
    if left is False or right is False:
        return right if left is False else left
    return left | right


def as_q(truth: Q | bool) -> Q:
    """A condition for the database also where the answer is known."""
    if isinstance(truth, Q):
        return truth
    return ~NOTHING if truth else NOTHING


def negated_condition(truth: Q | bool) -> Q | bool:
    return ~truth if isinstance(truth, Q) else not truth


def _both(left: Q | bool, read: Callable[[Any], Q | bool], right: Any) -> Q | bool:
    """As Cedar does it: the right side is not looked at where the left one is false."""
    if left is False:
        return False
    second = read(right)
    if isinstance(left, bool) or second is False:
        return second
    return left if second is True else left & second


def _either(left: Q | bool, read: Callable[[Any], Q | bool], right: Any) -> Q | bool:
    return True if left is True else either_condition(left, read(right))

"""A question to the charter in the form that Cedar reads."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from marfa.platform import clock
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.schema_reader import PLACES, Fact, Type, declared_schema

PRINCIPALS = {
    ActorKind.PERSON: "Staff",
    ActorKind.JOB: "Job",
    ActorKind.COMMAND: "Command",
    ActorKind.VISITOR: "Visitor",
}
STEP_UP_LIMIT = 300
"""Seconds for which a second factor counts as fresh; the policy says the same number."""


class FactsError(ValueError):
    """The facts of a question are not those that the schema declares. It names them, not their
    values."""


def cedar_entity(kind: str, id: UUID | str) -> dict[str, str]:
    """An entity as Cedar's JSON names it."""
    return {"type": kind, "id": str(id)}


def _reference(kind: str, id: UUID | str) -> dict[str, dict[str, str]]:
    """An entity where it is the value of a fact."""
    return {"__entity": cedar_entity(kind, id)}


def cedar_principal(actor: Actor) -> dict[str, str]:
    """Who asks."""
    return cedar_entity(PRINCIPALS[actor.kind], actor.id)


def principal_facts(actor: Actor, roles: Iterable[str]) -> tuple[dict[str, Any], frozenset[UUID]]:
    """The facts of who asks, each role with the places where it holds; and all places where they
    hold one.

    roles: those that the schema knows.
    """
    if actor.kind is not ActorKind.PERSON:
        return {}, frozenset()
    facts: dict[str, Any] = {role: {"at": [], "of": []} for role in roles}
    places: set[UUID] = set()
    for held in actor.roles:
        # A role of a desk that this installation has not gives nothing; its place counts.
        if held.role in facts:
            facts[held.role]["at"].append(_reference("Place", _reach(held)))
            facts[held.role]["of"].append(_reference("Place", held.organisation))
        places |= {place for place in (held.organisation, held.site, held.team) if place}
    return facts, frozenset(places)


def principal_json(actor: Actor, roles: Iterable[str]) -> str:
    """The entity of who asks, as JSON."""
    facts, places = principal_facts(actor, roles)
    return _entity_json(cedar_principal(actor), facts, places)


def _reach(held: HeldRole) -> UUID:
    return held.team or held.site or held.organisation


def resource_json(resource: Resource, facts: Mapping[str, Fact]) -> str:
    """The entity that it is done to, as JSON; raises FactsError."""
    values = in_cedar(resource.facts, facts)
    places = {resource.facts[name] for name in PLACES if name in facts and name in resource.facts}
    return _entity_json(cedar_entity(resource.kind, resource.id), values, places)


def _entity_json(uid: Mapping[str, str], facts: Mapping[str, Any], places: Collection[Any]) -> str:
    parents = [cedar_entity("Place", place) for place in places]
    return json.dumps({"uid": uid, "attrs": facts, "parents": parents})


def decision_context(
    actor: Actor,
    given: Mapping[str, object],
    facts: Mapping[str, Fact],
    at: datetime | None = None,
) -> dict[str, Any]:
    """The circumstances, with the age of the second factor; raises FactsError.

    Nobody but the charter says how old the second factor is.
    """
    if "step_up_age" in given:
        raise FactsError("step_up_age is not for the caller to say")
    values = in_cedar(given, facts)
    age = step_up_age(actor, at or clock.now())
    if age is not None:
        values["step_up_age"] = age
    return values


def step_up_age(actor: Actor, at: datetime) -> int | None:
    """Whole seconds, rounded up, since the second factor; None if never, or in the future."""
    if actor.stepped_up_at is None:
        return None
    age = math.ceil((at - actor.stepped_up_at).total_seconds())
    return age if age >= 0 else None


def in_cedar(given: Mapping[str, object], facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Values in Cedar's JSON; raises FactsError when one is missing, foreseen nowhere, or of a
    wrong type."""
    for name, fact in facts.items():
        if fact.required and name not in given:
            raise FactsError(f"{name} is missing")
    values = {}
    for name, value in given.items():
        if name not in facts:
            raise FactsError(f"{name} is not foreseen")
        values[name] = _value(name, value, facts[name].type)
    return values


def _value(name: str, value: object, type: Type) -> Any:
    if type.many:
        if not isinstance(value, frozenset):
            raise FactsError(f"{name} is no set")
        return [_one(name, part, type) for part in value]
    return _one(name, value, type)


def _one(name: str, value: object, type: Type) -> Any:
    if type.is_entity:
        if not isinstance(value, (UUID, str)):
            raise FactsError(f"{name} is no {type.name}")
        words = declared_schema().vocabularies.get(type.name)
        if words is not None and value not in words:
            raise FactsError(f"{name} is no {type.name} that there is")
        return _reference(type.name, value)
    if type.name == "Bool":
        right = isinstance(value, bool)
    else:
        right = isinstance(value, int if type.name == "Long" else str) and value is not True
    if not right:
        raise FactsError(f"{name} is no {type.name}")
    return value

"""Actors and things for questions to the charter, with facts that each test changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid5

from marfa.platform import clock
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.charter.schema_reader import declared_schema
from marfa.safeguards.words import Role

Facts = dict[str, Value]

NAMESPACE = UUID("6d617266-6100-5000-8000-000000000000")


def key(name: str) -> UUID:
    """The same key for the same name in every run."""
    return uuid5(NAMESPACE, name)


CONTROLLER, GUEST, AUTHORITY = key("controller"), key("guest"), key("authority")
HARBOUR, HILL = key("harbour"), key("hill")
NIGHT, DAY = key("night"), key("day")


def staff(*held: HeldRole | Role, name: str = "amal", stepped_up_ago: float | None = None) -> Actor:
    """A member of staff; a role alone holds in the whole of the controller."""
    roles = {part if isinstance(part, HeldRole) else HeldRole(part, CONTROLLER) for part in held}
    proved = None if stepped_up_ago is None else clock.now() - timedelta(seconds=stepped_up_ago)
    return Actor(key(name), ActorKind.PERSON, frozenset(roles), proved)


def machine(kind: ActorKind) -> Actor:
    """A job, a command or a visitor."""
    return Actor(key(kind), kind)


def thing(kind: str, facts: Mapping[str, Value] | None = None, *, name: str = "it") -> Resource:
    """A thing of a kind at the controller, with harmless facts except those given."""
    if kind in declared_schema().vocabularies:
        return Resource(kind, declared_schema().vocabularies[kind][0])
    values: dict[str, Value] = {}
    for fact, declaration in declared_schema().kinds.get(kind, {}).items():
        if declaration.required:
            values[fact] = _harmless(declaration.type.name, declaration.type.many)
    return Resource(kind, key(name), values | dict(facts or {}))


def _harmless(type: str, many: bool) -> Value:
    if many:
        return frozenset[str]()
    if type == "Bool":
        return False
    if type == "Place":
        return CONTROLLER
    if type == "Staff":
        return key("somebody")
    return declared_schema().vocabularies[type][-1]

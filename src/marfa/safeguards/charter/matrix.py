"""The access matrix: who may do what to which record, worked out by asking the policies.

Each role is held in the whole of an organisation. It is asked for every action, on records that
stand differently to who asks: at their place, assigned to them, protected, and so on. It is asked
on the record and with a fresh second factor, for what the action is usually done for, or else to
register, to screen or for evidence: permissions name no other purposes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.charter import cases
from marfa.safeguards.charter.engine import charter_engine
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.charter.schema_reader import declared_schema
from marfa.safeguards.words import Purpose, Role

ME = [cases.ME]
PURPOSES = (Purpose.REGISTRATION, Purpose.SCREENING, Purpose.EVIDENCE)


@dataclass(frozen=True)
class Stands:
    """How a record stands to who asks. at: where their role holds. facts: how the record differs
    from one that nothing speaks against."""

    name: str
    at: str
    facts: Mapping[str, Any]


RELATIONS = (
    Stands("at-their-place", "controller", {}),
    Stands("assigned", "controller", {"assigned": ME}),
    Stands("assigned-elsewhere", "hill", {"site": "harbour", "assigned": ME}),
    Stands("elsewhere", "hill", {"site": "harbour"}),
    Stands("protected-assigned", "controller", {"protected": True, "assigned": ME}),
    Stands("protected", "controller", {"protected": True}),
    Stands("shut-out", "controller", {"excluded": ME, "assigned": ME}),
    Stands("erased", "controller", {"erased": True, "assigned": ME}),
    Stands("open-to-guest", "guest", {"granted": ["guest"]}),
    Stands("open-to-guest-assigned", "guest", {"granted": ["guest"], "assigned": ME}),
    Stands("of-another", "guest", {"assigned": ME}),
    Stands("own", "controller", {"holder": cases.ME}),
)


@dataclass(frozen=True)
class MatrixRow:
    """One action on one kind of record that stands so: who may, by which policies."""

    action: str
    kind: str
    relation: str
    allowed: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def access_matrix() -> tuple[MatrixRow, ...]:
    """All rows, by the order of actions in the schema. Takes some seconds."""
    return tuple(_rows())


def _rows() -> Iterator[MatrixRow]:
    for action, known in declared_schema().actions.items():
        for kind in known.kinds:
            for relation, resource in _records(kind):
                allowed = {
                    name: policies
                    for name, actor in _askers(relation.at).items()
                    if (policies := deciding_policies(actor, action, resource)) is not None
                }
                yield MatrixRow(action, kind, _called(relation, resource), allowed)


def _records(kind: str) -> Iterator[tuple[Stands, Resource]]:
    """Records of a kind in every relation that its facts can express."""
    if kind in declared_schema().vocabularies:
        for word in declared_schema().vocabularies[kind]:
            yield RELATIONS[0], Resource(kind, word)
        return
    for relation in RELATIONS:
        names = set(relation.facts) | ({"organisation"} if relation.at == "guest" else set())
        if names <= set(declared_schema().kinds[kind]):
            yield relation, cases.sample_resource(kind, relation.facts)


def _called(relation: Stands, resource: Resource) -> str:
    return resource.id if isinstance(resource.id, str) else relation.name


def _askers(at: str) -> dict[str, Actor]:
    people = {role.value: cases.sample_staff(f"{role} at {at}") for role in Role}
    machines = {kind.value: Actor(cases.key_for_name(kind), kind) for kind in cases.MACHINES}
    return {**people, ActorKind.PERSON.value: cases.sample_staff()} | machines


def deciding_policies(actor: Actor, action: str, resource: Resource) -> tuple[str, ...] | None:
    """The policies that allow an action for the first purpose that they do; None where none."""
    facts = declared_schema().actions[action].context
    usual = cases.usual_purpose(action)
    purposes = [usual, *PURPOSES] if "purpose" in facts else [usual]
    for purpose in dict.fromkeys(purposes):
        context: dict[str, Value] = cases.usual_context(action, {"purpose": purpose})
        allowed, ids = charter_engine().ask(actor, action, resource, context, cases.ASKED_AT)
        if allowed:
            return ids
    return None

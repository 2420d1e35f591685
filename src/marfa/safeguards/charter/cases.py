"""The decision table: questions to the charter with the answer that each must get.

Its files are TOML: those in ``cases`` are about the rules, those of an app about who works with its
subject. A ``[[case]]`` is one question. A ``[[grid]]`` asks the same for every role and every
machine. An ``[[each]]`` asks the same of several actions, or of a group, and of every kind that has
the facts. What an entry does not say is harmless: it is taken from HARMLESS and from what the files
themselves call so, ``[harmless]`` for facts and ``[usual_purposes]`` for the first word of an
action. The table is about all apps and desks: its rules speak of all of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.charter.loader import Charter, the_charter
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.charter.schema_reader import Fact, declared_schema
from marfa.safeguards.words import Role

NAMESPACE = UUID("6d617266-6100-5000-8000-000000000000")
MACHINES = (ActorKind.JOB, ActorKind.COMMAND, ActorKind.VISITOR)
ASKED_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""The moment of every question of the table."""
ME = "amal"
WHERE: dict[str, tuple[str, str | None, str | None]] = {
    "controller": ("controller", None, None),
    "guest": ("guest", None, None),
    "harbour": ("controller", "harbour", None),
    "hill": ("controller", "hill", None),
    "night": ("controller", "harbour", "night"),
}
"""Where roles of the table hold: organisation, site, team."""

HARMLESS: dict[str, Any] = {
    "organisation": "controller",
    "controller": "controller",
    "tier": "coded",
    "purposes": "all",
    "agreed_purposes": "all",
    "bases": ["vital_interest"],
    "recipient": "protection",
    "risk": "acceptable",
    "effect": "raise",
    "inputs": [],
    "holder": "basil",
    "holders": [ME],
    "asked_by": [ME],
    "approved_by": ["basil"],
    "entered_by": ["basil"],
    "reviewed_by": ["dana"],
    "with_counsel": True,
    "referred": True,
    "in_force": True,
    "reason_given": True,
    "agreement_in_force": True,
    "consent_given": True,
    "coverage_said": True,
    "period_said": True,
    "method_said": True,
    "uncertainty_said": True,
    "query_recorded": True,
}
"""Facts that no prohibition speaks of; others are false or empty."""

USUAL: dict[str, Any] = {
    "on_record": True,
    "reason": "needs_met",
    "asked_by": [],
    "decided_by": ["basil"],
    "agreed_by": ["dana"],
}
"""Circumstances of which no prohibition speaks."""

USUAL_PURPOSE = "assistance"
"""What an action is done for where neither a case nor a file says it."""

ENTRIES = frozenset({"case", "grid", "each"})
DEFAULTS = frozenset({"harmless", "usual_purposes"})


@dataclass(frozen=True)
class Case:
    """One question and its answer.

    exactly: ids of all policies that decide, or None where the table does not say them.
    among: ids that are among them.
    """

    name: str
    actor: Actor
    action: str
    resource: Resource
    context: Mapping[str, Value]
    allowed: bool
    exactly: frozenset[str] | None = None
    among: frozenset[str] = frozenset()

    def right(self, allowed: bool, deciding: frozenset[str]) -> bool:
        """Whether an answer is the one that the table gives."""
        if allowed != self.allowed or not self.among <= deciding:
            return False
        return self.exactly is None or deciding == self.exactly


def key_for_name(name: str) -> UUID:
    """The same key for the same name, always."""
    return uuid5(NAMESPACE, name)


def decision_cases() -> tuple[Case, ...]:
    """The table of this process's charter, by file."""
    return _cases(the_charter())


@lru_cache(maxsize=4)
def _cases(charter: Charter) -> tuple[Case, ...]:
    return tuple(case for text in charter.tables for case in read_cases(text))


@lru_cache(maxsize=4)
def _defaults(charter: Charter) -> Mapping[str, Mapping[str, Any]]:
    """What the files call harmless and usual; raises ValueError where two say it of one thing."""
    found: dict[str, dict[str, Any]] = {name: {} for name in DEFAULTS}
    found["harmless"] |= HARMLESS
    for table in map(tomllib.loads, charter.tables):
        for name in DEFAULTS:
            own = table.get(name, {})
            if twice := found[name].keys() & own.keys():
                raise ValueError(f"the decision table says twice what is usual: {sorted(twice)}")
            found[name] |= own
    return found


def read_cases(text: str) -> list[Case]:
    """Cases from TOML; raises ValueError at an entry that is not as it should be."""
    table = tomllib.loads(text)
    if unknown := set(table) - ENTRIES - DEFAULTS:
        raise ValueError(f"the decision table has {sorted(unknown)}")
    found = [_case(entry) for entry in table.get("case", ())]
    for entry in table.get("grid", ()):
        found += _grid(entry)
    for entry in table.get("each", ()):
        found += _each(entry)
    return found


def sample_staff(*words: str, name: str = ME, stepped_up: float | None = 10) -> Actor:
    """A member of staff from words such as ``case_worker`` or ``supervisor at harbour``."""
    roles = frozenset(_held(word) for word in words)
    proved = None if stepped_up is None else ASKED_AT - timedelta(seconds=stepped_up)
    return Actor(key_for_name(name), ActorKind.PERSON, roles, proved)


def _held(word: str) -> HeldRole:
    role, _at, where = word.partition(" at ")
    organisation, site, team = WHERE[where or "controller"]
    narrower = [key_for_name(place) if place else None for place in (site, team)]
    return HeldRole(Role(role), key_for_name(organisation), *narrower)


def _actor(words: Iterable[str], entry: Mapping[str, Any]) -> Actor:
    words = list(words)
    if words and words[0] in MACHINES:
        return Actor(key_for_name(words[0]), ActorKind(words[0]))
    stepped_up = entry.get("stepped_up", 10)
    return sample_staff(*words, stepped_up=None if stepped_up == "never" else stepped_up)


def _case(entry: Mapping[str, Any]) -> Case:
    by = frozenset(entry.get("by", ()))
    return Case(
        name=entry["name"],
        actor=_actor(entry["who"], entry),
        action=entry["action"],
        resource=_resource(entry["kind"], entry),
        context=_context(entry["action"], entry),
        allowed=entry["allowed"],
        exactly=by,
    )


def _grid(entry: Mapping[str, Any]) -> Iterator[Case]:
    permitted = {
        who: frozenset([ids] if isinstance(ids, str) else ids)
        for who, ids in entry.get("permitted", {}).items()
    }
    for who in (*Role, *MACHINES):
        where = "" if who in MACHINES else entry.get("at", "")
        word = f"{who} at {where}" if where else str(who)
        yield Case(
            name=f"{entry['name']}: {who}",
            actor=_actor([word], entry),
            action=entry["action"],
            resource=_resource(entry["kind"], entry),
            context=_context(entry["action"], entry),
            allowed=who in permitted,
            exactly=permitted.get(who),
        )


def _each(entry: Mapping[str, Any]) -> Iterator[Case]:
    actions = entry.get("actions") or declared_schema().in_group(entry["group"])
    for action in actions:
        for kind in declared_schema().actions[action].kinds:
            if set(entry.get("facts", {})) <= set(declared_schema().kinds.get(kind, {})):
                yield Case(
                    name=f"{entry['name']}: {action} {kind}",
                    actor=_actor(entry["who"], entry),
                    action=action,
                    resource=_resource(kind, entry),
                    context=_context(action, entry),
                    allowed=False,
                    among=frozenset({entry["among"]}),
                )


def sample_resource(kind: str, given: Mapping[str, Any]) -> Resource:
    """A thing of a kind, with harmless facts but for those given."""
    facts: dict[str, Value] = {}
    harmless = _defaults(the_charter())["harmless"]
    for name, fact in declared_schema().kinds[kind].items():
        if name in given or fact.required:
            facts[name] = _value(given.get(name, harmless.get(name)), fact)
    return Resource(kind, key_for_name(f"a {kind}"), facts)


def usual_context(action: str, given: Mapping[str, Any]) -> dict[str, Value]:
    """The circumstances of an action, as usual but for those given."""
    usual: dict[str, Any] = {"purpose": usual_purpose(action), **USUAL}
    facts = declared_schema().actions[action].context
    values = usual | dict(given)
    return {name: _value(values[name], fact) for name, fact in facts.items() if fact.required}


def usual_purpose(action: str) -> str:
    """What an action is done for, where nothing else is said."""
    usual = _defaults(the_charter())["usual_purposes"]
    return str(usual.get(action.partition(".")[0], USUAL_PURPOSE))


def _resource(kind: str, entry: Mapping[str, Any]) -> Resource:
    if kind in declared_schema().vocabularies:
        return Resource(kind, entry["id"])
    return sample_resource(kind, entry.get("facts", {}))


def _context(action: str, entry: Mapping[str, Any]) -> dict[str, Value]:
    return usual_context(action, entry.get("context", {}))


def _value(value: Any, fact: Fact) -> Value:
    if fact.type.name == "Bool":
        return bool(value)
    words = declared_schema().vocabularies.get(fact.type.name)
    if not fact.type.many:
        return str(value) if words else key_for_name(value)
    members = words if value == "all" and words else tuple(value or ())
    return frozenset(members) if words else frozenset(key_for_name(member) for member in members)

"""The policy engine: policies and schema parsed once, and asked for one action at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import cedarpy

from marfa.safeguards.actor import Actor
from marfa.safeguards.charter import question
from marfa.safeguards.charter.loader import Charter, the_charter
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.schema_reader import Declared, read_schema
from marfa.safeguards.charter.source import Policy

Question = tuple[dict[str, Any], cedarpy.Entities]


class EngineError(Exception):
    """The engine gave no answer, or one with errors in it. It repeats nothing of the question."""


class Engine:
    """Policies and a schema, ready to be asked.

    For each action it keeps the policies that can speak of it, which changes no answer and makes
    a question cheaper. Raises ValueError where policies and schema do not fit each other.
    """

    def __init__(self, given: Iterable[Policy], schema: str, words: Declared) -> None:
        self.policies = {policy.id: policy for policy in given}
        self.words = words
        self._schema = cedarpy.Schema.from_str(schema)
        self._principal = lru_cache(maxsize=512)(self._read_principal)
        self._sets: dict[str, cedarpy.PolicySet] = {}
        self._permits: dict[str, cedarpy.PolicySet] = {}

    def problems(self, given: Iterable[Policy] | None = None) -> list[str]:
        """What is wrong between the schema and policies, in Cedar's words; empty when all is well.

        given: other policies than the engine's own.
        A rule about a group to which no action of the installed apps belongs says nothing there;
        Cedar would call it a mistake.
        """
        asked = self.policies.values() if given is None else given
        text = _as_json(policy for policy in asked if not self._says_nothing(policy))
        found = cedarpy.validate_policies(cedarpy.policies_from_json_str(text), self._schema)
        return [str(error) for error in found.errors]

    def _says_nothing(self, policy: Policy) -> bool:
        names = _in_head(policy.body)
        idle = self.words.groups.difference(
            *(action.groups for action in self.words.actions.values())
        )
        return bool(names) and names <= idle

    def of(self, action: str) -> list[Policy]:
        """The policies that can speak of an action."""
        names = {action} | self.words.actions[action].groups
        return [policy for policy in self.policies.values() if speaks_of(policy.body, names)]

    def ask(
        self,
        actor: Actor,
        action: str,
        resource: Resource,
        context: Mapping[str, object],
        at: datetime | None = None,
    ) -> tuple[bool, tuple[str, ...]]:
        """Whether it is allowed, and the ids of the policies that decided, sorted.

        at: the moment for which the second factor counts, by default now.
        Raises FactsError when the question is not as the schema declares, EngineError when the
        engine gave no clean answer.
        """
        return self.answer(self.chosen(action), *self.put(actor, action, resource, context, at))

    def would_permit(
        self, actor: Actor, action: str, resource: Resource, context: Mapping[str, object]
    ) -> bool:
        """Whether it would be allowed if nothing were forbidden."""
        put = self.put(actor, action, resource, context)
        return self.answer(self.permits(action), *put)[0]

    def put(
        self,
        actor: Actor,
        action: str,
        resource: Resource,
        context: Mapping[str, object],
        at: datetime | None = None,
    ) -> Question:
        """A question in Cedar's form, to be given to ``answer``; raises FactsError."""
        known = self.words.actions.get(action)
        if known is None:
            raise question.FactsError("no such action")
        if resource.kind not in known.kinds:
            raise question.FactsError(f"{action} is not done to such a thing")
        words = self.words.vocabularies.get(resource.kind)
        if words is not None and resource.id not in words:
            raise question.FactsError(f"no such {resource.kind}")
        circumstances = question.decision_context(actor, context, known.context, at)
        request = {
            "principal": question.cedar_principal(actor),
            "action": question.cedar_entity("Action", action),
            "resource": question.cedar_entity(resource.kind, resource.id),
            "context": json.dumps(circumstances),
        }
        entities = self._principal(actor)
        if resource.kind in self.words.kinds:
            # Checked against the schema in question.py, which costs a third of Cedar's own check;
            # a property test holds that the two agree.
            facts = question.resource_json(resource, self.words.kinds[resource.kind])
            entities = entities.with_added_json_str(f"[{facts}]")
        return request, entities

    def _read_principal(self, actor: Actor) -> cedarpy.Entities:
        return cedarpy.Entities.from_json_str(
            f"[{question.principal_json(actor, self.words.kinds['Staff'])}]", self._schema
        )

    def answer(
        self, chosen: cedarpy.PolicySet, request: dict[str, Any], entities: cedarpy.Entities
    ) -> tuple[bool, tuple[str, ...]]:
        """Cedar's answer from some policies, and their ids; raises EngineError."""
        answer = cedarpy.is_authorized(request, chosen, entities, self._schema)
        # A policy that fails is skipped by Cedar, a prohibition too: any error is a denial.
        if answer.diagnostics.errors or answer.decision is cedarpy.Decision.NoDecision:
            raise EngineError
        return answer.allowed, tuple(sorted(answer.diagnostics.reasons))

    def chosen(self, action: str) -> cedarpy.PolicySet:
        """The policies that can speak of an action, parsed."""
        if action not in self._sets and action in self.words.actions:
            self._sets[action] = policy_set(self.of(action))
        return self._sets.get(action) or policy_set(())

    def permits(self, action: str) -> cedarpy.PolicySet:
        """The permissions alone that can speak of an action."""
        if action not in self._permits:
            permits = [policy for policy in self.of(action) if not policy.forbids]
            self._permits[action] = policy_set(permits)
        return self._permits[action]


def policy_set(given: Iterable[Policy]) -> cedarpy.PolicySet:
    """Parsed policies, each under its own id."""
    return cedarpy.PolicySet.from_json_str(_as_json(given))


def _as_json(given: Iterable[Policy]) -> str:
    bodies = {policy.id: policy.body for policy in given}
    return json.dumps({"templates": {}, "templateLinks": [], "staticPolicies": bodies})


def speaks_of(body: Mapping[str, Any], names: set[str]) -> bool:
    """Whether the action in the head of a policy is one of these actions or groups."""
    return body["action"]["op"] == "All" or not names.isdisjoint(_in_head(body))


def _in_head(body: Mapping[str, Any]) -> frozenset[str]:
    """The actions and groups that the head of a policy names; empty where it speaks of all."""
    scope = body["action"]
    listed = scope["entities"] if "entities" in scope else [scope.get("entity")]
    return frozenset(action["id"] for action in listed if action)


def charter_engine() -> Engine:
    """The engine of this process's charter.

    Raises ValueError when policies or schema do not parse or do not fit each other.
    """
    return engine_of(the_charter())


@lru_cache(maxsize=64)
def engine_of(charter: Charter) -> Engine:
    """The engine of a charter, made once in a process; raises ValueError as ``engine`` does."""
    made = Engine(charter.policies, charter.schema, read_schema(charter.schema))
    if problems := made.problems():
        raise ValueError("; ".join(problems))
    return made

"""The one question: may this actor do this to that, in these circumstances?"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from marfa.domain.message import Message
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter import engine as charter
from marfa.safeguards.charter.question import FactsError
from marfa.safeguards.charter.resources import BY_RULE, Decision, Resource
from marfa.safeguards.charter.source import Policy

NOTHING_PERMITS = Message("safeguards:denied")
ALLOWED = Message("safeguards.charter:allowed")
NOT_ASKED = Message("safeguards.charter:denied-engine")
FACTS = "charter.facts-not-as-declared"
FAILED = "charter.engine-failed"
"""Ids that stand where a policy's would, when no policy decided."""

log = logging.getLogger("marfa.charter")


def decide(
    actor: Actor, action: str, resource: Resource, context: Mapping[str, object] | None = None
) -> Decision:
    """Ask the charter. What no policy permits is denied; prohibitions win over permissions.

    resource: its facts exactly as the schema declares them for its kind; site and team are left
        out where there is none.
    context: the circumstances as the schema declares them for the action. The age of the second
        factor is not among them: it is computed from the actor.
    A question whose facts are not as declared, and an engine that fails, are denials too; both
    are written into the technical log, by the names of action and facts alone.
    """
    try:
        return _ask(actor, action, resource, context or {})
    except FactsError as error:
        log.error("%s on %s: %s", action, resource.kind, error)
        return Decision(False, (FACTS,), NOT_ASKED)
    except Exception as error:
        log.error("%s on %s: the engine failed, %s", action, resource.kind, type(error).__name__)
        return Decision(False, (FAILED,), NOT_ASKED)


def _ask(actor: Actor, action: str, resource: Resource, context: Mapping[str, object]) -> Decision:
    engine = charter.charter_engine()
    allowed, ids = engine.ask(actor, action, resource, context)
    if allowed:
        return Decision(True, ids, ALLOWED)
    deciding = [engine.policies[id] for id in ids]
    same_for_all = [policy for policy in deciding if policy.circumstance]
    if same_for_all:
        return Decision(False, ids, refusal_sentence(same_for_all[0]))
    # Only who would otherwise be allowed is told why; for others it would tell of the record.
    may_know = deciding and all(policy.tellable for policy in deciding)
    if may_know and engine.would_permit(actor, action, resource, context):
        first = next((policy for policy in deciding if policy.sentence), deciding[0])
        return Decision(False, ids, refusal_sentence(first))
    return Decision(False, ids, NOTHING_PERMITS)


def refusal_sentence(policy: Policy) -> Message:
    """The sentence of a policy that refuses, with the rule of the charter that it holds up."""
    key = policy.sentence
    sentence = Message(f"safeguards.charter:{key}") if key else NOTHING_PERMITS
    if policy.rule is None:
        return sentence
    rule = rule_named(policy.rule)
    return Message(BY_RULE, {"sentence": sentence, "rule": rule})


def rule_named(number: int) -> Message:
    """A rule of the charter by its number and its name."""
    name = Message(f"safeguards.charter:rule-{number}")
    return Message("safeguards.charter:rule-of-charter", {"number": number, "name": name})

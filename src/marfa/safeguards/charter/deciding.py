"""The one question: may this actor do this to that, in these circumstances?"""

from __future__ import annotations

from collections.abc import Mapping

from marfa.domain.message import Message
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.asking import Decision, Resource, Value


def decide(
    actor: Actor, action: str, resource: Resource, context: Mapping[str, Value] | None = None
) -> Decision:
    """Default deny: nothing permits until a policy does."""
    return Decision(allowed=False, policies=(), message=Message("safeguards:denied"))

"""What a question to the charter is made of, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from marfa.domain.message import Message

BY_RULE = "safeguards.charter:denied-by-rule"
Value = bool | int | str | UUID | frozenset[str] | frozenset[UUID]


@dataclass(frozen=True)
class Resource:
    """What an action is done to.

    kind: an entity type of the schema, such as ``Person``.
    facts: its attributes as the schema declares them; identities are not among them.
    """

    kind: str
    id: UUID | str
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """The answer. policies: ids of those that decided; empty where nothing permitted.
    message: the sentence for the person who asked, with the rule of the charter that refuses where
    that may be said; it tells nothing about the record."""

    allowed: bool
    policies: tuple[str, ...]
    message: Message

    @property
    def by_rule(self) -> bool:
        """Whether the message names the rule of the charter that refuses."""
        return self.message.code == BY_RULE


class DeniedError(Exception):
    """The charter does not allow it; ``decision`` says by which policies."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(", ".join(decision.policies) or "nothing permits it")
        self.decision = decision

"""What a question to the charter is made of, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from marfa.domain.message import Message

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
    message: the sentence for the person who asked; it tells nothing about the record."""

    allowed: bool
    policies: tuple[str, ...]
    message: Message


class DeniedError(Exception):
    """The charter does not allow it; ``decision`` says by which policies."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(", ".join(decision.policies) or "nothing permits it")
        self.decision = decision

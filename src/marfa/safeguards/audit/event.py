"""What is written down about one action. No identity is in it: keys, codes and numbers alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Outcome, Purpose

Detail = str | int | bool | None


@dataclass(frozen=True)
class Event:
    """One entry of the log, before it has its place in the chain.

    action: a code such as ``people.open_identity``.
    subject: key of the person whom it is about, if one.
    object_kind, object_id: what it was done to.
    policies: ids of the policies that decided.
    rows, rows_root: how many rows a bulk action touched, and the Merkle root over them.
    detail: codes and numbers; a text that a person typed does not belong here.
    """

    action: str
    actor: Actor
    purpose: Purpose
    outcome: Outcome = Outcome.DONE
    subject: UUID | None = None
    object_kind: str = ""
    object_id: UUID | None = None
    organisation: UUID | None = None
    policies: tuple[str, ...] = ()
    rows: int = 1
    rows_root: bytes | None = None
    detail: Mapping[str, Detail] = field(default_factory=dict)

"""The log as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from marfa.apps.accounts.models import User
from marfa.safeguards.actor import ActorKind
from marfa.safeguards.audit.models import Entry


@dataclass(frozen=True)
class Line:
    """An entry with the reference of the colleague who acted, where one did and is still known."""

    entry: Entry
    actor: str

    @property
    def by_machine(self) -> bool:
        return self.entry.actor_kind in (ActorKind.JOB, ActorKind.COMMAND)


def with_references(entries: Sequence[Entry]) -> list[Line]:
    """Entries as lines. One query for all of them."""
    keys = {entry.actor_id for entry in entries if entry.actor_kind == ActorKind.PERSON}
    found: dict[UUID, str] = dict(User.objects.filter(pk__in=keys).values_list("pk", "reference"))
    return [Line(entry, found.get(entry.actor_id, "")) for entry in entries]

"""The log as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from marfa.apps.accounts.models import User
from marfa.safeguards.actor import ActorKind
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.audit.queries import stretch_of_entries


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


@dataclass(frozen=True)
class Lines:
    """Some lines, newest first, and where the next ones begin."""

    object_list: list[Line]
    following: str


def stretch_of_lines(found: QuerySet[Entry], size: int, after: str) -> Lines:
    """Some of these entries as lines; as many queries however much there is, and no count."""
    stretch = stretch_of_entries(found, size, after)
    return Lines(with_references(stretch.entries), stretch.following)

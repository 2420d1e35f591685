"""The log as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from marfa.apps.accounts.log_entries import KIND as ACCOUNT
from marfa.apps.accounts.models import User
from marfa.apps.log.action_words import words_of
from marfa.apps.log.reasons import why_of
from marfa.safeguards.actor import ActorKind
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.audit.queries import stretch_of_entries


@dataclass(frozen=True)
class Line:
    """An entry with the colleagues in it who are still known: who acted, and whose account it was
    done to. Nobody else is looked up: a person whom the log is about has no name here."""

    entry: Entry
    actor: User | None
    holder: User | None

    @property
    def done(self) -> str:
        """What was done, in words."""
        return words_of(self.entry.action)

    @property
    def why(self) -> str:
        """What for, in words."""
        return why_of(self.entry)


def with_colleagues(entries: Sequence[Entry]) -> list[Line]:
    """Entries as lines. One query for all of them."""
    keys = {key for entry in entries for key in (_actor(entry), _holder(entry)) if key}
    found: dict[UUID | None, User] = {
        user.pk: user for user in User.objects.only("reference", "display_name").filter(pk__in=keys)
    }
    return [Line(entry, found.get(_actor(entry)), found.get(_holder(entry))) for entry in entries]


def _actor(entry: Entry) -> UUID | None:
    return entry.actor_id if entry.actor_kind == ActorKind.PERSON else None


def _holder(entry: Entry) -> UUID | None:
    """Whose account it was done to, where that is not who acted."""
    key = entry.object_id if entry.object_kind == ACCOUNT else None
    return None if key == entry.actor_id else key


@dataclass(frozen=True)
class Lines:
    """Some lines, newest first, and where the next ones begin."""

    object_list: list[Line]
    following: str


def stretch_of_lines(found: QuerySet[Entry], size: int, after: str) -> Lines:
    """Some of these entries as lines; as many queries however much there is, and no count."""
    stretch = stretch_of_entries(found, size, after)
    return Lines(with_colleagues(stretch.entries), stretch.following)

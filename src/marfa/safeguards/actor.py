"""Who acts: a member of staff with the roles they hold now, a job, or a command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from marfa.safeguards.words import Role


class ActorKind(StrEnum):
    """A job and a command act for the installation itself and hold no role of a person's."""

    PERSON = "person"
    JOB = "job"
    COMMAND = "command"
    VISITOR = "visitor"


@dataclass(frozen=True)
class HeldRole:
    """One role in force. site: None where it holds at every site of the organisation.
    team: None where it is not bound to one."""

    role: Role
    organisation: UUID
    site: UUID | None = None
    team: UUID | None = None


@dataclass(frozen=True)
class Actor:
    """Who asks. Made anew for each request, so that a role that ended bites at once.

    id: key of the user, job or command run; it has no name in it.
    stepped_up_at: when they last proved a second factor in this session, or None.
    """

    id: UUID
    kind: ActorKind
    roles: frozenset[HeldRole] = frozenset()
    stepped_up_at: datetime | None = None

    @property
    def role_names(self) -> frozenset[Role]:
        """The roles alone, wherever they hold."""
        return frozenset(held.role for held in self.roles)

    @property
    def organisations(self) -> frozenset[UUID]:
        """Where this actor holds any role."""
        return frozenset(held.organisation for held in self.roles)

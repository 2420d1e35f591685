"""Events of people, for the apps above.

Each is published within the action that does it, after its rows are written, so that whoever
listens reads them as they are now and writes into the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from marfa.platform.events import Event


class PersonPart(StrEnum):
    """What of a person changed."""

    PERSON = "person"
    NAMES = "names"
    DOCUMENTS = "documents"
    CONTACTS = "contacts"
    PHOTO = "photo"
    RELATIONSHIPS = "relationships"
    HOUSEHOLD = "household"


@dataclass(frozen=True)
class PersonRegistered(Event):
    """Somebody is at a site from now on: they arrived, were born there, or came back.

    A household that is registered together publishes one for each person, when all of them and
    what they say to be to each other are stored.

    registration: key of the row that says how and when. event: of ``Registration.Event``:
        arrival, birth or return. household: key of the one with which they came, if any.
    """

    person: UUID
    site: UUID
    registration: UUID
    event: str
    household: UUID | None = None


@dataclass(frozen=True)
class PersonLeft(Event):
    """Somebody is not at a site any more. event: departure or death."""

    person: UUID
    registration: UUID
    event: str


@dataclass(frozen=True)
class PersonChanged(Event):
    """What is known of somebody changed. A relationship tells it of both people."""

    person: UUID
    part: PersonPart


@dataclass(frozen=True)
class PersonMoved(Event):
    """Somebody is at another site of the organisation. It is published before ``PersonChanged``,
    when what follows from where they are is stated anew."""

    person: UUID
    site: UUID


@dataclass(frozen=True)
class CareInDoubt(Event):
    """Who looked after somebody counts no more. Nothing of what is known of them changed."""

    person: UUID


@dataclass(frozen=True)
class StaffShutOut(Event):
    """Somebody finds nothing of a person any more; whatever was theirs about them is another's from
    now on. It does not say who: the rows do. by: key of who decided it."""

    person: UUID
    by: UUID

"""Events of cases, for the apps above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marfa.platform.events import Event


@dataclass(frozen=True)
class CaseOpened(Event):
    """Somebody is helped from now on."""

    case: UUID
    person: UUID


@dataclass(frozen=True)
class CaseClosed(Event):
    """A case ended; the person may come back at any time. by: key of who ended it."""

    case: UUID
    person: UUID
    by: UUID


@dataclass(frozen=True)
class ResponsibleChanged(Event):
    """Somebody else is responsible for a case from now on. before: None where it was nobody's."""

    case: UUID
    before: UUID | None
    after: UUID


@dataclass(frozen=True)
class VictimPresumed(Event):
    """Somebody presumes that the person may be a victim."""

    case: UUID
    person: UUID


@dataclass(frozen=True)
class CaseHastened(Event):
    """A case is more urgent from now on."""

    case: UUID
    person: UUID


@dataclass(frozen=True)
class CaseReopened(Event):
    """Somebody whose case was closed is helped again."""

    case: UUID
    person: UUID

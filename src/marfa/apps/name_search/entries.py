"""Entries of the index, and the sources that give them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from marfa.apps.manifest import gather_by_name


@dataclass(frozen=True)
class Entry:
    """A person as the index holds them: a key, where they stand, and all their names.

    protected: kept apart from all others; a search that meets them is told so, and nobody else.
    """

    subject: UUID
    organisation: UUID
    site: UUID | None
    protected: bool
    names: tuple[str, ...]


class NameSource(Protocol):
    """Where entries come from. Whoever is erased, or has no name, does not come."""

    def total(self) -> int:
        """How many there are, about: for the progress that is shown."""
        ...

    def batches(self) -> Iterator[Sequence[Entry]]:
        """All, some hundreds at a time; what changes meanwhile is told apart."""
        ...

    def of(self, subjects: Collection[UUID]) -> Sequence[Entry]:
        """These as they are now; who is not to be found does not come."""
        ...


def name_sources() -> tuple[NameSource, ...]:
    """All sources that the apps of this installation name."""
    return tuple(gather_by_name("found_names").values())

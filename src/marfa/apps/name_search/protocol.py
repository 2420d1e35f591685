"""The messages between process and client.

Without the index, which takes a while to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

SOCKET = "finder.socket"


@dataclass(frozen=True)
class Scope:
    """Where in one organisation a search looks.

    sites: there alone; None is everywhere. also: further people, wherever they stand.
    """

    organisation: UUID
    sites: frozenset[UUID] | None = None
    also: frozenset[UUID] = frozenset()

    def as_json(self) -> dict[str, Any]:
        sites = None if self.sites is None else sorted(site.hex for site in self.sites)
        also = sorted(each.hex for each in self.also)
        return {"organisation": self.organisation.hex, "sites": sites, "also": also}

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Scope:
        """Raises ValueError, KeyError, TypeError for what is none."""
        sites = data["sites"]
        return cls(
            UUID(hex=data["organisation"]),
            None if sites is None else frozenset(UUID(hex=site) for site in sites),
            frozenset(UUID(hex=each) for each in data["also"]),
        )


@dataclass(frozen=True)
class NameHit:
    """One person who was found. rank: sorts them; it is nothing that is shown.

    name: the name that was met. parts: what was typed, what is written, and how they meet (a code
    of ``methods.names``, or ``beginning``). written: the same two as they were typed and written.
    """

    subject: UUID
    rank: float
    band: str
    name: str
    parts: tuple[tuple[str | None, str | None, str], ...]
    written: tuple[tuple[str | None, str | None], ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "subject": self.subject.hex,
            "rank": self.rank,
            "band": self.band,
            "name": self.name,
            "parts": [list(part) for part in self.parts],
            "written": [list(pair) for pair in self.written],
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> NameHit:
        parts = tuple((left, right, str(how)) for left, right, how in data["parts"])
        rank, band, name = float(data["rank"]), str(data["band"]), str(data["name"])
        written = tuple((left, right) for left, right in data.get("written", ()))
        return cls(UUID(hex=data["subject"]), rank, band, name, parts, written)


@dataclass(frozen=True)
class State:
    """warm: whether all names are there. percent: how far the first building is, 0 to 100.

    held: people in the index.
    """

    warm: bool
    percent: int
    held: int

"""The index: for each organisation one of those who are found, and one of those who are protected.

The two are apart, so that no ranking, count or limit of the first can tell of the second.
"""

from __future__ import annotations

from collections.abc import Collection
from threading import Lock
from uuid import UUID

from marfa.apps.name_search.entries import Entry
from marfa.apps.name_search.protocol import NameHit, Scope
from marfa.methods.names import Band, Hit, NameIndex
from marfa.methods.names.hits import Beginning

NOWHERE = 0
"""The group of people who stand at no site."""


Compartment = tuple[UUID, bool]


class Holding:
    """All names of an installation. Each call is whole by itself, from whichever thread."""

    def __init__(self) -> None:
        self._indexes: dict[Compartment, NameIndex] = {}
        self._where: dict[UUID, tuple[Compartment, int]] = {}
        self._sites: dict[UUID, int] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        """How many people it holds."""
        return len(self._where)

    def subjects(self) -> list[UUID]:
        """Whom it holds."""
        with self._lock:
            return list(self._where)

    def put(self, entry: Entry) -> None:
        """Hold a person as they are now, wherever they stood before."""
        with self._lock:
            self._put(entry)

    def drop(self, subject: UUID) -> None:
        """Hold a person no longer; nothing happens where they were not held."""
        with self._lock:
            self._drop(subject)

    def find(self, text: str, scopes: Collection[Scope], most: int) -> tuple[list[NameHit], ...]:
        """Those who are found, then the protected, best first; at most so many of each."""
        with self._lock:
            return tuple(
                _best(
                    [hit for scope in scopes for hit in self._in(scope, hidden, text, most)], most
                )
                for hidden in (False, True)
            )

    def _put(self, entry: Entry) -> None:
        compartment = (entry.organisation, entry.protected)
        group = self._group(entry.site)
        index = self._indexes.setdefault(compartment, NameIndex())
        key = entry.subject.hex
        known = self._where.get(entry.subject)
        if known == (compartment, group) and index.names_of(key) == list(_once(entry.names)):
            return
        self._drop(entry.subject)
        for name in _once(entry.names):
            index.add(key, name, group)
        if key in index:
            self._where[entry.subject] = (compartment, group)

    def _drop(self, subject: UUID) -> None:
        known = self._where.pop(subject, None)
        if known is not None:
            self._indexes[known[0]].remove(subject.hex)

    def _group(self, site: UUID | None) -> int:
        return NOWHERE if site is None else self._sites.setdefault(site, len(self._sites) + 1)

    def _in(self, scope: Scope, hidden: bool, text: str, most: int) -> list[NameHit]:
        index = self._indexes.get((scope.organisation, hidden))
        if index is None or not len(index):
            return []
        groups = None
        if scope.sites is not None:
            groups = [self._sites[site] for site in scope.sites if site in self._sites]
        also = [each.hex for each in scope.also]
        hits = index.search(text, most, groups=groups, also=also)
        found = {hit.key: _whole(hit) for hit in hits if hit.comparison.band is not Band.UNLIKELY}
        for begun in index.beginning(text, most, groups=groups, also=also):
            known = found.get(begun.key)
            if known is None or known.rank < 1.0:
                found[begun.key] = _begun(begun)
        return list(found.values())


def _whole(hit: Hit) -> NameHit:
    """A name that compares well as a whole. What is likely comes before all else."""
    parts = tuple((part.left, part.right, part.meeting) for part in hit.comparison.parts)
    written = tuple(
        (part.left_written or part.left, part.right_written or part.right)
        for part in hit.comparison.parts
    )
    likely = hit.comparison.band is Band.LIKELY
    rank = hit.standing + (2.0 if likely else 0.0)
    band = hit.comparison.band.value
    return NameHit(UUID(hex=hit.key), rank, band, hit.name, parts, written)


def _begun(hit: Beginning) -> NameHit:
    parts = tuple((typed, written, "beginning") for typed, written in hit.parts)
    rank, band = 1.0 + hit.share, Band.POSSIBLE.value
    return NameHit(UUID(hex=hit.key), rank, band, hit.name, parts, hit.written)


def _best(found: list[NameHit], most: int) -> list[NameHit]:
    return sorted(found, key=lambda each: (-each.rank, each.name, each.subject))[:most]


def _once(names: Collection[str]) -> dict[str, None]:
    return dict.fromkeys(name for name in names if name.strip())

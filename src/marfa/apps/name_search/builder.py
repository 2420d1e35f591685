"""Builds the index: all entries once, while searches wait and changes go on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from uuid import UUID

from marfa.apps.name_search.entries import Entry, NameSource
from marfa.apps.name_search.index import Holding
from marfa.apps.name_search.protocol import State

log = logging.getLogger("marfa.finding")


class Builder:
    """Fills a holding from sources, and keeps it up to date.

    A change that is told while everything is read wins over what was read: who was changed is not
    overwritten with how they were. Building again finds what was missed and takes away what is no
    longer there; searches are answered meanwhile.
    """

    def __init__(self, holding: Holding, sources: Callable[[], Collection[NameSource]]) -> None:
        self.holding = holding
        self._sources = sources
        self._warm = False
        self._done = self._total = 0
        self._building = threading.Lock()
        self._changing = threading.Lock()
        self._changed: set[UUID] | None = None

    def state(self) -> State:
        """How far it is."""
        percent = 100 if self._warm else min(99, 100 * self._done // max(1, self._total))
        return State(self._warm, percent, len(self.holding))

    def build(self, stopped: Callable[[], bool] = lambda: False) -> bool:
        """Read everything; False where it was stopped before its end."""
        with self._building:
            with self._changing:
                self._changed = set()
            try:
                return self._read_all(stopped)
            finally:
                with self._changing:
                    self._changed = None

    def refresh(self, subjects: Collection[UUID]) -> None:
        """Hold these as they are now. Doing it again, or out of order, ends the same."""
        with self._changing:
            # Asked within the lock: of two changes of one person, the later sees the later.
            found = {
                entry.subject: entry for source in self._sources() for entry in source.of(subjects)
            }
            for subject in subjects:
                entry = found.get(subject)
                if entry is None:
                    self.holding.drop(subject)
                else:
                    self.holding.put(entry)
            if self._changed is not None:
                self._changed.update(subjects)

    def _read_all(self, stopped: Callable[[], bool]) -> bool:
        sources = self._sources()
        self._done, self._total = 0, sum(source.total() for source in sources)
        seen: set[UUID] = set()
        for source in sources:
            for entries in source.batches():
                if stopped():
                    return False
                self._take(entries)
                seen.update(entry.subject for entry in entries)
                self._done += len(entries)
        self._drop_all_but(seen)
        self._warm = True
        return True

    def _take(self, entries: Collection[Entry]) -> None:
        for entry in entries:
            with self._changing:
                if self._changed is None or entry.subject not in self._changed:
                    self.holding.put(entry)

    def _drop_all_but(self, seen: Collection[UUID]) -> None:
        for subject in self.holding.subjects():
            with self._changing:
                if subject not in seen and subject not in (self._changed or ()):
                    self.holding.drop(subject)

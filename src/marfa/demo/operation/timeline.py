"""What happens in the year, in order of time, each thing at its own moment."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from marfa.platform import clock
from marfa.platform.units import unit_of_work
from marfa.safeguards.audit.event import Event
from marfa.safeguards.audit.writer import append_events

Step = Callable[[], object]
TOLD_AT_ONCE = 500
TICK = timedelta(milliseconds=1)


class Timeline:
    """Steps and entries of the log that wait for their moment. What would come after the end does
    not come: so a story is left where it stands then."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self._ahead: list[tuple[datetime, int, Step | Sequence[Event]]] = []
        self._number = 0
        self._to_tell: list[tuple[datetime, Sequence[Event]]] = []
        self._latest: datetime | None = None

    def at(self, moment: datetime, step: Step) -> None:
        """Do something at a moment, unless that comes after the end."""
        self._add(moment, step)

    def tell(self, moment: datetime, events: Sequence[Event]) -> None:
        """Tell the log of what was written in bulk."""
        self._add(moment, events)

    def run(self) -> Iterator[datetime]:
        """Let the year pass; gives each moment once it is over."""
        while self._ahead:
            moment, _number, what = heapq.heappop(self._ahead)
            if callable(what):
                self._tell_all()
                with at_moment(self._not_before(moment)) as shown:
                    what()
                    self._latest = shown()
            else:
                self._to_tell.append((moment, what))
                if len(self._to_tell) >= TOLD_AT_ONCE:
                    self._tell_all()
            yield moment
        self._tell_all()

    def _not_before(self, moment: datetime) -> datetime:
        """A moment, or when the step before it was over: no step begins within another."""
        return moment if self._latest is None else max(moment, self._latest)

    def _add(self, moment: datetime, what: Step | Sequence[Event]) -> None:
        if moment < self.end:
            self._number += 1
            heapq.heappush(self._ahead, (moment, self._number, what))

    def _tell_all(self) -> None:
        """Append what was written in bulk since, in one transaction; each entry with its moment."""
        if not self._to_tell:
            return
        with unit_of_work(), connection.cursor() as cursor:
            for moment, events in self._to_tell:
                with clock.set_to(self._not_before(moment)):
                    statement = append_events(events)
                if statement is not None:
                    cursor.execute(*statement)
        self._to_tell = []


@contextmanager
def at_moment(moment: datetime) -> Iterator[clock.Source]:
    """The clock begins at a moment and goes on a little each time that it is asked: of two
    actions in one step the second comes later. Gives what is asked."""
    shown = moment

    def tick() -> datetime:
        nonlocal shown
        shown += TICK
        return shown

    with clock.set_to(tick):
        yield tick

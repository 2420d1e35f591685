"""The time that a submission tells of itself: the clocks that its rules were run against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from marfa.methods.xforms.model import FormModel
from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath.dates import local_moment, read_moment

AHEAD = timedelta(hours=24)
"""How far a device's clock may be ahead before it is told."""


@dataclass(frozen=True, slots=True)
class ToldTime:
    """From when to when the form was filled in. told: whether the submission says so."""

    begin: datetime
    end: datetime
    told: bool

    @property
    def backwards(self) -> bool:
        return self.end < self.begin


def told_time(form: FormModel, root: Node, received_at: datetime) -> ToldTime:
    """The times of ``start``, ``end`` and ``today``; what was received where none is told.

    Without an end, the form may have been open until it was received.
    """
    told = dict(_told(form, root))
    begin = told.get("start")
    end = told.get("end")
    if not isinstance(begin, datetime) and isinstance(end, datetime):
        begin = end
    if isinstance(begin, datetime):
        return ToldTime(begin, end if isinstance(end, datetime) else begin, told=True)
    day = told.get("today")
    if day is not None:
        zone: tzinfo = received_at.tzinfo or UTC
        first = datetime.combine(local_moment(day, zone).date(), time(), zone)
        return ToldTime(first, first + timedelta(days=1, microseconds=-1), told=True)
    return ToldTime(received_at, received_at, told=False)


def _told(form: FormModel, root: Node) -> Iterator[tuple[str, date | datetime]]:
    for node in root.walk():
        bind = node.spot.bind if node.spot is not None else None
        if bind is None or bind.preload not in ("timestamp", "date"):
            continue
        found = read_moment(node.text, UTC)
        if found is not None:
            yield bind.preload_params, found

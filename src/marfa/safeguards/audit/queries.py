"""Questions to the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from marfa.safeguards.audit import chain
from marfa.safeguards.audit.encoding import encode_moment
from marfa.safeguards.audit.models import Entry


def lane_ends() -> dict[int, tuple[int, bytes]]:
    """Of each lane that has entries: how many, and the hash of the last."""
    marks = [
        f"SELECT place, hash FROM (SELECT place, hash FROM audit_entry"  # noqa: S608 - numbers
        f" WHERE place >= {chain.entry_place(lane, 0)} AND place < {(lane + 1) << chain.LANE_SHIFT}"
        f" ORDER BY place DESC LIMIT 1) AS lane{lane}"
        for lane in range(chain.LANES)
    ]
    # One statement and so one moment, for all lanes.
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(marks))
        found = cursor.fetchall()
    return {
        chain.lane_of(place): (chain.sequence_of(place) + 1, bytes(last)) for place, last in found
    }


def hash_at(place: int) -> bytes | None:
    """The hash of one entry; None where there is none."""
    found = Entry.objects.filter(place=place).values_list("hash", flat=True).first()
    return None if found is None else bytes(found)


@dataclass(frozen=True)
class EntryFilter:
    """Which entries are looked for; what is empty or None does not narrow. until: before then."""

    action: str = ""
    actor: UUID | None = None
    subject: UUID | None = None
    object: UUID | None = None
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Some entries, newest first, and where the next page begins, if there is one."""

    entries: list[Entry]
    following: str = ""

    @property
    def object_list(self) -> list[Entry]:
        """The same, as a list has its rows."""
        return self.entries


def search_entries(wanted: EntryFilter) -> QuerySet[Entry]:
    """The entries that are wanted, newest first."""
    exact = {
        "action": wanted.action,
        "actor_id": wanted.actor,
        "subject_id": wanted.subject,
        "object_id": wanted.object,
        "outcome": wanted.outcome,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    narrowed = {name: value for name, value in exact.items() if value}
    return Entry.objects.filter(**narrowed).order_by("-at", "-place")


def page_of_entries(wanted: EntryFilter, *, size: int, after: str = "") -> Page:
    """One page, in one query however far it lies in.

    after: ``following`` of the page before; one that is no such word begins anew.
    """
    return stretch_of_entries(search_entries(wanted), size, after)


def stretch_of_entries(found: QuerySet[Entry], size: int, after: str = "") -> Page:
    """One page of some entries, like ``page_of_entries``."""
    found = found.order_by("-at", "-place")
    mark = _read_mark(after)
    if mark is not None:
        at, place = mark
        found = found.filter(Q(at__lt=at) | Q(at=at, place__lt=place))
    entries = list(found[: size + 1])
    more = len(entries) > size
    last = entries[size - 1] if more else None
    return Page(entries[:size], f"{encode_moment(last.at)}_{last.place}" if last else "")


def _read_mark(text: str) -> tuple[datetime, int] | None:
    at, _, place = text.partition("_")
    try:
        read, number = datetime.fromisoformat(at), int(place)
    except ValueError:
        return None
    return (read, number) if read.tzinfo else None

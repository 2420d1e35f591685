"""Writing to the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from marfa.domain.canonical import canonical_json
from marfa.platform import clock
from marfa.platform.units import Statement
from marfa.safeguards.audit import chain
from marfa.safeguards.audit.encoding import content_digest, content_of
from marfa.safeguards.audit.event import Event
from marfa.safeguards.audit.models import Entry

COLUMNS = (
    "place",
    "at",
    "action",
    "actor_id",
    "actor_kind",
    "subject_id",
    "object_kind",
    "object_id",
    "purpose",
    "outcome",
    "organisation_id",
    "policies",
    "rows",
    "rows_root",
    "detail",
    "previous",
    "hash",
)
_ROW = f"({', '.join(['%s'] * len(COLUMNS))})"
_INSERT = f"INSERT INTO audit_entry ({', '.join(COLUMNS)}) VALUES "  # noqa: S608 - constants


def append_events(events: Sequence[Event]) -> Statement | None:
    """The statement that appends to the chain, to be sent as the last of the open transaction.

    Actions do not call this: ``action`` does, when all else is written.
    Raises RuntimeError outside a transaction, ValueError where an event holds more than codes.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the log is written in the transaction of what it tells of")
    if not events:
        return None
    at = clock.now()
    rows = [_row(event, at) for event in events]
    if connection.vendor == "sqlite":
        _link(rows)
    values = [_stored(value) for row in rows for value in row.values()]
    return _INSERT + ", ".join([_ROW] * len(rows)), values


def _row(event: Event, at: datetime) -> dict[str, Any]:
    """The columns of an entry; its hash is that of the content until it has its place."""
    return {
        "place": 0,
        "at": at,
        "action": event.action,
        "actor_id": event.actor.id,
        "actor_kind": event.actor.kind.value,
        "subject_id": event.subject,
        "object_kind": event.object_kind,
        "object_id": event.object_id,
        "purpose": event.purpose.value,
        "outcome": event.outcome.value,
        "organisation_id": event.organisation,
        "policies": " ".join(event.policies),
        "rows": event.rows,
        "rows_root": event.rows_root,
        "detail": canonical_json(dict(event.detail)),
        "previous": b"",
        "hash": content_digest(content_of(event, at)),
    }


def _link(rows: Sequence[dict[str, Any]]) -> None:
    """On SQLite one transaction writes at a time, so there is one lane, and it is linked here.

    On PostgreSQL a trigger takes a free lane and links the entry (``guards``).
    """
    last = Entry.objects.order_by("-place").values_list("place", "hash").first()
    place, previous = (last[0] + 1, bytes(last[1])) if last else (0, chain.GENESIS)
    for row in rows:
        digest = row["hash"]
        row |= {"place": place, "previous": previous}
        row["hash"] = previous = chain.link_hash(place, previous, digest)
        place += 1


def _stored(value: Any) -> Any:
    """A value as the driver takes it: SQLite has no keys and no moments of its own."""
    if connection.vendor == "sqlite":
        if isinstance(value, UUID):
            return value.hex
        if isinstance(value, datetime):
            return connection.ops.adapt_datetimefield_value(value)
    return value

"""Writing to the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from marfa.platform import clock
from marfa.safeguards.audit import chain
from marfa.safeguards.audit.encoding import canonical, content_of, digest
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


def append(events: Sequence[Event]) -> None:
    """Append to the chain, as the last statement of the transaction that is open.

    Actions do not call this: ``acting`` does, when all else is written.
    Raises RuntimeError outside a transaction, ValueError where an event holds more than codes.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the log is written in the transaction of what it tells of")
    if not events:
        return
    at = clock.now()
    rows = [_row(event, at) for event in events]
    if connection.vendor == "postgresql":
        _let_the_database_link(rows)
    else:
        _link_here(rows)


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
        "detail": canonical(dict(event.detail)),
        "previous": b"",
        "hash": digest(content_of(event, at)),
    }


def _let_the_database_link(rows: Sequence[dict[str, Any]]) -> None:
    """On PostgreSQL a trigger takes a free lane and links the entry (``guards``).

    One plain statement: what is left out here is left out of every action.
    """
    values = [value for row in rows for value in row.values()]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT + ", ".join([_ROW] * len(rows)), values)


def _link_here(rows: Sequence[dict[str, Any]]) -> None:
    """On SQLite one transaction writes at a time, so there is one lane."""
    last = Entry.objects.order_by("-place").values_list("place", "hash").first()
    place, previous = (last[0] + 1, bytes(last[1])) if last else (0, chain.GENESIS)
    for row in rows:
        row |= {
            "place": place,
            "previous": previous,
            "hash": chain.link(place, previous, row["hash"]),
        }
        place, previous = place + 1, row["hash"]
    Entry.objects.bulk_create([Entry(**row) for row in rows])

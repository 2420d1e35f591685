"""Facts are written here, by the action that changes what they are about, in its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.facts.kinds import kind_of
from marfa.platform.facts.models import Fact, columns_of
from marfa.platform.facts.timeline import FactRow, Statement, apply_statement


def state_fact(
    kind: type[Fact],
    *,
    subject: UUID,
    values: Mapping[str, object] | None,
    valid_from: date,
    valid_until: date | None = None,
    at: datetime | None = None,
) -> None:
    """From a day on this is so of a subject; values None: nothing is so any more.

    at: moment of the change that this follows (``Saved.at`` of revisions), so that a rebuild from
        the history gives the same rows; by default now.
    Must run in the transaction of the action (RuntimeError otherwise). Statements about one
    subject wait for each other. Raises InputError when a value is not coded, KeyError for a subject
    that is not there.
    """
    known = kind_of(kind)
    if not connection.in_atomic_block:
        raise RuntimeError("facts are written in the transaction of an action")
    if valid_until is not None and valid_until <= valid_from:
        raise InputError.at(Message("platform.facts:no-day"), field="valid_until")
    kept = coded_values(kind, values) if values is not None else None
    with transaction.atomic():
        wait_for(kind, subject)
        statement = Statement(valid_from, at or clock.now(), kept, valid_until)
        _store(kind, subject, known.owners([subject])[subject], statement)


def wait_for(kind: type[Fact], subject: UUID) -> None:
    """Wait for a rebuild, and for others who write of this subject, before anything is read that
    a statement is made from: what they changed is seen then. In the transaction of the action.

    On PostgreSQL two transactions could read the same rows; SQLite has one writer at a time.
    """
    if connection.vendor == "postgresql":
        number = int.from_bytes(subject.bytes[8:], "big", signed=True)
        table = connection.ops.quote_name(kind._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def coded_values(kind: type[Fact], values: Mapping[str, object]) -> dict[str, object]:
    """The values as the columns hold them. Raises InputError unless all are there and coded."""
    columns = columns_of(kind)
    odd = sorted(values.keys() ^ columns.keys())
    if odd:
        raise InputError.at(Message("platform.facts:field-odd", {"field": odd[0]}), field=odd[0])
    return {name: column.coded(values[name]) for name, column in columns.items()}


def erase_facts(kind: type[Fact], subject: UUID) -> int:
    """Delete all that is and was known of a subject; how many rows."""
    return kind._base_manager.filter(subject=subject).delete()[0]


def row_of(fact: Fact, names: Iterable[str]) -> FactRow:
    """A stored row as the timeline sees it."""
    values = {name: getattr(fact, name) for name in names}
    return FactRow(fact.valid_from, fact.valid_until, fact.recorded_at, fact.replaced_at, values)


def fact_of(kind: type[Fact], subject: UUID, organisation: UUID, row: FactRow) -> Fact:
    """A row of the timeline as it is stored, with a new key."""
    return kind(
        organisation=organisation,
        subject=subject,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        recorded_at=row.recorded_at,
        replaced_at=row.replaced_at,
        **row.values,
    )


def _store(kind: type[Fact], subject: UUID, organisation: UUID, statement: Statement) -> None:
    names = list(columns_of(kind))
    stored = list(kind._base_manager.filter(subject=subject))
    keys = {fact.pk: row_of(fact, names) for fact in stored}
    after = apply_statement(keys.values(), statement)
    left = list(after)
    gone = []
    for key, row in keys.items():
        if row in left:
            left.remove(row)
        else:
            gone.append(key)
    _close(kind, {key: keys[key] for key in gone}, left)
    kind._base_manager.bulk_create(fact_of(kind, subject, organisation, row) for row in left)


def _close(kind: type[Fact], gone: Mapping[UUID, FactRow], left: list[FactRow]) -> None:
    """Mark what is not known any more; rows that were never known are deleted."""
    for key, row in gone.items():
        closed = [r for r in left if r.replaced_at and _opened(r) == _opened(row)]
        if closed:
            kind._base_manager.filter(pk=key).update(replaced_at=closed[0].replaced_at)
            left.remove(closed[0])
        else:
            kind._base_manager.filter(pk=key).delete()


def _opened(row: FactRow) -> tuple[object, ...]:
    return (row.valid_from, row.valid_until, row.recorded_at, tuple(row.values.items()))

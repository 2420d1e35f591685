"""Facts made anew from what they are about, or compared with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import connection, transaction

from marfa.platform.facts.actions import coded_values, fact_of, row_of
from marfa.platform.facts.kinds import FactKind
from marfa.platform.facts.models import Fact, columns_of
from marfa.platform.facts.timeline import FactRow, Statement, rows_of
from marfa.platform.rowsecurity.context import every_organisation

BATCH = 500


@dataclass(frozen=True)
class Difference:
    """missing: rows that should be there and are not; extra: rows that should not be there."""

    subjects: int
    missing: int
    extra: int

    @property
    def same(self) -> bool:
        return not self.missing and not self.extra


def rebuild_facts(kind: FactKind, *, progress: Callable[[int], None] = lambda count: None) -> int:
    """Write all rows of a kind anew from its source, all or nothing; how many.

    Actions that write the kind wait until it is done. progress: called with subjects done.
    """
    rows = 0
    with every_organisation(), transaction.atomic():
        _hold(kind.model)
        kind.model._base_manager.all().delete()
        made = _made(kind, progress)
        while batch := list(islice(made, BATCH)):
            kind.model._base_manager.bulk_create(batch)
            rows += len(batch)
    return rows


def mix_rows(kind: FactKind) -> int:
    """Write the stored rows anew, in the order of their subjects, under new keys; how many.

    In which order rows were written, and in which transaction, can be seen in the raw database.
    Where subjects are pseudonyms, that would put rows of one person beside each other.
    """
    with every_organisation(), transaction.atomic():
        _hold(kind.model)
        rows = list(kind.model._base_manager.order_by("subject", "valid_from"))
        kind.model._base_manager.all().delete()
        for row in rows:
            row.pk = kind.model._meta.pk.get_default()
        kind.model._base_manager.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def compare_facts(
    kind: FactKind, *, progress: Callable[[int], None] = lambda count: None
) -> Difference:
    """How the stored rows differ from those that a rebuild would write; changes nothing."""
    names = list(columns_of(kind.model))
    subjects = missing = seen = kept = 0
    with every_organisation(), transaction.atomic():
        _hold(kind.model)
        for subject, wanted, _whose in _wanted(kind):
            stored = kind.model._base_manager.filter(subject=subject)
            found = Counter(_key(row_of(fact, names)) for fact in stored)
            should = Counter(_key(row) for row in wanted)
            missing += (should - found).total()
            kept += (should & found).total()
            seen += 1
            subjects += 1
            progress(seen)
        extra = kind.model._base_manager.count() - kept
    return Difference(subjects, missing, extra)


def _made(kind: FactKind, progress: Callable[[int], None]) -> Iterator[Fact]:
    for done, (subject, rows, said) in enumerate(_wanted(kind), start=1):
        whose = said or kind.owners([subject])[subject]
        yield from (fact_of(kind.model, subject, whose, row) for row in rows)
        progress(done)


def _wanted(kind: FactKind) -> Iterator[tuple[UUID, list[FactRow], UUID | None]]:
    for told in kind.source():
        rows = rows_of(_checked(kind, each) for each in told[1])
        yield told[0], rows, told[2] if len(told) == 3 else None


def _checked(kind: FactKind, statement: Statement) -> Statement:
    values = statement.values
    kept = coded_values(kind.model, values) if values is not None else None
    return Statement(statement.valid_from, statement.at, kept, statement.valid_until)


def _key(row: FactRow) -> tuple[object, ...]:
    values = tuple(sorted(row.values.items()))
    return (row.valid_from, row.valid_until, row.recorded_at, row.replaced_at, values)


def _hold(model: type[Fact]) -> None:
    """Let no action write the kind meanwhile; SQLite has one writer at a time already."""
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")

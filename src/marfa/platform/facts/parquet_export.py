"""Facts to Parquet or CSV, for DuckDB and for others, in constant memory.

What leaves cannot be joined with another export or led back to a row here: subjects get random
pseudonyms for this one file, the rows stand in the order of those, the moments at which
something was recorded stay here, as do the keys of places and staff, and days that give away a
birthday leave as their month. Each file carries a handling mark: Parquet in its metadata, CSV in a
last column. A column that never leaves is in a Parquet file for one's own use alone, and the mark
names it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from marfa.domain import handling
from marfa.domain.doors import check_sending
from marfa.domain.handling import HandlingMark
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.facts.columns import (
    CodesColumn,
    Column,
    DayColumn,
    FlagColumn,
    KeyColumn,
    Precision,
    WholeColumn,
    never_leaves,
)
from marfa.platform.facts.kinds import FactKind
from marfa.platform.facts.models import Fact, columns_of
from marfa.platform.facts.queries import as_of, known_at

if TYPE_CHECKING:
    import pyarrow as pa

READ_ROWS = 10_000
GROUP_ROWS = 100_000
PSEUDONYM_BYTES = 12
SUBJECT = "subject"
LIST_SIGN = ";"
"""Between several codes in a field of a CSV file."""


@dataclass(frozen=True)
class Exported:
    """rows: in the file; columns: their names in order."""

    rows: int
    columns: tuple[str, ...]


ENDINGS = frozenset({".parquet", ".csv"})


def export_facts(
    kind: FactKind,
    target: Path,
    *,
    day: date | None = None,
    known: datetime | None = None,
    subjects: bool = True,
    sender: str = "help",
    recipient: str | None = None,
    progress: Callable[[int], None] = lambda count: None,
    before: Callable[[Exported], None] = lambda made: None,
) -> Exported:
    """Write a kind to a Parquet file, or CSV by its ending, which appears whole or not at all.

    day: only what was so on this day; otherwise every period with its days.
    known: as known at this moment; otherwise now.
    subjects: with a column of pseudonyms, so that rows about one person can be told together.
    sender: the kind of body whose installation this is. recipient: for which other kind the file
    is; without it, for one's own use.
    progress: called with the rows read so far.
    before: called with what the file holds before it appears; where it raises, none does.

    Rows go through files beside the target, one for each range of pseudonyms, so that memory
    holds one group of rows at a time. Raises InputError where facts may not go from sender to
    recipient, OSError when the target cannot be written.
    """
    if target.suffix.lower() not in ENDINGS:
        raise InputError.at(Message("platform.facts:ending-unknown"), file=target.name)
    if recipient is not None:
        check_sending(sender, "facts", recipient)
    text = target.suffix.lower() == ".csv"
    own = recipient in (None, sender) and not text
    if kind.stays and not own:
        raise InputError.at(Message("platform.facts:kind-stays", {"name": kind.name}))
    plan = _Plan(kind, day, own=own)
    schema = plan.schema()
    shape = _Shape(plan.mark(sender), subjects=subjects, text=text)
    rows = 0
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as name:
        folder = Path(name)
        parts = _scatter(plan, known, schema, folder, progress)
        whole = folder / "whole"
        with shape.writer(whole, schema) as writer:
            for part in parts:
                table = shape.shaped(_sorted(part))
                rows += table.num_rows
                writer.write_table(table)
        whole.chmod(0o600)
        _sync(whole)
        made = Exported(rows, tuple(shape.shaped(schema.empty_table()).column_names))
        before(made)
        os.replace(whole, target)
    return made


@dataclass(frozen=True)
class _Shape:
    """What is made of the rows for a kind of file."""

    mark: HandlingMark
    subjects: bool
    text: bool

    def writer(self, path: Path, schema: pa.Schema) -> Any:
        import pyarrow.csv as pc
        import pyarrow.parquet as pq

        out = self.shaped(schema.empty_table()).schema
        if self.text:
            return pc.CSVWriter(path, out)
        return pq.ParquetWriter(path, out, compression="zstd")

    def shaped(self, table: pa.Table) -> pa.Table:
        table = table if self.subjects else table.drop_columns([SUBJECT])
        if not self.text:
            return table.replace_schema_metadata({handling.NAME: str(self.mark)})
        return _as_text(table).append_column(handling.NAME, [[str(self.mark)] * table.num_rows])


def _as_text(table: pa.Table) -> pa.Table:
    """A table of which no field holds a list."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for number, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            joined = pc.binary_join(table[field.name], LIST_SIGN)
            table = table.set_column(number, field.name, joined)
    return table


@dataclass(frozen=True)
class _Plan:
    """What is read, and how each column leaves. own: the file is for one's own use."""

    kind: FactKind
    day: date | None
    own: bool

    @property
    def columns(self) -> dict[str, Column]:
        """What leaves: keys of places and of staff do not, and to others nothing that stays."""
        found = columns_of(self.kind.model)
        return {
            name: each
            for name, each in found.items()
            if not never_leaves(each) or (self.own and not isinstance(each, KeyColumn))
        }

    def mark(self, sender: str) -> HandlingMark:
        staying = tuple(name for name, each in self.columns.items() if never_leaves(each))
        now = clock.now()
        return HandlingMark(sender, "facts", now, "statistics", "command", staying)

    def names(self) -> list[str]:
        days = ["valid_from", "valid_until"] if self.day is None else []
        return [SUBJECT, *days, *self.columns]

    def schema(self) -> pa.Schema:
        import pyarrow as pa

        days = {"valid_from": pa.date32(), "valid_until": pa.date32()}
        types = {SUBJECT: pa.string(), **days}
        types |= {name: _arrow_type(column) for name, column in self.columns.items()}
        stays = {name for name, column in self.columns.items() if never_leaves(column)}
        told = {name: {"leaves": "never"} if name in stays else None for name in types}
        return pa.schema(
            [pa.field(name, types[name], metadata=told[name]) for name in self.names()]
        )

    def batches(self, known: datetime | None) -> Iterator[list[tuple[Any, ...]]]:
        found = self._rows(known).values_list(*self.names()).iterator(chunk_size=READ_ROWS)
        while batch := list(islice(found, READ_ROWS)):
            yield batch

    def size(self, known: datetime | None) -> int:
        return self._rows(known).count()

    def _rows(self, known: datetime | None) -> QuerySet[Fact]:
        model = self.kind.model
        rows = known_at(model, known) if self.day is None else as_of(model, self.day, known=known)
        return self.kind.told(rows)


def _scatter(
    plan: _Plan,
    known: datetime | None,
    schema: pa.Schema,
    folder: Path,
    progress: Callable[[int], None],
) -> Iterator[Path]:
    """The rows with their pseudonyms, in one file for each range of pseudonyms, in order.

    The ranges are so many that one holds about a group; a hash spreads evenly.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    count = min(256, 1 + plan.size(known) // GROUP_ROWS)
    paths = [folder / f"{number:03}" for number in range(count)]
    writers = [pa.ipc.new_file(str(path), schema) for path in paths]
    pseudonym = _pseudonyms()
    done = 0
    try:
        # One transaction, so that a reader on PostgreSQL has a cursor on the server.
        with transaction.atomic():
            for batch in plan.batches(known):
                table = _table(plan, schema, batch, pseudonym)
                ranges = pa.array(
                    int(name[:4], 16) * count >> 16 for name in table[SUBJECT].to_pylist()
                )
                for number, writer in enumerate(writers):
                    writer.write_table(table.filter(pc.equal(ranges, number)))
                done += len(batch)
                progress(done)
    finally:
        for writer in writers:
            writer.close()
    yield from paths


def _pseudonyms() -> Callable[[UUID], str]:
    """Keyed BLAKE2b (RFC 7693, 2.9) under a key that is kept nowhere."""
    key = secrets.token_bytes(32)

    def pseudonym(subject: UUID) -> str:
        hashed = hashlib.blake2b(subject.bytes, digest_size=PSEUDONYM_BYTES, key=key)
        return hashed.hexdigest()

    return pseudonym


def _table(
    plan: _Plan,
    schema: pa.Schema,
    batch: Sequence[tuple[Any, ...]],
    pseudonym: Callable[[UUID], str],
) -> pa.Table:
    import pyarrow as pa

    columns = plan.columns
    arrays = []
    for field, values in zip(schema, zip(*batch, strict=True), strict=True):
        column = columns.get(field.name)
        if field.name == SUBJECT:
            values = tuple(map(pseudonym, values))
        elif isinstance(column, DayColumn) and column.exported != "day":
            values = tuple(_coarse(value, column.exported) for value in values)
        arrays.append(pa.array(values, type=field.type))
    return pa.table(arrays, schema=schema)


def _sorted(part: Path) -> pa.Table:
    """A range's rows by pseudonym; what else a subject's rows are in order of is their content."""
    import pyarrow as pa

    with pa.OSFile(str(part)) as source:
        table = pa.ipc.open_file(source).read_all()
    part.unlink()
    days = [name for name in ("valid_from",) if name in table.column_names]
    return table.sort_by([(name, "ascending") for name in (SUBJECT, *days)])


def _coarse(value: date | None, precision: Precision) -> date | None:
    """The first day of the month or year."""
    if value is None:
        return None
    return value.replace(day=1) if precision == "month" else value.replace(month=1, day=1)


def _arrow_type(column: Column) -> pa.DataType:
    import pyarrow as pa

    if isinstance(column, CodesColumn):
        return pa.list_(pa.string())
    if isinstance(column, DayColumn):
        return pa.date32()
    if isinstance(column, FlagColumn):
        return pa.bool_()
    return pa.int32() if isinstance(column, WholeColumn) else pa.string()


def _sync(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())

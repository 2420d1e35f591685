"""Records in tables (CSV, UTF-8), and what came of comparing them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import TableWriter, unguard_text
from marfa.methods.linkage.fields import ColumnMapping, Field, guess_mapping
from marfa.methods.linkage.links import Link, Linkage
from marfa.methods.linkage.records import Record
from marfa.methods.names.lists import column_place, table_rows

LONGEST = 4_000
"""Characters of a cell."""
MOST_RECORDS = 2_000_000

NAMES = frozenset({Field.GIVEN, Field.FAMILY, Field.NAME})


@dataclass(frozen=True)
class RecordList:
    """The records of a table, the columns that were read, and the row of each id."""

    source: Path
    records: Sequence[Record]
    mapping: ColumnMapping
    rows: Mapping[str, int]


def read_records(
    source: Path, key: str, given: Mapping[Field, tuple[str, ...]] | None = None
) -> RecordList:
    """The records of a table.

    key: the column of the ids. given: columns by field; the others are guessed by their headers.
    Raises InputError, with file and row, for a table that cannot be read, an id that is missing or
    stands twice, and a table without any name.
    """
    rows = table_rows(source)
    header = [cell.strip() for cell in next(rows)]
    place = column_place(header, key, source)
    mapping = guess_mapping(header, given or {}, key=key)
    if not NAMES & mapping.columns.keys():
        raise _refusal(source, "names-missing", 1, columns=", ".join(header[:20])[:400])
    places = {
        of: [column_place(header, name, source) for name in names]
        for of, names in mapping.columns.items()
    }
    records: list[Record] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(rows, 2):
        record = _record(source, number, cells, place, places)
        if record.id in seen:
            params = {"id": record.id[:80], "first": seen[record.id]}
            raise _refusal(source, "id-twice", number, **params)
        if len(records) == MOST_RECORDS:
            raise _refusal(source, "too-many", number, most=MOST_RECORDS)
        seen[record.id] = number
        records.append(record)
    return RecordList(source, records, mapping, seen)


def _record(
    source: Path,
    number: int,
    cells: Sequence[str],
    place: int,
    places: Mapping[Field, Sequence[int]],
) -> Record:
    if any(len(cell) > LONGEST for cell in cells):
        raise _refusal(source, "cell-long", number, most=LONGEST)
    key = unguard_text(cells[place].strip())
    if not key:
        raise _refusal(source, "id-missing", number)
    texts = {of: [unguard_text(cells[n]) for n in columns] for of, columns in places.items()}
    return Record.of(key, **{of.value: several for of, several in texts.items()})


def check_mapped(lists: Iterable[RecordList], given: Mapping[Field, tuple[str, ...]]) -> None:
    """Raises InputError for a column that somebody mapped and no table has."""
    held = {name for each in lists for names in each.mapping.columns.values() for name in names}
    for of, names in given.items():
        for name in names:
            if name not in held:
                params = {"column": name[:80], "name": of.value}
                raise InputError.at(Message("methods.linkage:map-nowhere", params), field="--map")


COLUMNS = ("left_id", "right_id", "score", "match")
LIST_COLUMNS = ("left_file", "right_file")
EXPLAINED = tuple(of for of in Field if of not in (Field.NAME, Field.AGE))


def write_pairs(
    target: Path,
    found: Linkage,
    lists: Sequence[RecordList],
    *,
    explained: bool = False,
) -> None:
    """Pairs as a table; where ids of three lists or more are not distinct, with their files.

    explained: also what each field says, in bits, and the signs. Raises InputError where it cannot
    be written; the file is there whole or not at all, readable by its owner alone.
    """
    named = len(lists) > 2 and _ids_repeat(lists)
    header = [*COLUMNS, *(LIST_COLUMNS if named else ())]
    header += [*(of.value for of in EXPLAINED), "signs"] if explained else []
    with whole_file(target) as writer:
        writer.writerow(header)
        for link in found.links:
            row = [link.left.id, link.right.id, f"{link.score:.6f}", _bool(link.match)]
            if named:
                row += [lists[n].source.name for n in (link.left_list, link.right_list)]
            writer.writerow(row + (_explained(link) if explained else []))


def _ids_repeat(lists: Sequence[RecordList]) -> bool:
    every = [key for each in lists for key in each.rows]
    return len(set(every)) < len(every)


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _explained(link: Link) -> list[str]:
    weights: dict[Field, float] = {}
    for each in link.fields:
        weights[each.field] = weights.get(each.field, 0.0) + each.weight
    said = [f"{weights[of]:.2f}" if of in weights else "" for of in EXPLAINED]
    return [*said, " ".join(sign.value for sign in link.signs)]


def write_clusters(target: Path, found: Linkage, lists: Sequence[RecordList]) -> None:
    """Every record with the number of its person: ``person``, ``file``, ``id``."""
    numbers: dict[int, int] = {}
    with whole_file(target) as writer:
        writer.writerow(("person", "file", "id"))
        for place, each in enumerate(lists):
            for record in each.records:
                cluster = found.clusters[place, record.id]
                person = numbers.setdefault(cluster, len(numbers) + 1)
                writer.writerow((person, each.source.name, record.id))


@contextmanager
def whole_file(target: Path) -> Iterator[TableWriter]:
    """A table that is written beside its place, and moved there when the block ended well."""
    with ExitStack() as stack:
        try:
            handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
            stack.callback(_remove, temporary)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                yield TableWriter(stream, lineterminator="\n")
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, target)
        except OSError as error:
            reason = {"reason": error.strerror or type(error).__name__}
            raise InputError.at(
                Message("methods.linkage:unwritable", reason), file=target.name
            ) from None


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def read_table(source: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a table of ours, with their numbers. Raises InputError where a column is absent."""
    rows = table_rows(source)
    header = [cell.strip() for cell in next(rows)]
    for name in columns:
        column_place(header, name, source)
    for number, cells in enumerate(rows, 2):
        yield number, dict(zip(header, cells, strict=True))


def _refusal(source: Path, key: str, row: int, **params: object) -> InputError:
    message = Message(f"methods.linkage:{key}", params)
    return InputError.at(message, file=source.name, row=row)

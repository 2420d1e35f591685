"""Records in tables (CSV, UTF-8), and what came of comparing them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from errno import EACCES
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import TableWriter, unguard_text
from marfa.methods.linkage.fields import ColumnMapping, Field, guess_mapping, is_known
from marfa.methods.linkage.links import Link, Linkage
from marfa.methods.linkage.records import Record
from marfa.methods.names.lists import column_place, numbered_rows

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
    Raises InputError, with file and row and no cell of it, for a table that cannot be read, an id
    that is missing or stands twice, and a table without any name or without records.
    """
    rows = numbered_rows(source)
    header = [cell.strip() for cell in next(rows)[1]]
    mapping = guess_mapping(header, given or {}, key=key)
    if not mapping.columns and not any(map(is_known, header)):
        # The first row may be somebody's data: it is not repeated.
        raise _refusal(source, "header-missing", 1)
    place = column_place(header, key, source)
    if not NAMES & mapping.columns.keys():
        raise _refusal(source, "names-missing", 1, columns=", ".join(header[:20])[:400])
    places = {
        of: [column_place(header, name, source) for name in names]
        for of, names in mapping.columns.items()
    }
    records: list[Record] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        record = _record(source, number, cells, place, places)
        if record.id in seen:
            raise _refusal(source, "id-twice", number, first=seen[record.id])
        if len(records) == MOST_RECORDS:
            raise _refusal(source, "too-many", number, most=MOST_RECORDS)
        seen[record.id] = number
        records.append(record)
    if not records:
        raise _refusal(source, "no-records", 1)
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


LEAST_RECORDS = 20
"""Of fewer records nobody can say how common a name is: a person reads them."""


def check_enough(lists: Sequence[RecordList]) -> None:
    """Raises InputError where there are too few records for any score."""
    count = sum(len(each.records) for each in lists)
    if count < LEAST_RECORDS:
        message = Message("methods.linkage:too-few", {"least": LEAST_RECORDS}, count=count)
        raise InputError.at(message, file=lists[0].source.name if len(lists) == 1 else None)


def check_sought(found: Linkage, lists: Sequence[RecordList]) -> None:
    """Raises InputError where nobody has anything to be found by."""
    if len(found.not_sought) == sum(len(each.records) for each in lists):
        raise InputError.at(Message("methods.linkage:nothing-to-find-by"))


COLUMNS = ("left_id", "right_id", "score", "match")
LIST_COLUMNS = ("left_file", "right_file")
EXPLAINED = tuple(of for of in Field if of not in (Field.NAME, Field.AGE))


Rows = Iterable[Sequence[object]]


def names_of(lists: Sequence[RecordList]) -> list[str]:
    """By list what it is called: its file, with its folder where two have one name."""
    names = [each.source.name for each in lists]
    return names if len(set(names)) == len(names) else [str(each.source) for each in lists]


def files_needed(found: Linkage, lists: Sequence[RecordList]) -> bool:
    """Whether two ids do not say of which lists a pair is."""
    if len(lists) == 1 or (len(lists) == 2 and not found.options.within):
        return False
    every = [key for each in lists for key in each.rows]
    return len(set(every)) < len(every)


def pair_rows(found: Linkage, lists: Sequence[RecordList], *, explained: bool = False) -> Rows:
    """Pairs as rows of a table, the header first; with their files where ids do not say them.

    explained: also what each field says, in bits, and the signs.
    """
    named, names = files_needed(found, lists), names_of(lists)
    header = [*COLUMNS, *(LIST_COLUMNS if named else ())]
    yield [*header, *(of.value for of in EXPLAINED), "signs"] if explained else header
    for link in found.links:
        row = [link.left.id, link.right.id, f"{link.score:.6f}", _bool(link.match)]
        if named:
            row += [names[n] for n in (link.left_list, link.right_list)]
        yield row + (_explained(link) if explained else [])


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _explained(link: Link) -> list[str]:
    weights: dict[Field, float] = {}
    for each in link.fields:
        weights[each.field] = weights.get(each.field, 0.0) + each.weight
    said = [f"{weights[of]:.2f}" if of in weights else "" for of in EXPLAINED]
    return [*said, " ".join(sign.value for sign in link.signs)]


def cluster_rows(found: Linkage, lists: Sequence[RecordList]) -> Rows:
    """Every record with the number of its person: ``person``, ``file``, ``id``."""
    numbers: dict[int, int] = {}
    yield "person", "file", "id"
    for place, (each, name) in enumerate(zip(lists, names_of(lists), strict=True)):
        for record in each.records:
            cluster = found.clusters[place, record.id]
            yield numbers.setdefault(cluster, len(numbers) + 1), name, record.id


def write_tables(tables: Mapping[Path, Rows]) -> None:
    """Tables in their places, readable by their owner alone: all of them whole, or none.

    Each is written beside its place, and all are moved when the last one is. Raises InputError
    where one cannot be written, or where what stands in its place is no file.
    """
    with ExitStack() as stack:
        written: list[tuple[str, Path]] = []
        for target, rows in tables.items():
            with _telling_of(target):
                place = _place_of(target)
                handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}-")
                stack.callback(_remove, temporary)
                with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                    TableWriter(stream, lineterminator="\n").writerows(rows)
                    stream.flush()
                    os.fsync(stream.fileno())
            written.append((temporary, place))
        for temporary, place in written:
            with _telling_of(place):
                os.replace(temporary, place)


def check_target(target: Path) -> None:
    """Raises InputError where a table could not be written, before anything is done for it."""
    with _telling_of(target):
        place = _place_of(target)
        if not os.access(place.parent, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))


def _place_of(target: Path) -> Path:
    """Where a table goes: behind a link what it leads to; nothing that is no file is replaced."""
    place = target.resolve()
    if not target.name or (place.exists() and not place.is_file()):
        raise InputError.at(Message("methods.linkage:no-file"), file=str(target))
    if not place.parent.is_dir():
        raise InputError.at(Message("methods.linkage:no-folder"), file=str(target))
    return place


@contextmanager
def _telling_of(target: Path) -> Iterator[None]:
    try:
        yield
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
    rows = numbered_rows(source)
    header = [cell.strip() for cell in next(rows)[1]]
    for name in columns:
        if header.count(name) != 1:
            raise _refusal(source, "no-sample", 1, column=name)
    for number, cells in rows:
        yield number, dict(zip(header, cells, strict=True))


def _refusal(source: Path, key: str, row: int, **params: object) -> InputError:
    message = Message(f"methods.linkage:{key}", params)
    return InputError.at(message, file=source.name, row=row)

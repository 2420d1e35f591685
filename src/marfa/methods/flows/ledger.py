"""Transactions of a file as a ledger: checked row by row, in one order, without anybody's name.

Accounts become numbers in the order in which money first moves, so that nothing below depends on
what they are called; transactions stand by time and then by id, so that nothing depends on the
order of rows. Two transactions at the same time stand in the order of their ids, and neither is
earlier than the other.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isqrt
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from marfa.domain.handling import check_columns, never_leaving, read_marks
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.flows.row_checks import refuse_rows

Numbers = NDArray[np.int64]

NEEDED = ("id", "src", "dst", "ts", "amount")
OPTIONAL = ("currency", "channel", "category")
"""No other column is read: neither texts of payments nor where anybody is from."""
SECONDS = {"s": 1, "min": 60, "day": 86_400}
FRACTION = 1_000
"""Sums are whole thousandths: they add up the same in any order."""
LONGEST_CELL = 1 << 22
LEAST_MEMORY = 900
"""MB that questions may take before they go to the disk, and more for a larger file ..."""
MEMORY_BY_SIZE = {"parquet": 6, "text": 2}
"""... so many times its bytes."""
TEXT = frozenset({".csv", ".tsv", ".txt"})
PARQUET = frozenset({".parquet", ".pq"})
_OFFSET = r"([+-])(\d{2}):?(\d{2})?$"
_ISO = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?)?$"
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_LINE = re.compile(r"[Ll]ine:? (\d+)")


@dataclass(frozen=True)
class Whole:
    """What a ledger is of, where it holds only what was narrowed down: file, and its counts."""

    file: str
    transactions: int
    accounts: int


@dataclass(frozen=True)
class Ledger:
    """Transactions in order of time and id; position in these arrays is what stands for one.

    src, dst: numbers of accounts. ts: seconds. amount: thousandths of the currency's unit.
    bin: quarter octaves of the amount. The columns that a file need not have hold texts, or None
    where it has no such column. connection: holds the same as a table ``t`` (n, src, dst, ts,
    amount, bin, channel), the channel a number, -1 for nothing; without what an account
    pays to itself, which no pattern counts.
    """

    ids: NDArray[np.object_]
    src: Numbers
    dst: Numbers
    ts: Numbers
    amount: Numbers
    bin: Numbers
    names: tuple[str, ...]
    texts: Mapping[str, NDArray[np.object_] | None]
    connection: duckdb.DuckDBPyConnection
    whole: Whole

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def file(self) -> str:
        return self.whole.file

    def codes(self, column: str) -> Numbers:
        """The texts of a column as numbers in order of first appearance; -1 where there is none."""
        texts = self.texts.get(column)
        if texts is None:
            return np.full(len(self), -1, dtype=np.int64)
        known: dict[str, int] = {}
        found = [known.setdefault(text, len(known)) if text else -1 for text in texts.tolist()]
        return np.array(found, dtype=np.int64)


@contextmanager
def open_ledger(path: Path, *, unit: str = "s", told: Whole | None = None) -> Iterator[Ledger]:
    """Read CSV, TSV or Parquet by the file's ending.

    unit: of times that are numbers (``s``, ``min``, ``day``). ISO times without a zone are UTC.
    told: of what these transactions are a part, where they are one.
    Raises InputError with a problem a row (20 at most) for columns that are absent or there twice,
    times, amounts (more than 0, at most 10^12), ids that are missing or there twice, accounts that
    are missing, and more than one currency.
    """
    with tempfile.TemporaryDirectory(prefix="marfa-") as folder:
        connection = connect(folder, _room_for(path))
        try:
            columns = load_rows(connection, path, NEEDED, OPTIONAL)
            _read_checked(connection, path, columns, SECONDS[unit])
            yield _ledger(connection, path, columns, told)
        finally:
            connection.close()


def connect(folder: str, memory: int = LEAST_MEMORY) -> duckdb.DuckDBPyConnection:
    """DuckDB as it is here: no extension, one thread (sums are whole, so more would agree).

    memory: MB."""
    connection = duckdb.connect(
        config={
            "memory_limit": f"{memory}MB",
            "threads": "1",
            "temp_directory": folder,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    connection.execute("SET enable_progress_bar = false")
    return connection


def _room_for(path: Path) -> int:
    times = MEMORY_BY_SIZE["parquet" if path.suffix.lower() in PARQUET else "text"]
    size = path.stat().st_size if path.is_file() else 0
    return max(LEAST_MEMORY, times * size // 1_000_000)


def load_rows(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    needed: Sequence[str],
    optional: Sequence[str],
) -> tuple[str, ...]:
    """Make the table ``raw`` of trimmed texts with their ``row``; the columns that it has."""
    if not path.is_file():
        raise InputError.at(Message("methods.flows:no-file"), file=path.name)
    kind = path.suffix.lower()
    place = _literal(str(path))
    if kind in PARQUET:
        source = f"read_parquet({place})"
    elif kind in TEXT:
        header = _header(path)
        mark = max((",", ";", "\t", "|"), key=header.count)
        source = (
            f"read_csv({place}, delim={_literal(mark)}, quote='\"', escape='\"', header=true, "
            f"all_varchar=true, auto_detect=false, columns={_columns(header, mark, path)}, "
            f"max_line_size={LONGEST_CELL})"
        )
    else:
        raise InputError.at(Message("methods.flows:ending-unknown"), file=path.name)
    try:
        found = [str(r[0]) for r in connection.execute(f"DESCRIBE FROM {source}").fetchall()]
        columns = _checked(found, needed, optional, path)
        # What is called id, ID or Id is the same column.
        chosen = ", ".join(
            f"coalesce(trim(CAST({_name(real)} AS VARCHAR)), '') AS {name}"
            for name, real in columns.items()
        )
        connection.execute(
            f"CREATE TABLE raw AS SELECT {chosen}, row_number() OVER () + 1 AS row FROM {source}"  # noqa: S608
        )
    except duckdb.Error as error:
        raise _explain(path, error) from error
    return tuple(columns)


def _header(path: Path) -> str:
    with path.open("rb") as stream:
        first = stream.readline(1 << 20)
    try:
        header = first.decode("utf-8-sig").strip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError.at(Message("methods.flows:unreadable"), file=path.name, row=1) from error
    if not header.strip():
        raise InputError.at(Message("methods.flows:file-empty"), file=path.name)
    return header


def _columns(header: str, mark: str, path: Path) -> str:
    names = [name.strip().strip('"').strip() for name in header.split(mark)]
    _refuse_twice(names, path)
    named = [name or f"unnamed {place}" for place, name in enumerate(names, 1)]
    return "{" + ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in named) + "}"


def _refuse_twice(names: Sequence[str], path: Path) -> None:
    folded = [name.casefold() for name in names if name]
    for name in names:
        if name and folded.count(name.casefold()) > 1:
            raise InputError.at(
                Message("methods.flows:column-twice"), file=path.name, row=1, column=name
            )


def _checked(
    found: Sequence[str], needed: Sequence[str], optional: Sequence[str], path: Path
) -> dict[str, str]:
    _refuse_twice(found, path)
    real = {name.casefold(): name for name in found}
    absent = [name for name in needed if name not in real]
    if absent:
        message = Message("methods.flows:column-missing")
        raise InputError(*(Problem(message, Place(path.name, 1, name)) for name in absent))
    kept = {name: real[name] for name in (*needed, *optional) if name in real}
    check_columns(tuple(kept.values()), never_leaving(read_marks(path)), file=path.name)
    return kept


def _read_checked(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str], unit: int
) -> None:
    _read_values(connection, unit)
    refuse_rows(connection, path, columns)


def prepare_file(path: Path, target: Path, *, unit: str) -> tuple[int, int]:
    """A file, checked, as Parquet with ``id,src,dst,ts,amount,channel``; how many transactions
    and accounts. ts: seconds. amount: thousandths. Memory does not grow with the file."""
    with tempfile.TemporaryDirectory(prefix="marfa-") as folder:
        connection = connect(folder)
        try:
            columns = load_rows(connection, path, NEEDED, OPTIONAL)
            _read_checked(connection, path, columns, SECONDS[unit])
            channel = "channel" if "channel" in columns else "''"
            connection.execute(
                f"COPY (SELECT id, src, dst, seconds AS ts, thousandths AS amount, "  # noqa: S608
                f"{channel} AS channel FROM read) TO {_literal(str(target))} (FORMAT parquet)"
            )
            found = connection.execute(
                "SELECT (SELECT count(*) FROM read), count(*) FROM "
                "(SELECT src FROM read UNION SELECT dst FROM read)"
            ).fetchall()
        finally:
            connection.close()
    return int(found[0][0]), int(found[0][1])


def _ledger(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str], told: Whole | None
) -> Ledger:
    extra = [name for name in OPTIONAL if name in columns]
    chosen = ", ".join(["id", "src", "dst", "seconds", "thousandths", *extra])
    table = connection.execute(f"SELECT {chosen} FROM read ORDER BY seconds, id").fetchnumpy()  # noqa: S608
    connection.execute("DROP TABLE read")
    ts = np.asarray(table["seconds"], dtype=np.int64)
    src, dst, names = _numbered(_objects(table["src"]), _objects(table["dst"]))
    amount = np.asarray(table["thousandths"], dtype=np.int64)
    texts = {name: _objects(table[name]) if name in extra else None for name in OPTIONAL}
    bins = np.searchsorted(_bounds(), amount, side="right").astype(np.int64)
    ids = _objects(table["id"])
    whole = told or Whole(path.name, len(ids), len(names))
    ledger = Ledger(ids, src, dst, ts, amount, bins, names, texts, connection, whole)
    make_table(ledger)
    return ledger


def make_table(ledger: Ledger) -> None:
    """The table ``t`` of a ledger's numbers, in its connection."""
    columns = {
        "n": np.arange(len(ledger), dtype=np.int64),
        "src": ledger.src,
        "dst": ledger.dst,
        "ts": ledger.ts,
        "amount": ledger.amount,
        "bin": ledger.bin,
        "channel": ledger.codes("channel"),
    }
    ledger.connection.register("columns_of_t", columns)
    # The table stays in memory: numbers are as short as they can be.
    ledger.connection.execute(
        "CREATE OR REPLACE TABLE t AS SELECT n::INTEGER AS n, src::INTEGER AS src, "
        "dst::INTEGER AS dst, ts, amount, bin::SMALLINT AS bin, channel::INTEGER AS channel "
        "FROM columns_of_t WHERE src <> dst"
    )
    ledger.connection.unregister("columns_of_t")


def _read_values(connection: duckdb.DuckDBPyConnection, unit: int) -> None:
    """The table ``read``: times as seconds and sums as thousandths, NULL where they are neither."""
    plain = f"regexp_replace(regexp_replace(ts, '{_OFFSET}', ''), 'Z$', '')"
    sign, hours, minutes = (f"regexp_extract(ts, '{_OFFSET}', {group})" for group in (1, 2, 3))
    ahead = f"({sign} || '1')::INT * ({hours}::INT * 60 + coalesce(try_cast({minutes} AS INT), 0))"
    connection.execute(
        f"""CREATE TABLE read AS SELECT * EXCLUDE (ts, amount),
        CASE WHEN regexp_matches(ts, '{_NUMBER}')
                THEN try_cast(floor(try_cast(ts AS DOUBLE) * {unit} + 1e-6) AS BIGINT)
             WHEN length(ts) = 10 AND regexp_matches(ts, '{_ISO}')
                THEN try_cast(epoch(try_cast(ts AS TIMESTAMP)) AS BIGINT)
             WHEN regexp_matches(ts, '{_ISO}')
                THEN try_cast(floor(epoch(try_cast({plain} AS TIMESTAMP))) - 60 *
                    CASE WHEN {sign} <> '' THEN {ahead} ELSE 0 END AS BIGINT) END AS seconds,
        regexp_matches(ts, '{_NUMBER}') AS counted,
        CASE WHEN regexp_matches(amount, '{_NUMBER}') THEN
            try_cast(round(try_cast(amount AS DOUBLE) * {FRACTION}) AS BIGINT) END AS thousandths
        FROM raw"""  # noqa: S608
    )
    connection.execute("DROP TABLE raw")


def _numbered(
    sources: NDArray[np.object_], targets: NDArray[np.object_]
) -> tuple[Numbers, Numbers, tuple[str, ...]]:
    known: dict[str, int] = {}
    src, dst = [], []
    for source, target in zip(sources.tolist(), targets.tolist(), strict=True):
        src.append(known.setdefault(source, len(known)))
        dst.append(known.setdefault(target, len(known)))
    return np.array(src, dtype=np.int64), np.array(dst, dtype=np.int64), tuple(known)


def _bounds() -> Numbers:
    """Where quarter octaves begin: floor(2^(k/4)) by whole numbers, the same on any machine."""
    return np.array(sorted({isqrt(isqrt(2**k)) for k in range(4, 204)}), dtype=np.int64)


def _objects(column: Any) -> NDArray[np.object_]:
    filled = column.filled("") if isinstance(column, np.ma.MaskedArray) else column
    return np.asarray(filled, dtype=object)


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _explain(path: Path, error: Exception) -> InputError:
    """What DuckDB says of a file, without repeating what stands in it."""
    line = _LINE.search(str(error))
    row = int(line.group(1)) if line else None
    return InputError.at(Message("methods.flows:unreadable"), file=path.name, row=row)

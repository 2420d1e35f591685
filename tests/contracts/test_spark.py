"""The plan means the same on DuckDB and on Spark, and Spark listens to nobody else.

Where Java or the extra ``spark`` is absent, the tests that need them say so and are skipped.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from benchmarks.flows_data import Shape, background, plant_patterns
from click.testing import CliRunner

from marfa.cli.main import marfa
from marfa.methods.flows import KINDS, Parameters, find_patterns, open_ledger
from tests.methods.flows.ledgers import mixed_rows, write_rows

ABSENT = [name for name in ("ibis", "pyspark") if find_spec(name) is None]
REASON = ""
if ABSENT:
    REASON = f"the extra spark is not installed: {', '.join(ABSENT)}"
elif shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
    REASON = "Java is not installed"

# The extra is installed for ``make test-all`` alone.
pytestmark = pytest.mark.slow
needs_ibis = pytest.mark.skipif(bool(ABSENT), reason=REASON or "installed")
needs_spark = pytest.mark.skipif(bool(REASON), reason=REASON or "installed")

MEANS_THE_SAME = frozenset({
    "Add", "Aggregate", "And", "Cast", "CountDistinct", "Distinct", "Divide", "Equals", "Field",
    "Filter", "Floor", "Greater", "GreaterEqual", "JoinChain", "JoinLink", "JoinReference",
    "JoinTable", "Less", "LessEqual", "Literal", "Min", "Multiply", "NotEquals", "Project",
    "SelfReference", "Subtract", "UnboundTable", "Union",
})  # fmt: skip
"""Operations that were tried on both. Windows with DISTINCT and as-of joins fail on Spark; argmax
on ties, hashes, last and approximate counts run there and answer otherwise."""


def expressions(chosen: Parameters) -> dict[str, Any]:
    import ibis

    from marfa.methods.flows import plan
    from marfa.methods.flows.spark import schema

    t = ibis.table(schema(), name="t")
    found = {need.__name__: need(t, chosen) for need in plan.NEEDS.values()}
    found["first_of_all"] = plan.first_of_all(t, chosen)
    found["narrow"] = plan.narrow(t, chosen, KINDS).select("id")
    return found


@needs_ibis
def test_the_plan_uses_only_what_means_the_same() -> None:
    from ibis.expr import operations

    for name, expression in expressions(Parameters()).items():
        used = {type(node).__name__ for node in expression.op().find(operations.Node)}
        assert used <= MEANS_THE_SAME, f"{name} uses {used - MEANS_THE_SAME}"


@needs_ibis
def test_a_window_would_be_seen() -> None:
    import ibis
    from ibis.expr import operations

    t = ibis.table({"a": "int64", "b": "int64"}, name="t")
    expression = t.mutate(c=t.a.nunique().over(group_by=t.b))
    used = {type(node).__name__ for node in expression.op().find(operations.Node)}
    assert used - MEANS_THE_SAME


@needs_ibis
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 9))]
)
def test_what_the_plan_leaves_out_changes_no_finding(tmp_path: Path, seed: int) -> None:
    """On DuckDB alone: each kind on what it needs, and all on what all need."""
    import ibis

    from marfa.methods.flows import plan
    from marfa.methods.flows.spark import schema

    rng = random.Random(seed)
    path = write_rows(tmp_path / "l.csv", mixed_rows(rng, 150))
    with open_ledger(path) as ledger:
        whole = find_patterns(ledger)
    left_out = 0
    alone = KINDS if seed else ("fan_in", "cycle", "funnel")
    for kinds in (*((kind,) for kind in alone), KINDS):
        with open_ledger(path) as ledger:
            connection = as_plan_sees(ledger)
            t = ibis.table(schema(), name="seen")
            sql = ibis.to_sql(plan.narrow(t, Parameters(), kinds).select("id"), dialect="duckdb")
            kept = {str(row[0]) for row in connection.execute(str(sql)).fetchall()}
        left_out += len(whole.ledger) - len(kept)
        narrowed = [row for row in rows_of(path) if row[0] in kept]
        part = write_lines(tmp_path / "part.csv", narrowed)
        with open_ledger(part) as ledger:
            found = find_patterns(ledger, kinds=kinds)
            told = list(found.rows())
        expected = [row for row in whole.rows() if row[1] in kinds]
        assert told == expected, kinds
    assert left_out > 0, "something was left out"


def as_plan_sees(ledger: Any) -> duckdb.DuckDBPyConnection:
    connection: duckdb.DuckDBPyConnection = ledger.connection
    names = ledger.names
    ends = {
        column: np.array([names[number] for number in numbers], dtype=object)
        for column, numbers in (("src", ledger.src), ("dst", ledger.dst))
    }
    columns = {"id": ledger.ids, **ends, "ts": ledger.ts, "amount": ledger.amount}
    connection.register("numbers", columns)
    connection.execute("CREATE TABLE seen AS SELECT *, '' AS channel FROM numbers")
    return connection


def rows_of(path: Path) -> list[list[str]]:
    return [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def write_lines(path: Path, rows: list[list[str]]) -> Path:
    head = "id,src,dst,ts,amount,channel,category,memo"
    path.write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from marfa.methods.flows.spark import start_session

    session = start_session("local[2]", str(tmp_path_factory.mktemp("spark")))
    yield session
    session.stop()


@pytest.mark.slow
@needs_spark
@pytest.mark.filterwarnings("ignore")
def test_every_expression_is_equal_on_both(tmp_path: Path, session: Any) -> None:
    import ibis

    from marfa.methods.flows.ledger import prepare_file

    source, prepared = tmp_path / "l.csv", tmp_path / "l.parquet"
    made = background(random.Random(3), 3_000, 300, 20)
    plant_patterns(random.Random(4), made, 300, 20, 2, Shape(most=6))
    made.write(source)
    prepare_file(source, prepared, unit="s")
    session.read.parquet(str(prepared)).createOrReplaceTempView("t")
    connection = duckdb.connect()
    connection.execute(f"CREATE VIEW t AS FROM read_parquet('{prepared}')")
    for name, expression in expressions(Parameters()).items():
        on_spark = session.sql(str(ibis.to_sql(expression, dialect="pyspark"))).collect()
        here = connection.execute(str(ibis.to_sql(expression, dialect="duckdb"))).fetchall()
        one, other = sorted(row[0] for row in on_spark), sorted(row[0] for row in here)
        assert one == other, name
        assert one, f"{name} finds nothing, so nothing is compared"


@pytest.mark.slow
@needs_spark
@pytest.mark.filterwarnings("ignore")
def test_spark_listens_on_loopback_alone(session: Any) -> None:
    process = session.sparkContext._gateway.proc.pid
    addresses = listening(process)
    assert addresses, "something listens, or nothing was looked at"
    assert all(is_loopback(address) for address in addresses), addresses
    assert session.sparkContext.uiWebUrl is None


def listening(process: int) -> list[str]:
    """Hexadecimal addresses at which a process and those below it listen."""
    sockets = set()
    for folder in (f"/proc/{each}/fd" for each in family(process)):
        for link in Path(folder).iterdir():
            try:
                sockets.add(os.readlink(link))
            except OSError:
                continue
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
            cells = line.split()
            if cells[3] == "0A" and f"socket:[{cells[9]}]" in sockets:
                found.append(cells[1].split(":")[0])
    return found


def family(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return [process, *(each for child in children for each in family(int(child)))]


def is_loopback(address: str) -> bool:
    """127.0.0.1 as Linux writes it, plain or within the addresses of the newer protocol, or ::1."""
    return address.endswith("0100007F") or address == "00000000000000000000000001000000"


@pytest.mark.slow
@needs_spark
@pytest.mark.filterwarnings("ignore")
def test_both_engines_give_one_digest(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "l.csv", mixed_rows(random.Random(8), 150))
    outs = []
    for engine in ("duckdb", "spark"):
        out = tmp_path / f"{engine}.csv"
        arguments = [
            "flows",
            "patterns",
            str(path),
            "--engine",
            engine,
            "--out",
            str(out),
            "--json",
        ]
        told = CliRunner().invoke(marfa, arguments, catch_exceptions=False)
        assert told.exit_code == 0, told.output
        outs.append((told.stdout, out.read_bytes()))
    assert outs[0] == outs[1]
    assert '"digest"' in outs[0][0]


@pytest.mark.slow
@needs_spark
@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(not os.environ.get("MARFA_REFERENCE_DATA"), reason="no reference data")
def test_both_engines_give_one_digest_of_the_shared_ledger() -> None:
    from marfa.methods.flows.spark import open_narrowed

    folder = Path(os.environ["MARFA_REFERENCE_DATA"]) / "financial" / "patterns"
    path = folder / "patterns-200k.parquet"
    with open_ledger(path) as ledger:
        here = find_patterns(ledger)
    chosen = replace(Parameters())
    with open_narrowed(path, unit="s", chosen=chosen, kinds=KINDS, master=None) as ledger:
        there = find_patterns(ledger)
        assert there.as_json() == here.as_json()
        assert len(ledger) < there.ledger.whole.transactions

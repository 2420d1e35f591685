"""The plan on Spark: it narrows the transactions down, and one machine finds the patterns.

Spark listens on the loopback address alone and shows no page; a master elsewhere has to be able to
reach this machine, so it asks for ``SPARK_LOCAL_IP``, which says at which address.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.methods.flows.ledger import Ledger, Whole, open_ledger, prepare_file
from marfa.methods.flows.patterns import Parameters

MOST = 30_000_000
"""Transactions that one machine takes after narrowing down."""
LOOPBACK = "127.0.0.1"
COLUMNS = ("id", "src", "dst", "ts", "amount", "channel")


@contextmanager
def open_narrowed(
    path: Path, *, unit: str, chosen: Parameters, kinds: Sequence[str], master: str | None
) -> Iterator[Ledger]:
    """The transactions of a file that the kinds may need, as Spark narrows them down.

    The file is checked as ``open_ledger`` checks it, with the same errors. Raises InputError where
    Spark is not there, cannot start, or leaves more than one machine takes.
    """
    needs_spark()
    with tempfile.TemporaryDirectory(prefix="marfa-") as folder:
        prepared, narrowed = Path(folder) / "all.parquet", Path(folder) / "narrowed"
        whole = prepare_file(path, prepared, unit=unit)
        session = start_session(master or "local[2]", folder)
        try:
            _narrow(session, prepared, narrowed, chosen, tuple(kinds))
        finally:
            session.stop()
        with open_ledger(_one_file(narrowed), told=Whole(path.name, *whole)) as ledger:
            yield ledger


def needs_spark() -> None:
    """InputError where the extra is not installed."""
    if find_spec("pyspark") is None or find_spec("ibis") is None:
        raise InputError.at(Message("methods.flows:spark-missing"))


def start_session(master: str, folder: str) -> Any:
    """A session of Spark, on loopback where the master is this machine, without its page."""
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    options = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": folder,
        "spark.sql.shuffle.partitions": "8",
        "spark.log.level": "ERROR",
        # Whole numbers that overflow or casts that fail are errors, as on DuckDB.
        "spark.sql.ansi.enabled": "true",
    }
    if master.startswith("local"):
        options |= {"spark.driver.bindAddress": LOOPBACK, "spark.driver.host": LOOPBACK}
        os.environ["SPARK_LOCAL_IP"] = LOOPBACK
    elif not os.environ.get("SPARK_LOCAL_IP"):
        raise InputError.at(Message("methods.flows:spark-address"))
    # What talks to Java tells of its end when standard error is closed already.
    logging.getLogger("py4j").setLevel(logging.ERROR)
    builder = SparkSession.builder.master(master).appName("marfa")
    for name, value in options.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, RuntimeError, OSError, FileNotFoundError) as error:
        raise failed(error) from error


def failed(error: Exception) -> InputError:
    reason = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return InputError.at(Message("methods.flows:spark-failed", {"reason": reason[:200]}))


def _narrow(
    session: Any, source: Path, target: Path, chosen: Parameters, kinds: tuple[str, ...]
) -> None:
    import ibis
    from pyspark.errors import PySparkException

    from marfa.methods.flows.plan import narrow

    try:
        session.read.parquet(str(source)).createOrReplaceTempView("t")
        t = ibis.table(schema(), name="t")
        frame = session.sql(ibis.to_sql(narrow(t, chosen, kinds), dialect="pyspark"))
        frame = frame.cache()
        number = frame.count()
        if number > MOST:
            raise InputError.at(
                Message("methods.flows:too-large", {"number": number, "most": MOST})
            )
        units = "CAST(amount / 1000 AS DOUBLE) AS amount"
        frame = frame.selectExpr("id", "src", "dst", "ts", units, "channel")
        frame.coalesce(1).write.parquet(str(target))
    except PySparkException as error:
        raise failed(error) from error


def schema() -> dict[str, str]:
    """Columns of the table that the plan is about."""
    numbers = {"ts", "amount"}
    return {name: "int64" if name in numbers else "string" for name in COLUMNS}


def _one_file(folder: Path) -> Path:
    (found,) = folder.glob("part-*.parquet")
    return found

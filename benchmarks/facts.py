"""Facts exported to Parquet, against DuckDB's own COPY of the same rows and Python's csv writer.

python benchmarks/facts.py           200,000 rows on SQLite, under a minute
python benchmarks/facts.py --full    one million rows; the number to hold is 30 s

DuckDB is the reference where it is installed (pip install duckdb); it reads a table of its own,
already in columns and with nothing to pseudonymise, so its time is a floor that is not reached.
The csv writer reads the same rows of the same database and writes them as they are, one by one.
Peak memory is measured in a process for each size; flat means that it does not grow with rows.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
LIMIT_SECONDS = 30
FIELDS = ("age_band", "is_child_until", "sex", "admin_area", "conflict_link", "urgent")


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    from marfa.domain.codelists import codelist

    draw = random.Random(2388)
    bands, sexes = codelist("age_bands").codes, codelist("sex").codes
    links = codelist("conflict_link").codes[:6]
    days = [str(date(2024, 1, 1) + timedelta(days=number)) for number in range(900)]
    for number in range(count):
        day = draw.choice(days)
        yield (
            f"{number:032x}",
            f"{draw.getrandbits(128):032x}",
            day,
            "2026-01-01 00:00:00",
            draw.choice(bands),
            day if number % 3 else None,
            draw.choice(sexes),
            f"SY{draw.randrange(1, 15):02}",
            "".join(f"|{code}" for code in draw.sample(links, draw.randrange(3))) + "|",
            number % 7 == 0,
            draw.randrange(20),
        )


def fill(count: int) -> None:
    """Straight into the table, whose constraints hold here as well."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from tests.support.sample.models import SampleFact

    call_command("migrate", run_syncdb=True, verbosity=0)
    names = ("id", "subject", "valid_from", "recorded_at", *FIELDS, "steps_taken")
    marks = ", ".join(["%s"] * len(names))
    table = SampleFact._meta.db_table
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, rows(count))


def one_size(count: int) -> None:
    """In a process of its own: fill, export, and the references; figures as JSON."""
    import django

    django.setup()
    from marfa.platform.facts import kinds
    from marfa.platform.facts.parquet_export import export_facts

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill_elsewhere(count)
        before = peak()
        started = time.perf_counter()
        export_facts(kinds.kind_named("samples"), folder / "facts.parquet")
        figures: dict[str, float] = {"export": time.perf_counter() - started}
        figures |= {"memory": peak(), "memory_before": before}
        figures["bytes"] = (folder / "facts.parquet").stat().st_size
        figures["csv"] = plain_csv(folder / "facts.csv")
        if find_spec("duckdb"):
            figures |= duckdb_copy(folder)
    print(json.dumps(figures))


def fill_elsewhere(count: int) -> None:
    """In a child, so that the memory of filling is not mistaken for that of exporting."""
    child = os.fork()
    if child == 0:
        fill(count)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, "the table could not be filled"


def peak() -> float:
    """The most memory this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def plain_csv(target: Path) -> float:
    from tests.support.sample.models import SampleFact

    started = time.perf_counter()
    with target.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        found = SampleFact._base_manager.values_list("valid_from", *FIELDS, "steps_taken")
        writer.writerows(found.iterator(chunk_size=10_000))
        stream.flush()
        os.fsync(stream.fileno())
    return time.perf_counter() - started


def duckdb_copy(folder: Path) -> dict[str, float]:
    import duckdb

    store = duckdb.connect(str(folder / "store.duckdb"))
    exported = [f"{folder}/facts.parquet"]
    store.execute("CREATE TABLE facts AS SELECT * FROM read_parquet(?)", exported)
    started = time.perf_counter()
    store.execute(
        f"COPY (SELECT * FROM facts ORDER BY subject) TO '{folder}/copy.parquet' "
        "(FORMAT parquet, COMPRESSION zstd)"
    )
    copied = time.perf_counter() - started
    started = time.perf_counter()
    query = "SELECT sex, age_band, count(*) FROM read_parquet(?) GROUP BY ALL"
    store.execute(query, exported).fetchall()
    return {"duckdb": copied, "question": time.perf_counter() - started}


def measure(count: int) -> dict[str, float]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.support.settings"}
    command = [sys.executable, __file__, "--one", str(count)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    if "--one" in sys.argv:
        one_size(int(sys.argv[-1]))
        return
    count = 1_000_000 if "--full" in sys.argv else 200_000
    small, large = measure(count // 4), measure(count)
    print(f"{count:,} rows to Parquet: {large['export']:.1f} s, {large['bytes'] / 2**20:.1f} MiB")
    if count == 1_000_000:
        print(f"  number to hold: {LIMIT_SECONDS} s, ratio {large['export'] / LIMIT_SECONDS:.2f}")
    print(
        f"  csv writer over the same rows: {large['csv']:.1f} s, "
        f"ratio {large['export'] / large['csv']:.2f}"
    )
    if "duckdb" in large:
        print(
            f"  DuckDB's COPY from its own table, sorted: {large['duckdb']:.2f} s, "
            f"ratio {large['export'] / large['duckdb']:.1f}"
        )
        print(f"  a count by sex and age band over the file in DuckDB: {large['question']:.3f} s")
    else:
        print("  not compared, absent: duckdb (pip install duckdb)")
    grown = [found["memory"] - found["memory_before"] for found in (small, large)]
    print(
        f"  peak memory over the start: {grown[0]:.0f} MiB for {count // 4:,} rows, "
        f"{grown[1]:.0f} MiB for {count:,}, ratio {grown[1] / max(grown[0], 1):.2f}"
    )
    print(f"  peak memory of the whole process: {large['memory']:.0f} MiB")


if __name__ == "__main__":
    main()

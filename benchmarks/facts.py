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
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
LIMIT_SECONDS = 30
FIELDS = ("age_band", "is_child_until", "sex", "admin_area", "conflict_link", "urgent")


def rows(count: int) -> Iterator[Any]:
    from tests.support.sample.models import SampleFact

    from marfa.domain.codelists import codelist

    draw = random.Random(2388)
    bands, sexes = codelist("age_bands").codes, codelist("sex").codes
    links = codelist("conflict_link").codes
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        day = date(2024, 1, 1) + timedelta(days=draw.randrange(900))
        yield SampleFact(
            subject=uuid.UUID(int=draw.getrandbits(128)),
            valid_from=day,
            recorded_at=moment,
            age_band=draw.choice(bands),
            is_child_until=day if number % 3 else None,
            sex=draw.choice(sexes),
            admin_area=f"SY{draw.randrange(1, 15):02}",
            conflict_link=draw.sample(links[:6], draw.randrange(3)),
            urgent=number % 7 == 0,
            steps_taken=draw.randrange(20),
        )


def fill(count: int) -> None:
    from django.core.management import call_command
    from django.db import transaction
    from tests.support.sample.models import SampleFact

    call_command("migrate", run_syncdb=True, verbosity=0)
    made = rows(count)
    while batch := list(islice(made, 20_000)):
        with transaction.atomic():
            SampleFact._base_manager.bulk_create(batch, batch_size=1000)


def one_size(count: int) -> None:
    """In a process of its own: fill, export, and the references; figures as JSON."""
    import django

    django.setup()
    from marfa.platform.facts import kinds
    from marfa.platform.facts.exporting import export_facts

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(count)
        before = peak()
        started = time.perf_counter()
        export_facts(kinds.named("samples"), folder / "facts.parquet")
        figures: dict[str, float] = {"export": time.perf_counter() - started}
        figures |= {"memory": peak(), "memory_before": before}
        figures["bytes"] = (folder / "facts.parquet").stat().st_size
        figures["csv"] = plain_csv(folder / "facts.csv")
        if find_spec("duckdb"):
            figures |= duckdb_copy(folder)
    print(json.dumps(figures))


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
        f"COPY (SELECT * FROM facts ORDER BY subject) TO '{folder}/copy.parquet' "  # noqa: S608
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
        print(
            f"  number to hold: {LIMIT_SECONDS} s; {LIMIT_SECONDS / large['export']:.1f} times over"
        )
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

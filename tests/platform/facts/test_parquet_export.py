"""The Parquet file, read by another program (DuckDB where it is installed, else Arrow)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import transaction

from marfa.domain.ids import new_id
from marfa.platform.facts import kinds, parquet_export
from marfa.platform.facts.actions import state_fact
from marfa.platform.facts.parquet_export import export_facts
from tests.platform.facts.test_facts import DAY, GOOD
from tests.support.sample.models import SampleFact

pytestmark = pytest.mark.django_db


def fill(count: int = 40) -> list[str]:
    subjects = [new_id() for _ in range(count)]
    with transaction.atomic():
        for number, subject in enumerate(subjects):
            for later in range(1 + number % 2):
                values = {**GOOD, "steps_taken": number, "is_child_until": date(2027, 5, 17)}
                day = DAY + timedelta(days=later)
                state_fact(SampleFact, subject=subject, values=values, valid_from=day)
    return [str(subject) for subject in subjects]


def export(folder: Path, name: str = "facts.parquet", **options: Any) -> Any:
    export_facts(kinds.kind_named("samples"), folder / name, **options)
    return pq.ParquetFile(folder / name).read()


def test_the_file_holds_the_present_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_export, "GROUP_ROWS", 16)
    monkeypatch.setattr(parquet_export, "READ_ROWS", 7)
    fill()
    table = export(tmp_path)
    file = pq.ParquetFile(tmp_path / "facts.parquet")
    assert file.num_row_groups > 1
    assert table.num_rows == 60
    assert table.column_names[:3] == ["subject", "valid_from", "valid_until"]
    assert len(set(table["subject"].to_pylist())) == 40
    for row in table.to_pylist():
        assert row["conflict_link"] == ["fleeing_conflict"]
        assert row["is_child_until"] == date(2027, 5, 1), "a birthday leaves as its month"
    counted = Counter(Counter(table["subject"].to_pylist()).values())
    assert counted == {1: 20, 2: 20}
    assert [path.name for path in tmp_path.iterdir()] == ["facts.parquet"]
    assert (tmp_path / "facts.parquet").stat().st_mode & 0o777 == 0o600


def test_two_files_cannot_be_joined_nor_led_back(tmp_path: Path) -> None:
    subjects = fill()
    first, second = (export(tmp_path, name) for name in ("a.parquet", "b.parquet"))
    a, b = (table["subject"].to_pylist() for table in (first, second))
    assert not set(a) & set(b)
    order = [table["steps_taken"].to_pylist() for table in (first, second)]
    assert order[0] != order[1]
    assert sorted(order[0]) == sorted(order[1])
    assert order[0] != sorted(order[0]), "the order of registration is gone"
    raw = (tmp_path / "a.parquet").read_bytes()
    for subject in subjects:
        assert subject.encode() not in raw
        assert subject.replace("-", "").encode() not in raw
        assert subject.replace("-", "")[:10] not in "".join(a)
    assert not {"recorded_at", "replaced_at", "id"} & set(first.column_names)


def test_one_day_and_no_subjects(tmp_path: Path) -> None:
    fill()
    table = export(tmp_path, day=DAY, subjects=False)
    assert table.num_rows == 40
    assert not {"subject", "valid_from", "valid_until"} & set(table.column_names)
    assert export(tmp_path, "before.parquet", day=DAY - timedelta(days=1)).num_rows == 0


def test_a_stopped_export_leaves_nothing(tmp_path: Path) -> None:
    fill()
    target = tmp_path / "facts.parquet"
    target.write_bytes(b"old")

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_facts(kinds.kind_named("samples"), target, progress=stop)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["facts.parquet"]


def test_duckdb_reads_it(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    fill()
    export(tmp_path)
    query = "SELECT count(DISTINCT subject), sum(steps_taken) FROM read_parquet(?)"
    found = duckdb.execute(query, [str(tmp_path / "facts.parquet")]).fetchone()
    rows = SampleFact._base_manager.filter(replaced_at=None)
    assert found == (40, sum(row.steps_taken for row in rows))

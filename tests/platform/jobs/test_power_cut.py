"""Power fails at any point: no acknowledged job is lost, no effect is apart from its mark."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import uuid
from pathlib import Path

import pytest
from django.db import connection, connections

from marfa.platform.jobs.models import Job
from marfa.platform.jobs.worker import Worker
from tests.platform.jobs.handlers import late, steps, whole
from tests.support import powercut
from tests.support.powercut import Record, disk_after, recording

pytestmark = [
    pytest.mark.usefixtures("effects_table"),
    pytest.mark.skipif(
        connection.vendor != "sqlite" or powercut.library() is None,
        reason="belongs to SQLite as a shared library",
    ),
]

# Pages in the log after which they are moved into the database: often, to meet that as well.
CHECKPOINT = 40
KEPT = (0.0, 0.5, 1.0)


class MarkingWorker(Worker):
    """Says after each job that it was done."""

    record: Record

    def _do(self, job: Job) -> None:
        super()._do(job)
        self.record.mark(f"done {job.id.hex}")


def live(record: Record, rounds: int, synchronous: str) -> None:
    """Jobs are written and done, and each is acknowledged where a caller would be told."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT}")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
    worker = MarkingWorker()
    worker.record = record
    for number in range(rounds):
        for made in (
            whole.enqueue(number=number),
            late.enqueue(subject=uuid.UUID(int=number)),
            steps.enqueue(),
        ):
            record.mark(f"enqueued {made.hex}")
        worker.work(until_empty=True)


def record_a_life(rounds: int, synchronous: str = "FULL") -> tuple[Record, dict[str, bytes], str]:
    """The record, the files as they were before it, and the name of the database."""
    database = Path(str(connection.settings_dict["NAME"]))
    connections.close_all()
    begun = {
        file.name: file.read_bytes()
        for file in (database, database.with_name(f"{database.name}-wal"))
        if file.exists()
    }
    with recording(powercut.library()) as record:
        live(record, rounds, synchronous)
        connections.close_all()
    return record, begun, database.name


def lost(files: dict[str, bytes], name: str, marks: set[str]) -> list[str]:
    """What was acknowledged and is not there, when the database is opened after the cut.

    Fails where the database is damaged or an effect is apart from its mark.
    """
    with tempfile.TemporaryDirectory() as folder:
        for file, data in files.items():
            (Path(folder) / file).write_bytes(data)
        database = sqlite3.connect(Path(folder) / name)
        try:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            rows = database.execute("SELECT id, name, state, position FROM jobs_job").fetchall()
            effects = database.execute("SELECT job, part FROM effects").fetchall()
        finally:
            database.close()
    found = {f"enqueued {job}" for job, *_ in rows}
    found |= {f"done {job}" for job, _, state, _ in rows if state == "done"}
    assert sorted((uuid.UUID(job).hex, part) for job, part in effects) == sorted(
        (job, part)
        for job, kind, state, position in rows
        for part in range(position if kind == "tests.steps" else state == "done")
    )
    return sorted(marks - found)


def losses(record: Record, begun: dict[str, bytes], name: str, cuts: list[int]) -> int:
    """How many acknowledged things are lost over all cuts, and all that a disk may keep."""
    drawn = random.Random(2388)
    count = 0
    for cut in cuts:
        marks = {event.name for event in record.events[:cut] if event.what == "mark"}
        for kept in KEPT:
            count += len(lost(disk_after(record, cut, begun, drawn, kept), name, marks))
    return count


def syncs(record: Record) -> int:
    return sum(event.what == "sync" for event in record.events)


def cuts_of(record: Record, count: int) -> list[int]:
    return random.Random(17).sample(range(len(record.events) + 1), count)


def test_cuts_at_forty_points() -> None:
    record, begun, name = record_a_life(rounds=4)
    assert syncs(record) > 30
    into_database = [e for e in record.events if e.what == "write" and e.name == name]
    assert into_database, "the log was moved into the database at least once"
    assert losses(record, begun, name, cuts_of(record, 40)) == 0


def test_cuts_find_a_database_that_does_not_wait_for_the_disk() -> None:
    """The same cuts with the common setting, which may lose the last commits."""
    record, begun, name = record_a_life(rounds=4, synchronous="NORMAL")
    assert losses(record, begun, name, cuts_of(record, 40)) > 0


@pytest.mark.slow
def test_cuts_at_every_point() -> None:
    record, begun, name = record_a_life(rounds=8)
    assert losses(record, begun, name, list(range(len(record.events) + 1))) == 0

"""Several workers at once: no job twice, no equal work side by side, none taken from the living."""

from __future__ import annotations

import collections
import os
import signal
import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from marfa.platform.jobs.claims import claim_job
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.registry import job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.worker import Worker
from tests.platform.jobs.handlers import effects, once, whole, write
from tests.platform.jobs.test_kill import LEASE, fork_worker

pytestmark = pytest.mark.usefixtures("effects_table")


PATIENCE = 300
# Within it a heartbeat comes on a busy machine too.
LONG_LEASE = timedelta(seconds=2)


def with_workers(count: int, lease: timedelta = LEASE) -> None:
    """Let workers in processes of their own do all that waits, then kill them."""
    children = [fork_worker(lease) for _ in range(count)]
    end = time.monotonic() + PATIENCE
    try:
        while Job.objects.exclude(state=Job.State.DONE).exists():
            assert time.monotonic() < end, "the work was not done in time"
            time.sleep(0.05)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def test_three_workers_do_each_job_once() -> None:
    made = [whole.enqueue(number=number) for number in range(30)]
    made += [once.enqueue(subject=uuid.UUID(int=number)) for number in range(10)]
    with_workers(3)
    assert collections.Counter(effects()) == {(str(pk), 0): 1 for pk in made}


@job("tests.long")
def long(run: Run) -> None:
    """One transaction that lasts several leases."""
    write(run)
    time.sleep(2.5 * LONG_LEASE.total_seconds())


def test_long_work_is_not_taken_from_a_worker_that_lives() -> None:
    """PostgreSQL hears the heartbeats; on SQLite nobody can take over while it writes."""
    made = long.enqueue()
    with_workers(2, LONG_LEASE)
    assert effects() == [(str(made), 0)]
    assert Job.objects.get(pk=made).attempts == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_waiting_work_is_not_begun_before_what_joined_it_is_committed() -> None:
    """Else it would not see what the joining transaction wrote, and that would be lost."""
    first = once.enqueue(subject=uuid.UUID(int=1))
    found: list[Job | None] = []

    def other_worker() -> None:
        found.append(claim_job(timedelta(seconds=60)))
        connections.close_all()

    with transaction.atomic():
        assert once.enqueue(subject=uuid.UUID(int=1)) == first
        thread = threading.Thread(target=other_worker)
        thread.start()
        thread.join()
    assert found == [None]
    other_worker()
    assert found[1] is not None


def test_a_worker_that_dies_between_two_jobs_loses_neither() -> None:
    """The next job is taken with the end of the one before; a death in between leaves it held."""
    worker = Worker(lease=LEASE)
    worker._tick()
    first, second = whole.enqueue(number=1), whole.enqueue(number=2)
    taken = claim_job(LEASE)
    assert taken is not None
    worker._do(taken)
    assert Job.objects.get(pk=second).state == Job.State.RUNNING
    time.sleep(LEASE.total_seconds())
    Worker(lease=LEASE).work(until_empty=True)
    assert collections.Counter(effects()) == {(str(pk), 0): 1 for pk in (first, second)}

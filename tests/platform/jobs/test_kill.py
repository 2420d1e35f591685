"""kill -9 at random points: every effect happens once, whatever the worker was doing."""

from __future__ import annotations

import collections
import os
import random
import signal
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from marfa.platform.jobs.models import Job
from marfa.platform.jobs.worker import Worker
from tests.platform.jobs.handlers import STEPS, careless, effects, late, steps, whole

pytestmark = pytest.mark.usefixtures("effects_table")

LEASE = timedelta(seconds=0.3)
KILLED_WITHIN = 0.15


def fork_worker(lease: timedelta = LEASE) -> int:
    """A worker in a process of its own; its identifier."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            Worker(lease=lease).work()
        finally:
            os._exit(1)
    return child


def kill_at_random_points(kills: int, enqueue: Callable[[int], list[uuid.UUID]]) -> list[uuid.UUID]:
    """Kill workers, with new work for each of them; then let one finish. All jobs made."""
    drawn = random.Random(2388)
    made = []
    for number in range(kills):
        made += enqueue(number)
        child = fork_worker()
        time.sleep(drawn.uniform(0, KILLED_WITHIN))
        os.kill(child, signal.SIGKILL)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
    finish(made)
    return made


def finish(made: list[uuid.UUID]) -> None:
    # The last lease runs out first; killed work may be held by it.
    for _ in range(20):
        time.sleep(LEASE.total_seconds())
        Worker(lease=LEASE).work(until_empty=True)
        if not Job.objects.exclude(state=Job.State.DONE).exists():
            break
    assert Job.objects.filter(state=Job.State.DONE).count() == len(made)


def careful(number: int) -> list[uuid.UUID]:
    return [
        whole.enqueue(number=number),
        late.enqueue(subject=uuid.UUID(int=number)),
        steps.enqueue(),
    ]


def expected(made: list[uuid.UUID]) -> dict[tuple[str, int], int]:
    parts = {"tests.whole": 1, "tests.late": 1, "tests.steps": STEPS}
    jobs = Job.objects.filter(pk__in=made).values_list("id", "name")
    return {(str(pk), part): 1 for pk, name in jobs for part in range(parts[name])}


def check(kills: int) -> None:
    made = kill_at_random_points(kills, careful)
    assert len(made) == kills * 3
    assert collections.Counter(effects()) == expected(made)


def test_twelve_kills() -> None:
    check(12)


@pytest.mark.slow
def test_two_hundred_kills() -> None:
    check(200)


@pytest.mark.slow
def test_the_kills_would_find_careless_work() -> None:
    """An effect committed apart from its mark happens twice: the points do fall in between."""
    made = kill_at_random_points(40, lambda _: [careless.enqueue() for _ in range(2)])
    found = collections.Counter(job for job, _ in effects())
    assert set(found) == {str(pk) for pk in made}
    assert max(found.values()) > 1

"""Jobs of the tests: each writes what it did into a table that refuses nothing."""

from __future__ import annotations

import time
import uuid

from django.db import connection, transaction

from marfa.domain.ids import new_id
from marfa.platform.jobs.registry import Retry, job
from marfa.platform.jobs.run import Run

# Killing a worker counts as a start; these jobs are killed more often than any real one.
PATIENT = Retry(attempts=10_000)
STEPS = 4
BLINK = 0.004


def write(run: Run, part: int = 0) -> None:
    """An effect: one row more, each time it is called."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects (job, part) VALUES (%s, %s)", [str(run.id), part])


def effects() -> list[tuple[str, int]]:
    """All effects, in no order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT job, part FROM effects")
        return [(str(job), int(part)) for job, part in cursor.fetchall()]


@job("tests.whole", retry=PATIENT)
def whole(run: Run, *, number: int) -> None:
    """One transaction from beginning to end."""
    time.sleep(BLINK)
    write(run)
    time.sleep(BLINK)


@job("tests.late", atomic=False, retry=PATIENT)
def late(run: Run, *, subject: uuid.UUID) -> None:
    """Long reading, then one transaction."""
    time.sleep(BLINK)
    with run.effect():
        write(run)
        time.sleep(BLINK)


@job("tests.steps", atomic=False, retry=PATIENT)
def steps(run: Run) -> None:
    """Several transactions, each with how far it came."""
    for part in range(run.position, STEPS):
        with run.step(position=part + 1, total=STEPS, cursor=new_id()):
            write(run, part)
            time.sleep(BLINK)


@job("tests.careless", atomic=False, retry=PATIENT)
def careless(run: Run) -> None:
    """What must not be done: an effect that is committed apart from the mark."""
    with transaction.atomic():
        write(run)
    time.sleep(4 * BLINK)


@job("tests.once", once=True)
def once(run: Run, *, subject: uuid.UUID) -> None:
    write(run)


@job("tests.failing", retry=Retry(attempts=3))
def failing(run: Run) -> None:
    """Writes, then fails with a text that must not be kept."""
    write(run)
    raise ValueError("Canary Al-Hidden")

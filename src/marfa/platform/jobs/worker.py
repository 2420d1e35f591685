"""The loop that does jobs, one after the other, until it is told to stop."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F

from marfa.platform import clock
from marfa.platform.jobs.claims import claim_job, claim_next
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.registry import EVERY_ORGANISATION, JobType, job_type
from marfa.platform.jobs.run import LEASE, JobCancelledError, LeaseLostError, Run, WorkerStopsError
from marfa.platform.jobs.schedules import enqueue_due
from marfa.platform.jobs.states import (
    describe_error,
    end_job,
    held_job,
    supersede_older,
    wait_again,
)
from marfa.platform.rowsecurity.context import every_organisation, row_context

log = logging.getLogger("marfa.jobs")

IDLE_SECONDS = 1.0
TICK_SECONDS = 5.0
# After trouble with the database: a full disk or a server that restarts.
TROUBLE_SECONDS = 5.0


class Worker:
    """Does jobs in the thread that calls :meth:`work`; a second thread keeps them held.

    lease: how long a job stays with a worker that no longer shows life.
    alive: asked between jobs; the worker stops where it says False.
    did: how many jobs it has done; not those that failed, were cancelled or gave way.
    """

    def __init__(
        self, *, lease: timedelta = LEASE, alive: Callable[[], bool] = lambda: True
    ) -> None:
        self.lease = lease
        self.alive = alive
        self.did = 0
        self._run: Run | None = None
        self._next: Job | None = None
        self._stopping = False
        # A signal handler may put into it at any point; an Event could lock itself out there.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._next_tick = clock.now()

    def stop(self) -> None:
        """Start nothing more; a job that asks is told to give way. For signal handlers."""
        self._stopping = True
        run = self._run
        if run is not None:
            run.stopping = True
        self._wake.put(None)

    def work(self, *, until_empty: bool = False) -> None:
        """Do jobs until :meth:`stop`, or until nothing is due any more."""
        heart = threading.Thread(target=self._beat, name="marfa-heart", daemon=True)
        heart.start()
        try:
            while not self._stopping and self.alive():
                if self._turn():
                    continue
                if until_empty:
                    return
                self._rest(IDLE_SECONDS)
        finally:
            self._ended.set()
            heart.join()
            self._give_back_next()

    def _rest(self, seconds: float) -> None:
        """Wait, or less where :meth:`stop` is called."""
        with contextlib.suppress(queue.Empty):
            self._wake.get(timeout=seconds)

    def _turn(self) -> bool:
        """Enqueue what is due and do one job; False where there was none."""
        try:
            self._tick()
            job, self._next = self._next or claim_job(self.lease), None
            if job is None:
                return False
            self._do(job)
        except (DatabaseError, InterfaceError) as error:
            # Whatever ran has been rolled back; its lease runs out, and it is done again.
            log.error("the database failed: %s", describe_error(error))
            connection.close()
            self._rest(TROUBLE_SECONDS)
            return False
        return True

    def _tick(self) -> None:
        if self._tick_is_due():
            now = clock.now()
            enqueue_due(now)
            self._next_tick = now + timedelta(seconds=TICK_SECONDS)

    def _tick_is_due(self) -> bool:
        """Whether it is time to look; also where the clock was put back by more than that."""
        left = (self._next_tick - clock.now()).total_seconds()
        return not 0 < left <= TICK_SECONDS

    def _take_next(self) -> None:
        """Within the last transaction of a job: take the next, unless something else is due."""
        if not self._stopping and self.alive() and not self._tick_is_due():
            self._next = claim_next(self.lease)

    def _give_back_next(self) -> None:
        """What was taken and not begun goes back at once, not when its lease runs out."""
        job, self._next = self._next, None
        if job is None or job.token is None:
            return
        try:
            wait_again(held_job(job.id, job.token), attempts=F("attempts") - 1)
        except (DatabaseError, InterfaceError) as error:
            log.error("the database failed: %s", describe_error(error))

    def _do(self, job: Job) -> None:
        """Run a job and store how it ended."""
        kind = job_type(job.name)
        self._run = run = Run(job, self.lease, self._take_next)
        run.stopping = self._stopping
        mine = held_job(run.id, run.token)
        try:
            call_handler(kind, run, job)
        except JobCancelledError:
            end_job(mine, Job.State.CANCELLED)
        except WorkerStopsError:
            wait_again(mine, attempts=F("attempts") - 1)
        except KeyboardInterrupt:
            wait_again(mine, attempts=F("attempts") - 1)
            raise
        except LeaseLostError:
            log.warning("job %s %s was taken over by another worker", job.id, job.name)
        except Exception as error:
            connection.close_if_unusable_or_obsolete()
            self._failed(kind, job, run, error)
        finally:
            self._run = None
            self.did += run.ended
            if not run.ended:
                # What was taken in a transaction that did not end well was not taken.
                self._next = None

    def _failed(self, kind: JobType[...], job: Job, run: Run, error: Exception) -> None:
        what = describe_error(error)
        log.error("job %s %s failed: %s", job.id, job.name, what)
        mine = held_job(run.id, run.token)
        with transaction.atomic():
            # A step that was committed in this start has begun the count anew.
            attempts = mine.values_list("attempts", flat=True).first()
            if attempts is None:
                return
            if attempts >= kind.retry.attempts:
                end_job(mine, Job.State.DEAD, error=what)
                supersede_older(job)
            else:
                rest = kind.retry.rest(attempts)
                wait_again(mine, run_at=clock.now() + rest, error=what)

    def _beat(self) -> None:
        """Hold what runs, in a thread and on a connection of its own."""
        every = self.lease.total_seconds() / 3
        while not self._ended.wait(every):
            run = self._run
            if run is None:
                continue
            try:
                run.beat()
            except (DatabaseError, InterfaceError) as error:
                log.warning("a heartbeat failed: %s", describe_error(error))
                connection.close()
        connection.close()


def call_handler(kind: JobType[...], run: Run, job: Job) -> None:
    """Call the handler; what it leaves uncommitted is committed with the mark that it is done."""
    arguments = kind.schema.load(job.arguments)
    with rows_for(kind, arguments):
        if kind.atomic:
            with run.effect():
                kind.handler(run, **arguments)
            return
        kind.handler(run, **arguments)
        if not run.ended:
            with run.effect():
                pass


def rows_for(
    kind: JobType[...], arguments: Mapping[str, Any]
) -> contextlib.AbstractContextManager[None]:
    """The context of a job: whose rows it may touch, as it said when it was registered."""
    if kind.rows == EVERY_ORGANISATION:
        return every_organisation()
    return row_context(() if kind.rows is None else (arguments[kind.rows],))

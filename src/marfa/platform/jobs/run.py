"""What a handler is given: where it is, whether to stop, and how its effects are committed."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from marfa.platform import clock
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.states import end_job, held_job
from marfa.platform.units import unit_of_work

LEASE = timedelta(seconds=60)


class JobCancelledError(Exception):
    """Somebody cancelled the job; it is said where the handler asks, and ends it there."""


class WorkerStopsError(Exception):
    """The worker is being stopped; the job goes back to those that wait, at no cost."""


class LeaseLostError(Exception):
    """Another worker has taken the job over; nothing of this start may be committed any more."""


class Run:
    """One start of a job, in the hands of a worker.

    then: called in the last transaction, after the mark that the job is done.
    """

    def __init__(
        self, job: Job, lease: timedelta = LEASE, then: Callable[[], None] = lambda: None
    ) -> None:
        if job.token is None:
            raise ValueError("a job without a worker does not run")
        self.id = job.id
        self.token: uuid.UUID = job.token
        self.lease = lease
        self.then = then
        self.attempt = job.attempts
        self.position, self.cursor = job.position, job.cursor
        self.done, self.total = job.progress_done, job.progress_total
        self.ended = False
        # Set by the heart and by the worker, from other threads.
        self.cancelled = self.stopping = self.lost = False

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far the job is; it is stored with the next heartbeat."""
        self.done, self.total = done, self.total if total is None else total

    def check(self) -> None:
        """Ask often in long work: raises where the job should not go on, and so ends it."""
        if self.lost:
            raise LeaseLostError
        if self.cancelled:
            raise JobCancelledError
        if self.stopping:
            raise WorkerStopsError

    def beat(self) -> None:
        """Hold the job for another lease; learn whether it was cancelled or lost."""
        mine = held_job(self.id, self.token)
        now = clock.now()
        kept = mine.update(
            lease_until=now + self.lease,
            heartbeat_at=now,
            progress_done=self.done,
            progress_total=self.total,
        )
        asked = mine.values_list("cancel_requested", flat=True).first() if kept else None
        self.lost = not kept
        self.cancelled = self.cancelled or bool(asked)

    @contextlib.contextmanager
    def step(
        self, *, position: int, total: int | None = None, cursor: uuid.UUID | None = None
    ) -> Iterator[None]:
        """A part of the job that is committed on its own, together with how far it came.

        A later start of the job finds ``position`` and ``cursor`` of the last step that was
        committed, and goes on there; what a step wrote is written once.
        Raises LeaseLostError, and rolls the step back, where another worker has the job.
        """
        asked = held_job(self.id, self.token).values_list("cancel_requested", flat=True).first()
        self.lost = self.lost or asked is None
        self.cancelled = self.cancelled or bool(asked)
        self.check()
        with unit_of_work():
            yield
            self._mark(position=position, cursor=cursor)
        self.position, self.cursor = position, cursor
        self.progress(position, total)

    def _mark(self, **changes: Any) -> None:
        """Store how far it came in the running transaction; the count of attempts begins anew."""
        now = clock.now()
        mine = held_job(self.id, self.token)
        lease = {"lease_until": now + self.lease, "heartbeat_at": now}
        if not mine.update(attempts=1, error="", **lease, **changes):
            raise LeaseLostError

    @contextlib.contextmanager
    def effect(self) -> Iterator[None]:
        """The last transaction of the job: what it writes and that it is done, or neither.

        Raises LeaseLostError, and rolls back, where another worker has the job.
        """
        if self.ended:
            raise RuntimeError("a job ends once")
        self.check()
        with unit_of_work():
            yield
            if not end_job(held_job(self.id, self.token), Job.State.DONE):
                raise LeaseLostError
            self.then()
        self.ended = True

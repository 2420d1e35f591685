"""What a job is: a function, registered by name, that is given identifiers alone.

@job("search.rebuild", once=True)
def rebuild(run: Run, *, organisation: UUID) -> None: ...

rebuild.enqueue(organisation=organisation.pk)
rebuild.using(run_at=tomorrow).enqueue(organisation=organisation.pk)
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec

from marfa.platform.arguments import Schema

if TYPE_CHECKING:
    from marfa.platform.jobs.run import Run

P = ParamSpec("P")

NAME = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
EVERY_ORGANISATION = "*"
_chance = random.SystemRandom()
_types: dict[str, JobType[Any]] = {}


@dataclass(frozen=True)
class Retry:
    """How often a job is started, and how long it rests between.

    The rest doubles from ``first`` to ``longest``; chance moves it by up to half either way, so
    that what failed together does not come back together.
    """

    attempts: int = 8
    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=1)

    def rest(self, attempts: int) -> timedelta:
        """How long to wait after so many starts (1 or more)."""
        doubled = self.first * (1 << min(attempts - 1, 20))
        return min(doubled, self.longest) * _chance.uniform(0.5, 1.5)


@dataclass(frozen=True)
class JobType(Generic[P]):
    """A registered job; ``enqueue`` takes the handler's own arguments, checked by the types."""

    name: str
    handler: Callable[Concatenate[Run, P], None]
    schema: Schema
    retry: Retry
    once: bool
    atomic: bool
    rows: str | None = None
    run_at: datetime | None = None

    def using(self, *, run_at: datetime) -> JobType[P]:
        """The same job, to be done not before a moment."""
        return replace(self, run_at=run_at)

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> uuid.UUID:
        """Write the job into the current transaction, and give its identifier.

        Of a job registered with ``once`` the one that already waits is given instead.
        Raises NotAnIdentifierError where an argument is not an identifier.
        """
        from marfa.platform.jobs.actions import enqueue_job

        return enqueue_job(job_type=self, arguments=self.schema.store(kwargs), run_at=self.run_at)


def job(
    name: str,
    *,
    once: bool = False,
    atomic: bool = True,
    retry: Retry | None = None,
    rows: str | None = None,
) -> Callable[[Callable[Concatenate[Run, P], None]], JobType[P]]:
    """Register a function as a job.

    name: ``"<app>.<what>"``; it stays the same for ever, since rows name it.
    once: equal work waits once at most and never runs twice at the same time.
    atomic: the whole handler is one transaction, committed together with the mark that it is
        done. A handler with long reading before its writing sets it to False, and writes in
        ``with run.effect():`` or in ``with run.step(...):``.
    rows: whose rows it may touch, of tables that the database keeps apart: the name of its
        argument with the key of an organisation, or EVERY_ORGANISATION. By default nobody's.
    Raises ValueError for a name that is taken or not of that form, TypeError for an argument
    that is not an identifier.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not '<app>.<what>'")

    def register(handler: Callable[Concatenate[Run, P], None]) -> JobType[P]:
        known = _types.get(name)
        if known is not None and known.handler.__qualname__ != handler.__qualname__:
            raise ValueError(f"there is already a job called {name}")
        schema = Schema.of(handler, skip=1)
        made = JobType(name, handler, schema, retry or Retry(), once, atomic, rows)
        _types[name] = made
        return made

    return register


def job_type(name: str) -> JobType[Any]:
    """The job of a name; raises KeyError for one that this version does not know."""
    return _types[name]


def names_within(package: str) -> tuple[str, ...]:
    """Names of the jobs whose work is done by a package."""
    inside = f"{package}."
    found = (each for each in _types.values() if each.handler.__module__.startswith(inside))
    return tuple(each.name for each in found)


def job_names() -> list[str]:
    """Names of all jobs that this version knows."""
    return sorted(_types)

"""Whose rows the statements of a block may touch."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from contextvars import ContextVar
from uuid import UUID

from marfa.platform import clock
from marfa.platform.rowsecurity import policies

EVERYTHING_ON = f"SELECT set_config('{policies.EVERYTHING}', 'on', true)"

Scope = frozenset[UUID]
NOTHING: Scope = frozenset()

_scope: ContextVar[Scope] = ContextVar("marfa-rows", default=NOTHING)
_streaming: ContextVar[bool] = ContextVar("marfa-streaming", default=False)
_sources: list[Callable[[], Collection[UUID]]] = []


@contextlib.contextmanager
def row_context(organisations: Collection[UUID]) -> Iterator[None]:
    """Within the block, statements of this thread see the rows of these organisations, and what
    is open to them. Inside another context it replaces that one for its time.

    The database is told with the first statement of each transaction, for that transaction alone;
    a connection that is used again by somebody else carries nothing over.
    """
    token = _scope.set(frozenset(organisations))
    try:
        yield
    finally:
        _scope.reset(token)


@contextlib.contextmanager
def every_organisation() -> Iterator[None]:
    """For work of the installation itself, such as keeping time limits: the rows of all its
    organisations. Which there are is asked when the block begins."""
    known = {key for source in _sources for key in source()}
    with row_context(known):
        yield


def organisations_come_from(source: Callable[[], Collection[UUID]]) -> None:
    """Let an app say which organisations there are; called at the start."""
    if source not in _sources:
        _sources.append(source)


def current_scope() -> Scope:
    """The organisations of the context; none outside one."""
    return _scope.get()


def context_statement(scope: Scope) -> str:
    """The statement that tells the database, for the running transaction. It holds keys alone.

    The moment is the one of the installation's clock, which the application compares with too.
    """
    keys = ",".join(sorted(str(key) for key in scope))
    moment = clock.now().isoformat() if scope else ""
    return (
        f"SELECT set_config('{policies.ORGANISATIONS}', '{keys}', true),"
        f" set_config('{policies.NOW}', '{moment}', true)"
    )


class StreamedAnswerAsksError(RuntimeError):
    """What is streamed is sent after the context has ended: it must have been read before."""


@contextlib.contextmanager
def no_statements() -> Iterator[None]:
    """Within the block a statement is a fault: for answers that are being sent."""
    token = _streaming.set(True)
    try:
        yield
    finally:
        _streaming.reset(token)


def statements_are_faults() -> bool:
    """Whether an answer is being sent."""
    return _streaming.get()

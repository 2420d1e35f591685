"""A unit of work: the outermost transaction, what it still has to write, and how it ended.

    with unit() as work:
        ...                       # further units join this one, each in a savepoint of its own
        work.last(write_the_log)  # runs when all else is written; after it nothing may be

Whoever needs a transaction for several actions opens a unit and not ``transaction.atomic``, which
an action would not be the outermost of.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

Ending = Callable[[Exception], None]
_here = threading.local()
_SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class Unit:
    """What is registered here belongs to the outermost block, however deep it was said.

    held: room for whoever collects things until the end, under a key of their own.
    """

    def __init__(self) -> None:
        self.held: dict[object, Any] = {}
        self._last: Callable[[], None] | None = None
        self._undone: list[Ending] = []

    def last(self, function: Callable[[], None]) -> None:
        """Call a function as the last thing before the commit. Raises RuntimeError for a second."""
        if self._last is not None:
            raise RuntimeError("only one thing can be last")
        self._last = function

    def if_undone(self, function: Ending) -> None:
        """Call a function, outside the transaction, when it was rolled back; it gets the error."""
        self._undone.append(function)

    def _finish(self, sealed: contextlib.ExitStack) -> None:
        if self._last is not None:
            self._last()
        # Until the commit, which is no statement that a wrapper sees.
        sealed.enter_context(connection.execute_wrapper(_refuse))

    def _was_undone(self, error: Exception) -> None:
        for function in self._undone:
            function(error)


def current() -> Unit | None:
    """The unit that this thread is in, if any."""
    found: Unit | None = getattr(_here, "unit", None)
    return found


@contextlib.contextmanager
def unit() -> Iterator[Unit]:
    """Join the unit that is open, in a savepoint, or open one.

    Raises RuntimeError where a transaction is open that is no unit: what must come last could not.
    """
    outer = current()
    if outer is not None:
        with transaction.atomic():
            yield outer
        return
    _refuse_inside_another()
    made = Unit()
    try:
        with contextlib.ExitStack() as sealed, transaction.atomic():
            _here.unit = made
            try:
                yield made
                made._finish(sealed)
            finally:
                _here.unit = None
    except Exception as error:
        made._was_undone(error)
        raise


def _refuse_inside_another() -> None:
    # Tests stand in a transaction that they throw away; it is not counted.
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("a unit owns its transaction: open units.unit() around it instead")


def _refuse(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    if sql.startswith(_SAVEPOINTS):
        return execute(sql, params, many, context)
    raise RuntimeError("nothing is written after the last statement of a unit")

"""A unit of work: the outermost transaction, what it still has to write, and how it ended.

    with unit() as work:
        ...                       # further units join this one, each in a savepoint of its own
        work.last(the_log)        # its statement is sent when all else is written; then nothing is

Whoever needs a transaction for several actions opens a unit and not ``transaction.atomic``, which
an action would not be the outermost of.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction

Ending = Callable[[Exception], None]
Statement = tuple[str, Sequence[Any]]
Last = Callable[[], Statement | None]
_here = threading.local()
_SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class Unit:
    """What is registered here belongs to the outermost block, however deep it was said.

    held: room for whoever collects things until the end, under a key of their own.
    """

    def __init__(self) -> None:
        self.held: dict[object, Any] = {}
        self._last: Last | None = None
        self._undone: list[Ending] = []
        self._then: list[Callable[[], object]] = []

    def last(self, function: Last) -> None:
        """Call a function when all else is written; it gives the last statement, if there is one.

        Raises RuntimeError for a second.
        """
        if self._last is not None:
            raise RuntimeError("only one thing can be last")
        self._last = function

    def if_undone(self, function: Ending) -> None:
        """Call a function, outside the transaction, when it was rolled back; it gets the error."""
        self._undone.append(function)

    def then(self, function: Callable[[], object]) -> None:
        """Call a function once all is committed, before the unit returns; the same one once.

        What it raises goes on to whoever opened the unit; the commit stays.
        """
        if function not in self._then:
            self._then.append(function)

    def _finish(self, sealed: contextlib.ExitStack) -> None:
        statement = self._last() if self._last is not None else None
        if statement is not None:
            _send_last(*statement)
        # Until the commit, which is no statement that a wrapper sees.
        sealed.enter_context(connection.execute_wrapper(_refuse))

    def _was_undone(self, error: Exception) -> None:
        for function in self._undone:
            function(error)


def current_unit() -> Unit | None:
    """The unit that this thread is in, if any."""
    found: Unit | None = getattr(_here, "unit", None)
    return found


@contextlib.contextmanager
def unit_of_work() -> Iterator[Unit]:
    """Join the unit that is open, in a savepoint, or open one.

    Raises RuntimeError where a transaction is open that is no unit: what must come last could not.
    """
    outer = current_unit()
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
    for function in made._then:
        function()


@contextlib.contextmanager
def around_units() -> Iterator[None]:
    """One transaction around units, for whoever fills a database that nobody else is at yet."""
    with transaction.atomic():
        _here.around = connection.atomic_blocks[-1]
        try:
            yield
        finally:
            _here.around = None


def _send_last(sql: str, params: Sequence[Any]) -> None:
    """Send the last statement, on PostgreSQL in one message with the commit that follows it.

    The server then needs no further message to commit, and what locks the statement took it
    keeps for as long as the disk takes. Where it fails, the commit is not reached; Django's own
    commit finds nothing left to do.
    """
    alone = len(connection.atomic_blocks) == 1 and connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql}; COMMIT" if alone else sql, params)


def _refuse_inside_another() -> None:
    # Tests stand in a transaction that they throw away; it is not counted.
    around = getattr(_here, "around", None)
    for block in connection.atomic_blocks:
        if block is not around and not getattr(block, "_from_testcase", False):
            raise RuntimeError("a unit owns its transaction: open unit_of_work() around it instead")


def _refuse(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    # What was registered to run on commit runs inside the same block, but after it.
    if not connection.in_atomic_block or sql.startswith(_SAVEPOINTS):
        return execute(sql, params, many, context)
    raise RuntimeError("nothing is written after the last statement of a unit")

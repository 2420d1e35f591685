"""Around each statement: the database is told whose rows the transaction may touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from marfa.platform.rowsecurity.context import (
    NOTHING,
    Scope,
    StreamedAnswerAsksError,
    context_statement,
    current_scope,
    statements_are_faults,
)

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]

IDLE = 0
"""psycopg.pq.TransactionStatus.IDLE: the next statement begins a transaction."""

# What the running transaction of a connection was told; None: not known, so tell it anew.
_told: WeakKeyDictionary[BaseDatabaseWrapper, Scope | None] = WeakKeyDictionary()


def watch_connection(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Put the wrapper around all statements of a connection, once."""
    if around_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(around_statement)


def around_statement(
    execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Tell the database the scope where the transaction does not have it yet; then execute."""
    if statements_are_faults():
        raise StreamedAnswerAsksError
    connection: BaseDatabaseWrapper = context["connection"]
    if connection.vendor != "postgresql" or sql.startswith("RELEASE SAVEPOINT"):
        return execute(sql, params, many, context)
    if sql.startswith("ROLLBACK TO SAVEPOINT"):
        # What was told since the savepoint is taken back with it.
        _told[connection] = None
        return execute(sql, params, many, context)
    scope = current_scope()
    if scope == _already_told(connection):
        return execute(sql, params, many, context)
    if connection.get_autocommit():
        return _alone(execute, sql, params, many, context, scope)
    _told[connection] = scope
    return _tell(execute, sql, params, many, context, scope)


def _already_told(connection: BaseDatabaseWrapper) -> Scope | None:
    """A transaction that begins with this statement knows of nothing: no setting outlives one."""
    if connection.connection.info.transaction_status == IDLE:
        _told[connection] = NOTHING
    return _told.get(connection)


def _alone(
    execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any], scope: Scope
) -> Any:
    """A statement outside a transaction of ours is one with what is told before it."""
    if not _is_plain(sql, many, context):
        with transaction.atomic(using=context["connection"].alias):
            return _tell(execute, sql, params, many, context, scope)
    # Both travel as one message, which PostgreSQL runs as one transaction.
    return _tell(execute, sql, params, many, context, scope)


def _tell(
    execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any], scope: Scope
) -> Any:
    telling = context_statement(scope)
    if not _is_plain(sql, many, context):
        with context["connection"].connection.cursor() as cursor:
            cursor.execute(telling)
        return execute(sql, params, many, context)
    result = execute(f"{telling}; {sql}", params, many, context)
    context["cursor"].nextset()
    return result


def _is_plain(sql: str, many: bool, context: dict[str, Any]) -> bool:
    """Whether a statement can travel in one message with another: not a list of them, not a
    cursor that the server holds, not a savepoint."""
    held_by_server = getattr(context["cursor"], "scrollable", None) is not None
    return not (many or held_by_server or sql.startswith("SAVEPOINT"))

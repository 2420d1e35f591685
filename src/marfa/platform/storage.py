"""Whether a failure means that there is no room left."""

from __future__ import annotations

import errno
import sqlite3

POSTGRESQL_DISK_FULL = "53100"


def is_full(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, says that the disk or the database is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        # An error that Python raised itself carries no code of SQLite's.
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        if getattr(error, "sqlstate", None) == POSTGRESQL_DISK_FULL:
            return True
        error = error.__cause__ or error.__context__
    return False

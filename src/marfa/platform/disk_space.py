"""Whether a failure means that there is no room left."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

POSTGRESQL_DISK_FULL = "53100"
# Less than this, and SQLite cannot even lay out the file through which connections see each other.
ROOM_TO_WORK = 1 << 20
PRIMARY_CODE = 0xFF


def is_full(error: BaseException | None, folder: Path | None = None) -> bool:
    """Whether an error, or what caused it, says that the disk or the database is full.

    folder: the data folder; SQLite calls some failures for want of room an I/O error, and
        these count where the folder's disk is in fact full.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "sqlstate", None) == POSTGRESQL_DISK_FULL:
            return True
        # An error that Python raised itself carries no code of SQLite's.
        code = getattr(error, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_FULL:
            return True
        vague = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
        if folder is not None and code is not None and code & PRIMARY_CODE in vague:
            return shutil.disk_usage(folder).free < ROOM_TO_WORK
        error = error.__cause__ or error.__context__
    return False

"""The server's own log: what failed, never the address that was asked for or a traceback.

An address may be a sign-in link, and the text of an error may hold a row.
"""

from __future__ import annotations

import sys
from typing import Any

from gunicorn.glogging import Logger


class QuietLogger(Logger):  # type: ignore[misc]
    """Writes the kind of an error where gunicorn would write everything about it."""

    def exception(self, msg: object, *args: object, **kwargs: Any) -> None:
        kind = sys.exc_info()[0]
        self.error_log.error("%s while a request was answered", kind.__name__ if kind else "error")

    def warning(self, msg: object, *args: object, **kwargs: Any) -> None:
        self.error_log.warning(str(msg).partition("%")[0].strip() or "warning")

    def error(self, msg: object, *args: object, **kwargs: Any) -> None:
        self.error_log.error(str(msg).partition("%")[0].strip() or "error")

"""Files of JSON lines that are there whole or not at all, readable by their owner alone."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from marfa.domain.message import InputError, Message


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[TextIO]:
    """A text file that is written beside its place, and moved there when the block ended well.

    Raises InputError where it cannot be written.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except OSError as error:
        reason = {"reason": error.strerror or type(error).__name__}
        message = Message("methods.watchlists:unwritable", reason)
        raise InputError.at(message, file=target.name) from None
    finally:
        if temporary is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)


def write_lines(target: Path, rows: Iterable[object]) -> None:
    """Each row as JSON on a line of its own; replaces the file at once."""
    with whole_file(target) as stream:
        for row in rows:
            stream.write(line_of(row))


def line_of(row: object) -> str:
    """A row as a line."""
    return json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n"


def read_lines(source: Path) -> Iterator[dict[str, Any]]:
    """Each row of a file. Raises InputError, with the row, for a line that is none of ours."""
    try:
        with source.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                yield _row(source, number, line)
    except UnicodeDecodeError:
        raise _broken(source, 0) from None
    except OSError:
        message = Message("methods.watchlists:file-unreadable")
        raise InputError.at(message, file=source.name) from None


def _row(source: Path, number: int, line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise _broken(source, number) from None
    if not isinstance(data, dict) or not line.endswith("\n"):
        raise _broken(source, number)
    return data


def _broken(source: Path, number: int) -> InputError:
    message = Message("methods.watchlists:line-broken")
    return InputError.at(message, file=source.name, row=number or None)

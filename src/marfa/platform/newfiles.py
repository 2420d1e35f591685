"""A new file that is there whole or not at all, and never in the place of another."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from marfa.platform.datafolder import sync_to_disk


@contextlib.contextmanager
def new_file(target: Path, *, encoding: str = "utf-8") -> Iterator[IO[str]]:
    """A file to write text to, which its owner alone reads; it gets its name once the block has
    ended well, and nothing is left of it otherwise.

    Raises FileExistsError where something has the name already, before the block or after it.
    """
    if os.path.lexists(target):
        raise _there(target)
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding=encoding) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        put_new(part, target)
    finally:
        part.unlink(missing_ok=True)


def put_new(part: Path, target: Path) -> None:
    """Give a file that is whole its name; raises FileExistsError where something has it.

    ``part`` may be left: whoever made it removes it.
    """
    try:
        # A link and not a rename: what is there is never written over.
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        # A stick may know no second names.
        if os.path.lexists(target):
            raise _there(target) from None
        part.rename(target)
    sync_to_disk(target.parent)


def _there(target: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))

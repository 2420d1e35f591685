"""Who has an installation open: all share a lock on its folder, and some things want it alone.

The lock is the kernel's (``flock``) and lies on the folder itself: it needs no file, and ends with
the process, however that ends. Servers have one more, on the file that says what the installation
is.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.platform.datafolder import INSTANCE_FILE

_held: dict[Path, int] = {}
_serving: list[int] = []


def occupy_installation(folder: Path) -> None:
    """Have the installation open until this process and those it starts have ended.

    Raises InputError while somebody has it alone.
    """
    if folder in _held:
        return
    descriptor = _open(folder)
    _lock(descriptor, fcntl.LOCK_SH, folder, "installation-busy")
    _held[folder] = descriptor


@contextlib.contextmanager
def occupy_alone(folder: Path) -> Iterator[None]:
    """Have the installation alone within the block; raises InputError while others have it open."""
    own = _held.get(folder)
    descriptor = _open(folder) if own is None else own
    _lock(descriptor, fcntl.LOCK_EX, folder, "installation-open")
    try:
        yield
    finally:
        if own is None:
            os.close(descriptor)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_SH)


def serve_alone(folder: Path) -> None:
    """Be the one server of an installation until this process and those it forks have ended.

    Two servers on one SQLite file would wait for each other, and each would hold sessions, limits
    and searches of its own. Raises InputError while another one runs.
    """
    descriptor = os.open(folder / INSTANCE_FILE, os.O_RDONLY | os.O_CLOEXEC)
    _lock(descriptor, fcntl.LOCK_EX, folder, "installation-served")
    _serving.append(descriptor)


def leave_installation(folder: Path) -> None:
    """Have it open no longer."""
    descriptor = _held.pop(folder, None)
    if descriptor is not None:
        os.close(descriptor)


def _open(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _lock(descriptor: int, how: int, folder: Path, refusal: str) -> None:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        if descriptor in _held.values():
            # A failed change of a lock may have lost the old one.
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        else:
            os.close(descriptor)
        raise InputError.at(Message(f"platform:{refusal}", {"path": str(folder)})) from None

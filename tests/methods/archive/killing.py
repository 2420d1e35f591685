"""Kills a process that works with an archive, at a call of the system or at a random moment.

The work runs in a fork. Before the call with the number that was drawn it ends by SIGKILL; of a
write, half of the bytes go out before. What it did acknowledge it told through a pipe. In place of
the kill the call, and each after it that needs room, can fail as on a full disk.
"""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Callable
from typing import Any

from marfa.methods.archive import durable

NEEDS_ROOM = ("write", "fsync", "mkdir", "syncfs")
CALLS = ("write", "fsync", "rename", "replace", "mkdir", "unlink", "rmdir", "truncate")

Work = Callable[[Callable[[str], None]], None]


def run_killed(work: Work, at: int | None, *, after: float | None = None) -> tuple[list[str], bool]:
    """What was acknowledged, and whether the work came to its end.

    at: the number of the call before which it is killed; None for not at all. after: seconds of
    time until it is killed from outside.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work_and_exit(work, at, reading, writing)
    os.close(writing)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode().splitlines()
    _pid, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError("the work failed without being killed")
    return told, not os.WIFSIGNALED(status)


def run_full(work: Work, at: int) -> str:
    """The work on a disk that is full from the call with this number on: how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        tell = os.write
        try:
            _arm(at, full=True)
            work(lambda text: None)
            tell(writing, b"done")
        except OSError as error:
            tell(writing, errno.errorcode[error.errno or 0].encode())
        except BaseException as error:
            tell(writing, repr(error).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode()
    os.waitpid(child, 0)
    return told


def _work_and_exit(work: Work, at: int | None, reading: int, writing: int) -> None:
    os.close(reading)
    plain_write = os.write
    try:
        if at is not None:
            _arm(at)
        work(lambda text: (plain_write(writing, f"{text}\n".encode()), None)[1])
    except BaseException:
        os._exit(1)
    os._exit(0)


def count_calls(work: Work) -> int:
    """How many calls of the system the work makes, of those before which it may be killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            counter = _arm(None)
            plain = counter["write"]
            work(lambda text: None)
            plain(writing, str(counter["count"]).encode())
        except BaseException:
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        found = pipe.read()
    os.waitpid(child, 0)
    return int(found)


def _arm(at: int | None, *, full: bool = False) -> dict[str, Any]:
    state: dict[str, Any] = {"count": 0, "write": os.write}

    def wrapped(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            if full and at is not None and state["count"] >= at and name in NEEDS_ROOM:
                if name == "write" and state["count"] == at:
                    call(arguments[0], arguments[1][: len(arguments[1]) // 2])
                state["count"] += 1
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if state["count"] == at and not full:
                if name == "write" and len(arguments[1]) > 1:
                    call(arguments[0], arguments[1][: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            state["count"] += 1
            return call(*arguments, **options)

        return called

    for name in CALLS:
        setattr(os, name, wrapped(name, getattr(os, name)))
    durable.sync_file_system = wrapped("syncfs", durable.sync_file_system)
    return state

"""A process that holds what must not reach a disk: no swap where that is permitted, no core dumps.

Linux: mlockall(2), prctl(2), setrlimit(2).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
from dataclasses import dataclass
from pathlib import Path

MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4
PR_SET_DUMPABLE = 4
CAP_IPC_LOCK = 14
STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Guarded:
    """What was reached. locked: nothing of the process goes to swap. undumped: no core is
    written, and no process of the same user attaches to it or reads its memory."""

    locked: bool
    undumped: bool


def guard_memory() -> Guarded:
    """Lock the memory of this process, now and from now on, and forbid core dumps.

    It locks only without a limit: memory that may be locked up to a limit would end, with
    MCL_FUTURE, in a process that cannot grow. Whoever calls says so where it is not locked.
    """
    return Guarded(_lock(), _forbid_dumps())


def may_lock_all() -> bool:
    """Whether this process may lock as much memory as it likes."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = STATUS.read_text().splitlines()
        effective = next(line for line in lines if line.startswith("CapEff:"))
        if int(effective.split()[1], 16) >> CAP_IPC_LOCK & 1:
            return True
    with contextlib.suppress(OSError, ValueError):
        _soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))
        return hard == resource.RLIM_INFINITY
    return False


def _lock() -> bool:
    # ONFAULT: the stacks of threads and room that was only asked for stay unused.
    return may_lock_all() and _call("mlockall", MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)


def _forbid_dumps() -> bool:
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        return _call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)
    return False


def _call(name: str, *arguments: int) -> bool:
    """Call a function of the C library; False where there is none, or it refuses."""
    if os.name != "posix":
        return False
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    return function is not None and function(*map(ctypes.c_ulong, arguments)) == 0

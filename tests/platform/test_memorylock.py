"""What is locked is asked of the kernel, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

from marfa.platform.memorylock import may_lock_all

ASK = """
import json, resource
from marfa.platform.memorylock import guard_memory
{before}
got = guard_memory()
held = bytearray(8 << 20)
for place in range(0, len(held), 4096):
    held[place] = 1
lines = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
import ctypes
print(json.dumps({{
    "locked": got.locked, "undumped": got.undumped,
    "kilobytes": int(lines["VmLck"].split()[0]), "resident": int(lines["VmRSS"].split()[0]),
    "core": resource.getrlimit(resource.RLIMIT_CORE),
    "dumpable": ctypes.CDLL(None).prctl(3, 0, 0, 0, 0),
}}))
"""
DROPPED = """
import ctypes
resource.setrlimit(resource.RLIMIT_MEMLOCK, (65536, 65536))
ctypes.CDLL(None).prctl(24, 14, 0, 0, 0)
import marfa.platform.memorylock as m
m.STATUS = __import__("pathlib").Path("/nowhere")
"""


def asked(before: str = "") -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(before=before)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_no_core_is_written_and_nobody_attaches() -> None:
    found = asked()
    assert found["undumped"] is True
    assert found["core"] == [0, 0]
    assert found["dumpable"] == 0


def test_all_that_is_used_later_is_locked_too_where_that_is_permitted() -> None:
    found = asked()
    assert found["locked"] is may_lock_all()
    locked = int(str(found["kilobytes"]))
    assert locked >= 8 << 10 if found["locked"] else locked == 0


def test_with_a_limit_nothing_is_locked_and_it_is_said() -> None:
    """A limit would end in a process that cannot grow."""
    found = asked(DROPPED)
    assert found["locked"] is False
    assert found["undumped"] is True

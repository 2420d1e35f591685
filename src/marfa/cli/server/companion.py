"""What a server brings along, so that a laptop needs to start one thing only."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

from marfa.platform.keyproviders import handed_over

log = logging.getLogger("marfa.jobs")

RESTART_SECONDS = 2.0
# A worker that does not end by then is killed: its work is rolled back and done again.
PATIENCE_SECONDS = 10.0


STANDS_BACK = 5
"""Niceness of what nobody waits for at a page; where the machine has time, it loses none by it."""


def _stand_back(command: str, pid: int) -> None:
    if command == "worker":
        # It may have ended already.
        with contextlib.suppress(OSError):
            own = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, pid, max(own, STANDS_BACK))


class Companion:
    """A process of ``marfa worker`` or ``marfa finder`` that is started again when it dies.

    It is a process and not a thread, so that heavy work takes no time from pages and a
    crash takes none of them along.
    """

    def __init__(self, data: Path, command: str = "worker") -> None:
        self.data = data
        self.command = command
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name=f"marfa-{command}", daemon=True)

    def start(self) -> None:
        """Start it, and a thread that watches it."""
        self._thread.start()

    def tell(self) -> None:
        """Ask it to end, and do not wait."""
        self._stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self.tell()
        process = self._process
        if process is None:
            return
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            # A group of its own: Ctrl-C in the terminal is the server's, which then tells it.
            with handed_over() as (more, descriptors):
                self._process = subprocess.Popen(
                    self._command(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    process_group=0,
                    env={**os.environ, **more},
                    pass_fds=descriptors,
                )
            _stand_back(self.command, self._process.pid)
            # Stopping may have been asked for while the process was being made.
            if self._stopping.is_set():
                self._process.terminate()
            code = self._process.wait()
            if code == 0:
                return  # it was told to stop
            if not self._stopping.is_set():
                log.error("the %s ended with code %s and is started again", self.command, code)
            self._stopping.wait(RESTART_SECONDS)

    def _command(self) -> list[str]:
        return [
            sys.executable,
            "-P",  # what lies in the current folder is not to be imported
            "-m",
            "marfa",
            self.command,
            "--data",
            str(self.data),
            "--parent",
            str(os.getpid()),
        ]

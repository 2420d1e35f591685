"""The process that holds the names: a thread that builds, and one for each question."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import logging
import os
import socket
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from marfa.apps.name_search.answers import Answerer
from marfa.apps.name_search.builder import Builder
from marfa.apps.name_search.entries import NameSource
from marfa.apps.name_search.index import Holding
from marfa.apps.name_search.protocol import SOCKET, State
from marfa.crypto.keys import Key
from marfa.platform import localsocket

log = logging.getLogger("marfa.finding")

LOCK = ".finder.lock"
AT_ONCE = 16
"""Questions that are answered at the same time; further ones wait."""
SECONDS = 5.0
"""For which one connection may keep silent."""
TROUBLE_SECONDS = 5.0
LOOK_SECONDS = 0.5


class RunsAlreadyError(RuntimeError):
    """Another process holds the names of this installation."""


class Finder:
    """Holds the names of one installation and answers at its socket until it is stopped.

    around: within it the sources are read, in each thread that does so.
    warmed: called once everything is there, in the thread that built it.
    """

    def __init__(
        self,
        folder: Path,
        key: Key,
        sources: Callable[[], Collection[NameSource]],
        *,
        around: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext,
        warmed: Callable[[], object] = lambda: None,
    ) -> None:
        self._folder, self._key = folder, key
        self._around, self._warmed = around, warmed
        self._builder = Builder(Holding(), sources)
        self._answerer = Answerer(self._builder, self._again)
        self._stopping = threading.Event()
        self._build = threading.Event()
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def state(self) -> State:
        """How far the index is."""
        return self._builder.state()

    def stop(self) -> None:
        """End soon; for signal handlers and other threads."""
        self._stopping.set()
        self._build.set()

    def serve(self, alive: Callable[[], bool] = lambda: True, *, wait: bool = False) -> None:
        """Build and answer until :meth:`stop`, or until ``alive`` says no.

        wait: for another process that holds the names, instead of raising RunsAlreadyError.
        """
        with self._alone(alive, wait) as mine:
            if not mine:
                return
            listening = localsocket.listen_at(self._folder / SOCKET)
            try:
                self._again()
                threading.Thread(target=self._keep, name="marfa-names", daemon=True).start()
                listening.settimeout(LOOK_SECONDS)
                while not self._stopping.is_set() and alive():
                    self._next(listening)
            finally:
                self.stop()
                listening.close()
                (self._folder / SOCKET).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _alone(self, alive: Callable[[], bool], wait: bool) -> Iterator[bool]:
        """One process holds the names; the lock ends with it, however it ends."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self._folder / LOCK, flags, 0o600)
        try:
            while not _locked(descriptor):
                if not wait:
                    raise RunsAlreadyError
                if self._stopping.wait(LOOK_SECONDS) or not alive():
                    yield False
                    return
            yield True
        finally:
            os.close(descriptor)

    def _next(self, listening: socket.socket) -> None:
        with contextlib.suppress(TimeoutError):
            connection, _address = listening.accept()
            self._places.acquire()
            threading.Thread(target=self._serve_one, args=(connection,), daemon=True).start()

    def _serve_one(self, connection: socket.socket) -> None:
        try:
            with connection:
                localsocket.admit_connection(connection, self._key, SECONDS)
                with self._around():
                    answer = self._answerer.answer(localsocket.receive_message(connection))
                localsocket.send_message(connection, answer)
        except Exception as error:
            # Of an error the kind alone: its text may hold what was asked.
            log.warning("a question was not answered: %s", type(error).__name__)
        finally:
            self._places.release()

    def _again(self) -> None:
        self._build.set()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._build.wait()
            self._build.clear()
            try:
                with self._around(), _without_collector():
                    if self._builder.build(self._stopping.is_set):
                        self._warmed()
            except Exception as error:
                log.error("the names could not be read: %s", type(error).__name__)
                self._stopping.wait(TROUBLE_SECONDS)
                self._build.set()


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """While millions of things are made that stay, the collector of cycles would look through all
    of them again and again: a seventh of the time. Afterwards it leaves them alone."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

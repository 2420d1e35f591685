"""Connections of the server: whoever is slow waits, and keeps no thread from others.

A thread is given to a request once all of it is there. Until then one loop reads from all
connections, each with a deadline for its head and for its body, so that a thousand that were
begun and never ended keep nobody waiting. A body too large to be held is read by threads of their
own, which answer no pages. Where one source has more connections or threads than its share, its own
oldest give way.

Behind a proxy everybody is one source, and what is slow stops at the proxy: shares by source hold
where Marfa is reached directly, deadlines and the cap in all hold everywhere.
"""

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import socket
import ssl
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum, auto
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from marfa.web.headers import STANDING

HEAD_SECONDS = 20
"""From the connection, or the first byte of a further request, to the end of its headers. A poor
link takes seconds for a round, and nothing is asked here but a few hundred bytes."""
BODY_SECONDS = 20
"""For a body, and one second more for each ``SLOWEST`` bytes of it; and the longest silence."""
SLOWEST = 1024
LONGEST_HEAD = 64 * 1024
LARGEST_HELD = 256 * 1024
"""What is larger is read by a thread as it comes: with ``MOST`` connections, 64 MiB are held."""
MOST_OF_ONE_SOURCE = 64
MOST = 256
LEAVING_SECONDS = 2
LEAVING_BYTES = 64 * 1024
"""How long, and how much, a closed connection is still listened to, so that its last answer
arrives (RFC 9112, section 9.6)."""
PIECE = 64 * 1024
OPTIONS = {
    "worker_class": "marfa.web.connections.PatientWorker",
    # Python waits without end for who does not read what it sends by this call.
    "sendfile": False,
}
"""What gunicorn is told so that all of this holds."""
HEAD_END = b"\r\n\r\n"


class State(Enum):
    """What a connection is doing."""

    QUIET = auto()
    """Nothing of a request has come."""
    HEAD = auto()
    BODY = auto()
    READY = auto()
    """A request is there, or a body that a thread is to read; no thread is free for it."""
    WORKING = auto()
    LEAVING = auto()


GIVES_WAY = {State.LEAVING: 0, State.QUIET: 1, State.HEAD: 1, State.BODY: 1, State.READY: 2}
"""Which connections give way, the lowest first. One that has just come is no better than an older
one that has begun: nothing of it was read yet."""


class Secure:
    """TLS with a certificate that is made anew by itself, and asked for from one thread alone.

    renewed: a new certificate with its key (``pem``) where its time has come; otherwise None.
    """

    def __init__(self, renewed: Callable[[], Any | None]) -> None:
        self._renewed = renewed
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.refresh()

    def refresh(self) -> None:
        """Show a new certificate from the next connection on, where there is one."""
        made = self._renewed()
        if made is None:
            return
        # A key is read from a file alone: from one that is in memory, and gone when it is closed.
        with os.fdopen(os.memfd_create("certificate"), "wb") as file:
            file.write(made.pem)
            file.flush()
            self._context.load_cert_chain(f"/proc/self/fd/{file.fileno()}")

    def wrap(self, sock: socket.socket) -> ssl.SSLSocket:
        """A connection that begins; the loop does its handshake with the first that comes."""
        return self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)


class Connection(TConn):  # type: ignore[misc]
    """One connection, and what has come of its next request."""

    sock: socket.socket

    def __init__(
        self, cfg: Any, sock: socket.socket, client: Any, server: Any, secure: Secure | None = None
    ) -> None:
        super().__init__(cfg, sock, client, server)
        if secure is not None:
            self.sock = secure.wrap(sock)
        self.shakes_hands = secure is not None
        # A path of a Unix socket is nobody's address: all who come that way are one source.
        self.source = client[0] if isinstance(client, tuple) else ""
        self.received = bytearray()
        self.head: int | None = None
        self.length: int | None = None
        self.state = State.QUIET
        self.deadline = time.monotonic() + HEAD_SECONDS
        self.drained = 0
        # In a thread, for every single read and write.
        patience = struct.pack("ll", BODY_SECONDS, 0)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self.sock.setsockopt(socket.SOL_SOCKET, option, patience)

    @property
    def streams(self) -> bool:
        """Whether its body is read by the thread that answers it."""
        return self.length is None

    @property
    def is_whole(self) -> bool:
        """Whether all of a request is there whose body is held."""
        if self.head is None or self.length is None:
            return False
        return len(self.received) >= self.head + self.length

    def receive(self) -> bytes:
        """What has come, at most a piece of it; raises BlockingIOError where nothing is whole."""
        try:
            if self.shakes_hands and isinstance(self.sock, ssl.SSLSocket):
                self.sock.do_handshake()
                self.shakes_hands = False
            came: bytes = self.sock.recv(PIECE)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise BlockingIOError from None
        return came

    def end_sending(self) -> None:
        """Say that nothing more comes."""
        if isinstance(self.sock, ssl.SSLSocket):
            # Whether the other side says the same is not waited for.
            with contextlib.suppress(OSError, ValueError):
                self.sock.unwrap()
        self.sock.shutdown(socket.SHUT_WR)

    def init(self) -> None:
        """Once, before its first request is answered."""
        begins = not self.initialized
        super().init()
        if begins:
            self.parser.unreader = PatientReader(self.sock)

    def hand_over(self) -> None:
        """Give what has come to the parser."""
        self.sock.setblocking(True)
        self.init()
        if isinstance(self.sock, ssl.SSLSocket):
            # TLS waits without end on a socket that blocks, whatever the system says.
            self.sock.settimeout(BODY_SECONDS)
        self.parser.unreader.begin(bytes(self.received))
        self.received.clear()

    def begin_again(self, patience: float) -> None:
        """Wait for a further request; some of it may have come with the last one."""
        self.received[:] = self.parser.unreader.take_buffered()
        if isinstance(self.sock, ssl.SSLSocket) and self.sock.pending():
            # What is deciphered already wakes nobody up.
            self.received += self.sock.recv(self.sock.pending())
        self.head = self.length = None
        self.state = State.QUIET
        self.deadline = time.monotonic() + patience


class PatientReader(SocketUnreader):  # type: ignore[misc]
    """Reads the rest of a body in a thread, and gives up on who sends too slowly.

    Raises TimeoutError, which is an OSError like a connection that broke.
    """

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self.patience = float(BODY_SECONDS)

    def begin(self, received: bytes) -> None:
        """A request begins with what has come of it."""
        self.unread(received)
        self.patience = float(BODY_SECONDS)

    def chunk(self, size_hint: int | None = None) -> bytes:
        """What comes next. Only waiting counts, and not what is done with it; who was fast saves
        nothing up."""
        begun = time.monotonic()
        try:
            came: bytes = super().chunk(size_hint)
        except BlockingIOError:
            raise TimeoutError(errno.ETIMEDOUT, "nothing of a body came") from None
        waited, earned = time.monotonic() - begun, len(came) / SLOWEST
        self.patience = min(self.patience - waited + earned, BODY_SECONDS)
        if self.patience < 0:
            raise TimeoutError(errno.ETIMEDOUT, "a body comes too slowly")
        return came


class Share:
    """The threads of one kind: how many of them, and how many of one source, are at work."""

    def __init__(self, threads: int, of_one_source: int) -> None:
        self.pool = ThreadPoolExecutor(threads)
        self.threads, self.of_one_source = threads, of_one_source
        self.at_work: Counter[str] = Counter()
        self.waiting: list[Connection] = []

    def next(self) -> Connection | None:
        """The first of those whose source has least at work; None where nobody may go on."""
        if self.at_work.total() >= self.threads:
            return None
        may = [each for each in self.waiting if self.at_work[each.source] < self.of_one_source]
        if not may:
            return None
        found = min(may, key=lambda each: self.at_work[each.source])
        self.waiting.remove(found)
        return found


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, behind a loop that reads for them.

    secure: TLS on its first address; where it has a second one, that stays without.
    """

    secure: Secure | None = None

    def init_process(self) -> None:
        from django.conf import settings

        threads = self.cfg.threads
        # One thread is left to others; behind a proxy everybody is one source.
        direct = not settings.MARFA.origin
        share = max(threads - 1, 1) if direct else threads
        self.most_of_one_source = MOST_OF_ONE_SOURCE if direct else MOST
        self.pages, self.streams = Share(threads, share), Share(threads, share)
        self.present: list[Connection] = []
        super().init_process()

    def get_thread_pool(self) -> ThreadPoolExecutor:
        return self.pages.pool

    def run(self) -> None:
        super().run()
        self.streams.pool.shutdown(wait=False)

    # Coming

    def accept(self, listener: socket.socket) -> None:
        """Take a connection; where there is no room, the oldest of who has most gives way."""
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._make_room(self.present)
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        secure = self.secure if listener is self.sockets[0] else None
        conn = Connection(self.cfg, sock, client, listener.getsockname(), secure)
        has_room = self._has_room_for(conn.source)
        self.nr_conns += 1
        self.present.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive, conn))
        if not has_room:
            self._answer_and_leave(conn, HTTPStatus.SERVICE_UNAVAILABLE)

    def _has_room_for(self, source: str) -> bool:
        """Whether one more connection can be had, after another gave way where that must be."""
        own = [each for each in self.present if each.source == source]
        if len(own) >= self.most_of_one_source:
            return self._make_room(own)
        if len(self.present) >= MOST:
            most, _count = Counter(each.source for each in self.present).most_common(1)[0]
            return self._make_room(each for each in self.present if each.source == most)
        return True

    def _make_room(self, among: Iterable[Connection]) -> bool:
        """Close the oldest of those that do least; False where all of them are at work."""
        waits = [each for each in among if each.state in GIVES_WAY]
        if not waits:
            return False
        # They stand in the order in which they came, and the first of equals is taken.
        self._close(min(waits, key=lambda each: GIVES_WAY[each.state]))
        return True

    # Reading

    def _receive(self, conn: Connection, sock: socket.socket) -> None:
        """Something came, or somebody went."""
        if conn not in self.present:
            return  # It gave way a moment ago.
        try:
            came = conn.receive()
        except BlockingIOError:
            return
        except OSError:
            came = b""
        if not came:
            self._close(conn)
        elif conn.state is State.LEAVING:
            conn.drained += len(came)
            if conn.drained > LEAVING_BYTES:
                self._close(conn)
        else:
            conn.received += came
            self._look_at(conn)

    def _look_at(self, conn: Connection) -> None:
        """Whether what has come of a request is enough to answer it."""
        if conn.head is None:
            self._look_at_head(conn)
        if conn.state is State.BODY and conn.is_whole:
            self._be_ready(conn, self.pages)

    def _look_at_head(self, conn: Connection) -> None:
        end = conn.received.find(HEAD_END)
        if end < 0:
            if conn.state is State.QUIET and conn.received:
                conn.state = State.HEAD
                conn.deadline = max(conn.deadline, time.monotonic() + HEAD_SECONDS)
            if len(conn.received) > LONGEST_HEAD:
                self._answer_and_leave(conn, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        conn.head = end + len(HEAD_END)
        conn.length = held_length(bytes(conn.received[:end]))
        if conn.streams:
            self._be_ready(conn, self.streams)
            return
        conn.state = State.BODY
        conn.deadline = time.monotonic() + BODY_SECONDS + (conn.length or 0) / SLOWEST

    # Answering

    def enqueue_req(self, conn: Connection) -> None:
        """Never called: requests come to threads through ``_be_ready`` alone."""
        raise AssertionError

    def _be_ready(self, conn: Connection, share: Share) -> None:
        """Nothing more is read before a thread has it."""
        conn.state = State.READY
        conn.deadline = float("inf")
        self.poller.unregister(conn.sock)
        share.waiting.append(conn)
        self._hand_out(share)

    def _hand_out(self, share: Share) -> None:
        while (conn := share.next()) is not None:
            conn.state = State.WORKING
            share.at_work[conn.source] += 1
            try:
                conn.hand_over()
            except OSError:
                share.at_work[conn.source] -= 1
                self._close(conn)
                continue
            future = share.pool.submit(self.handle, conn)
            future.add_done_callback(partial(self.method_queue.defer, self._answered, conn, share))

    def _answered(self, conn: Connection, share: Share, done: Future[Any]) -> None:
        """A thread has done with a request: the connection waits for the next, or goes."""
        share.at_work[conn.source] -= 1
        try:
            goes_on = bool(done.result())
        except Exception:
            goes_on = False
        try:
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive, conn))
        except (OSError, ValueError):
            self._close(conn)
        else:
            if goes_on:
                conn.begin_again(self.cfg.keepalive)
                self._look_at(conn)
            else:
                self._leave(conn)
        self._hand_out(share)

    # Going

    def murder_pending(self) -> None:
        """Close what is too slow; gunicorn asks for it about every second."""
        if self.secure is not None:
            self.secure.refresh()
        now = time.monotonic()
        for conn in list(self.present):
            if not self.alive and conn.state is State.QUIET:
                conn.deadline = min(conn.deadline, now + LEAVING_SECONDS)
            if conn.deadline > now:
                continue
            if conn.state in (State.HEAD, State.BODY):
                self._answer_and_leave(conn, HTTPStatus.REQUEST_TIMEOUT)
            else:
                self._close(conn)

    def _answer_and_leave(self, conn: Connection, status: HTTPStatus) -> None:
        with contextlib.suppress(OSError):
            conn.sock.send(bare_answer(status))
        self._leave(conn)

    def _leave(self, conn: Connection) -> None:
        """Say that nothing more comes, and listen a moment, without a thread waiting for it."""
        try:
            conn.end_sending()
        except OSError:
            self._close(conn)
            return
        conn.state = State.LEAVING
        conn.deadline = time.monotonic() + LEAVING_SECONDS

    def _close(self, conn: Connection) -> None:
        with contextlib.suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)
        for share in (self.pages, self.streams):
            with contextlib.suppress(ValueError):
                share.waiting.remove(conn)
        self.present.remove(conn)
        self.nr_conns -= 1
        conn.close()


def held_length(head: bytes) -> int | None:
    """How many bytes of body follow a head; None where a thread is to read them as they come.

    It decides who reads and when, not what a request is: whatever is said twice, in pieces or
    badly is left to the server's own parser.
    """
    lengths = []
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        match name.strip().lower():
            case b"content-length":
                lengths.append(value.strip())
            case b"transfer-encoding" | b"expect":
                return None
    if not lengths:
        return 0
    if len(lengths) > 1 or not lengths[0].isdigit():
        return None
    length = int(lengths[0][:20])
    return length if length <= LARGEST_HELD else None


def bare_answer(status: HTTPStatus) -> bytes:
    """An answer to who never came to ask; the sentence is the protocol's own."""
    text = f"{status.value} {status.phrase}\n".encode("ascii")
    headers = {
        "Content-Type": "text/plain",
        "Content-Length": str(len(text)),
        "Connection": "close",
        "Cache-Control": "no-store",
        **STANDING,
    }
    lines = [f"HTTP/1.1 {status.value} {status.phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + text

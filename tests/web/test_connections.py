"""Whoever is slow waits, and keeps nobody else waiting."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator

import pytest

from marfa.crypto.local_authority import certify_server, make_authority
from marfa.platform import clock
from marfa.web.connections import LARGEST_HELD, MOST_OF_ONE_SOURCE, held_length
from tests.support.bare_server import STOCK, bare_server

LONG = 60
"""What is waited for is waited for long."""
GET = b"GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"
BEGUN = b"POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc"
LARGE = b"POST /file HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\nabc"


SECURE: dict[int, ssl.SSLContext] = {}
"""How to speak with those servers that speak TLS, by port."""


@pytest.fixture(scope="module", params=["clear", "TLS"])
def port(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    if request.param == "clear":
        with bare_server() as port:
            yield port
        return
    authority = make_authority("localhost", [], clock.now())
    file = tmp_path_factory.mktemp("certificate") / "own.pem"
    file.write_bytes(certify_server(authority, "localhost", [], clock.now()).pem)
    with bare_server(secure=str(file)) as port:
        SECURE[port] = ssl.create_default_context(cadata=authority.certificate.decode())
        yield port


@contextlib.contextmanager
def connected(
    port: int, source: str = "127.0.0.1", patience: float = LONG, clear: bool = False
) -> Iterator[socket.socket]:
    with socket.create_connection(
        ("127.0.0.1", port), timeout=patience, source_address=(source, 0)
    ) as there:
        if port in SECURE and not clear:
            with SECURE[port].wrap_socket(there, server_hostname="localhost") as secure:
                yield secure
        else:
            yield there


def read_answer(there: socket.socket) -> bytes:
    """Head and body of one answer; what came before the other side closed."""
    came = b""
    while b"\r\n\r\n" not in came and (piece := there.recv(65536)):
        came += piece
    head, _, body = came.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length and (piece := there.recv(65536)):
        body += piece
    return head.partition(b"\r\n")[0] + b" " + body


def asked(
    port: int, request: bytes = GET, source: str = "127.0.0.1", patience: float = LONG
) -> bytes:
    with connected(port, source, patience) as there:
        there.sendall(request)
        return read_answer(there)


def begun(
    port: int, request: bytes, count: int, stack: contextlib.ExitStack
) -> list[socket.socket]:
    """So many connections that sent something and go no further."""
    made = [stack.enter_context(connected(port)) for _ in range(count)]
    for there in made:
        there.sendall(request)
    return made


def is_closed(there: socket.socket) -> bool:
    """Whether the other side ends it, without waiting longer than one waits for anything."""
    try:
        return there.recv(10) == b""
    except TimeoutError:
        return False
    except OSError:
        # Under TLS a connection that ends in the middle is reset.
        return True


def post(body: bytes, more: bytes = b"") -> bytes:
    length = str(len(body)).encode()
    return b"POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: %b\r\n%b\r\n%b" % (
        length,
        more,
        body,
    )


def test_a_page_and_a_form_of_every_size(port: int) -> None:
    assert asked(port) == b"HTTP/1.1 200 OK /page 0"
    for size in (1, 1000, LARGEST_HELD, LARGEST_HELD + 1, 3_000_000):
        found = asked(port, post(b"x" * size))
        assert found == b"HTTP/1.1 200 OK /form %d" % size


def test_what_comes_in_single_bytes(port: int) -> None:
    with connected(port) as there:
        for byte in post(b"hello"):
            there.sendall(bytes([byte]))
        assert read_answer(there) == b"HTTP/1.1 200 OK /form 5"


def test_several_requests_on_one_connection(port: int) -> None:
    with connected(port) as there:
        for size in (0, 10, LARGEST_HELD + 10, 20):
            there.sendall(post(b"x" * size))
            assert read_answer(there) == b"HTTP/1.1 200 OK /form %d" % size


def test_a_request_sent_before_the_last_was_answered(port: int) -> None:
    with connected(port) as there:
        there.sendall(post(b"abc") + GET[:10])
        assert read_answer(there) == b"HTTP/1.1 200 OK /form 3"
        there.sendall(GET[10:])
        assert read_answer(there) == b"HTTP/1.1 200 OK /page 0"


def test_a_body_in_chunks(port: int) -> None:
    head = b"POST /form HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert asked(port, head + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n") == b"HTTP/1.1 200 OK /form 5"


def test_who_asks_first_is_told_to_go_on(port: int) -> None:
    request = post(b"abc", b"Expect: 100-continue\r\n")
    with connected(port) as there:
        there.sendall(request[:-3])
        assert there.recv(100).startswith(b"HTTP/1.1 100 ")
        there.sendall(request[-3:])
        assert read_answer(there) == b"HTTP/1.1 200 OK /form 3"


def test_a_head_without_end_is_refused(port: int) -> None:
    request = b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * 70_000
    with connected(port) as there, contextlib.suppress(ConnectionError):
        there.sendall(request)
        assert b"431" in read_answer(there)


@pytest.mark.parametrize("request_begun", [b"GET / HT", BEGUN, LARGE])
def test_unfinished_requests_keep_nobody_waiting(port: int, request_begun: bytes) -> None:
    """Far more than there are threads; the page comes before any deadline has passed."""
    with contextlib.ExitStack() as stack:
        begun(port, request_begun, 50, stack)
        for source in ("127.0.0.2", "127.0.0.1"):
            assert asked(port, source=source, patience=15) == b"HTTP/1.1 200 OK /page 0"


def test_a_handshake_that_is_not_ended_keeps_nobody_waiting(port: int) -> None:
    """The first bytes of a handshake, or nothing, of far more than there are threads."""
    with contextlib.ExitStack() as stack:
        for number in range(50):
            there = stack.enter_context(connected(port, clear=True))
            there.sendall(b"\x16\x03\x01"[: number % 4])
        for source in ("127.0.0.2", "127.0.0.1"):
            assert asked(port, source=source, patience=15) == b"HTTP/1.1 200 OK /page 0"


def test_gunicorns_own_worker_would_let_them_wait() -> None:
    """The control: with it the page of another source does not come while they are there."""
    with bare_server(STOCK) as port:
        assert asked(port) == b"HTTP/1.1 200 OK /page 0"
        with contextlib.ExitStack() as stack:
            begun(port, BEGUN, 8, stack)
            time.sleep(0.5)
            with pytest.raises(TimeoutError):
                asked(port, source="127.0.0.2", patience=2)


def test_the_oldest_of_one_source_gives_way(port: int) -> None:
    with contextlib.ExitStack() as stack:
        other = stack.enter_context(connected(port, "127.0.0.3"))
        other.sendall(GET[:20])
        made = begun(port, b"GET / HT", MOST_OF_ONE_SOURCE + 5, stack)
        assert asked(port) == b"HTTP/1.1 200 OK /page 0"
        # Five, and one for the page that was asked; of another source none.
        assert [is_closed(there) for there in made[:6]] == [True] * 6
        made[-1].sendall(b"TP/1.1\r\nHost: localhost\r\n\r\n")
        assert read_answer(made[-1]) == b"HTTP/1.1 200 OK / 0"
        other.sendall(GET[20:])
        assert read_answer(other) == b"HTTP/1.1 200 OK /page 0"


def test_what_stays_unfinished_is_told_so_and_closed() -> None:
    with bare_server(HEAD_SECONDS=1, BODY_SECONDS=1) as port, contextlib.ExitStack() as stack:
        quiet = stack.enter_context(connected(port))
        [head] = begun(port, b"GET / HT", 1, stack)
        [body] = begun(port, post(b"x" * 10)[:-5], 1, stack)
        [large] = begun(port, LARGE, 1, stack)
        assert quiet.recv(10) == b"", "who said nothing is told nothing"
        assert read_answer(head).startswith(b"HTTP/1.1 408 ")
        assert read_answer(body).startswith(b"HTTP/1.1 408 ")
        assert read_answer(large).startswith(b"HTTP/1.1 400 ")


def test_who_trickles_is_not_waited_for() -> None:
    """Some bytes within each silence that would be too long, but too few of them."""
    with bare_server(BODY_SECONDS=1, SLOWEST=1000) as port, connected(port) as there:
        there.sendall(LARGE)
        there.settimeout(0.2)
        for _ in range(300):
            with contextlib.suppress(TimeoutError):
                assert read_answer(there).startswith(b"HTTP/1.1 400 ")
                return
            there.sendall(b"x")
        pytest.fail("it was waited for")


def test_who_does_not_read_the_answer_is_not_waited_for() -> None:
    """Files are asked for and not read, as many as one source has threads; its next page comes."""
    with bare_server(BODY_SECONDS=1) as port, contextlib.ExitStack() as stack:
        made = begun(port, GET.replace(b"page", b"large"), 3, stack)
        assert [there.recv(9) for there in made] == [b"HTTP/1.1 "] * 3
        assert asked(port, source="127.0.0.2") == b"HTTP/1.1 200 OK /page 0"
        assert asked(port) == b"HTTP/1.1 200 OK /page 0"


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (b"GET / HTTP/1.1\r\nHost: a", 0),
        (b"POST / HTTP/1.1\r\ncontent-LENGTH:  12 ", 12),
        (b"POST / HTTP/1.1\r\nContent-Length: %d" % LARGEST_HELD, LARGEST_HELD),
        (b"POST / HTTP/1.1\r\nContent-Length: %d" % (LARGEST_HELD + 1), None),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1", None),
        (b"POST / HTTP/1.1\r\nContent-Length: -1", None),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000, None),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3", None),
        (b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3", None),
    ],
)
def test_what_is_held_and_what_is_read_as_it_comes(head: bytes, length: int | None) -> None:
    assert held_length(head) == length

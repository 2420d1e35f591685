"""One machine that begins requests and never ends them, against a server that runs."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Iterator

import pytest

from tests.attack.visitor import Visitor
from tests.support.installation import serving
from tests.support.shared_copies import Once

UNFINISHED = {
    "20 forms": (20, "POST /sign-in/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 900\r\n\r\nname="),
    "20 files": (20, "POST /files/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 90000000\r\n\r\nPK"),
    "200 heads": (200, "GET /sign-in/ HTTP/1.1\r\nHost: {host}\r\nAccept"),
    "200 forms": (200, "POST /sign-in/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 900\r\n\r\nn"),
}
PATIENCE = 15
"""Seconds for a page: less than any deadline, so that it came while they were all there."""


@pytest.fixture(scope="module")
def origin(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = once.installation(tmp_path_factory.mktemp("slow") / "data")
    with serving("serve", place) as served:
        origin = served.origin.replace("localhost", "127.0.0.1")
        Visitor(origin).get("/sign-in/")
        yield origin


@pytest.mark.parametrize("what", UNFINISHED)
def test_others_are_served_meanwhile(
    origin: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    count, request = UNFINISHED[what]
    port = int(origin.rpartition(":")[2])
    sent = request.format(host=f"127.0.0.1:{port}").encode()
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            there = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            there.sendall(sent)
        for path in ("/health/", "/sign-in/"):
            begun = time.monotonic()
            answer = Visitor(origin, "127.0.0.2", PATIENCE).get(path)
            seconds = time.monotonic() - begun
            assert answer.status == 200
            told = f"\n{what} unfinished from one source: {path} of another in {seconds:.2f} s"
            with capsys.disabled():
                sys.stdout.write(told)
        assert Visitor(origin, "127.0.0.1", PATIENCE).get("/health/").status == 200

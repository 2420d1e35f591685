"""Two processes of one installation, and others who would like to listen or to answer."""

from __future__ import annotations

import json
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from marfa.crypto.keys import Key
from marfa.platform import localsocket
from marfa.platform.localsocket import (
    LARGEST,
    LENGTH,
    NotOursError,
    accept_connection,
    connect_to,
    listen_at,
)

KEY = Key.random()
SECONDS = 60.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.socket"


@pytest.fixture
def listening(path: Path) -> Iterator[socket.socket]:
    found = listen_at(path)
    yield found
    found.close()


def answering(listening: socket.socket, say: Callable[[socket.socket], object]) -> list[Any]:
    """Serve one connection in a thread; what came of it, or the error."""
    came: list[Any] = []

    def serve() -> None:
        try:
            with accept_connection(listening, KEY, SECONDS) as connection:
                came.append(say(connection))
        except OSError as error:
            came.append(error)

    threading.Thread(target=serve, daemon=True).start()
    return came


def echo(connection: socket.socket) -> object:
    message = localsocket.receive_message(connection)
    localsocket.send_message(connection, message)
    return message


def test_a_message_comes_back_whole(path: Path, listening: socket.socket) -> None:
    answering(listening, echo)
    with connect_to(path, KEY, SECONDS) as connection:
        said = {"text": "فاطمة حداد", "numbers": list(range(20_000))}
        localsocket.send_message(connection, said)
        assert localsocket.receive_message(connection) == said


def test_the_socket_is_its_owners_alone(path: Path, listening: socket.socket) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_who_has_another_key_is_told_nothing(path: Path, listening: socket.socket) -> None:
    came = answering(listening, echo)
    with pytest.raises(NotOursError):
        connect_to(path, Key.random(), SECONDS)
    assert not any(isinstance(each, dict) for each in came)


def test_a_proof_that_is_sent_back_is_none(path: Path, listening: socket.socket) -> None:
    """Whoever answers with what was said to them has shown no key."""

    def mirror() -> None:
        connection, _address = listening.accept()
        with connection:
            for _ in range(2):
                connection.sendall(connection.recv(32))

    threading.Thread(target=mirror, daemon=True).start()
    with pytest.raises(NotOursError):
        connect_to(path, KEY, SECONDS)


def test_another_user_is_refused(
    path: Path, listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 65_534)
    with pytest.raises(NotOursError):
        connect_to(path, KEY, SECONDS)


@pytest.mark.parametrize("sent", [LENGTH.pack(LARGEST + 1), LENGTH.pack(3) + b"{{{"])
def test_what_is_no_message_is_refused(path: Path, listening: socket.socket, sent: bytes) -> None:
    answering(listening, lambda connection: connection.sendall(sent))
    with connect_to(path, KEY, SECONDS) as connection, pytest.raises(NotOursError):
        localsocket.receive_message(connection)


def test_too_large_a_message_is_not_sent(path: Path, listening: socket.socket) -> None:
    answering(listening, echo)
    with connect_to(path, KEY, SECONDS) as connection, pytest.raises(ValueError, match="too large"):
        localsocket.send_message(connection, "x" * LARGEST)


def test_nobody_waits_for_one_who_is_silent(path: Path, listening: socket.socket) -> None:
    with pytest.raises(OSError, match="timed out"):
        connect_to(path, KEY, 0.1)


def test_whoever_sees_the_socket_may_connect(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not there before it listens: who waits for it to be there is not refused."""
    seen: list[bool] = []
    begin = socket.socket.listen

    def watched(self: socket.socket, backlog: int) -> None:
        seen.append(path.exists())
        begin(self, backlog)

    monkeypatch.setattr(socket.socket, "listen", watched)
    with listen_at(path) as listening:
        answering(listening, echo)
        with connect_to(path, KEY, SECONDS) as connection:
            localsocket.send_message(connection, 1)
            assert localsocket.receive_message(connection) == 1
    assert seen == [False]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_what_a_killed_process_left_is_taken_over(path: Path) -> None:
    listen_at(path).close()
    with listen_at(path) as listening:
        answering(listening, echo)
        with connect_to(path, KEY, SECONDS) as connection:
            localsocket.send_message(connection, 1)
            assert localsocket.receive_message(connection) == 1


def test_a_file_is_not_taken_for_a_socket(path: Path) -> None:
    path.write_text(json.dumps("kept"))
    with pytest.raises(FileExistsError):
        listen_at(path)
    assert path.read_text() == '"kept"'


def test_a_folder_may_lie_deep(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 100) / ("y" * 100)
    folder.mkdir(parents=True)
    with listen_at(folder / "a.socket") as listening:
        answering(listening, echo)
        with connect_to(folder / "a.socket", KEY, SECONDS) as connection:
            localsocket.send_message(connection, "here")
            assert localsocket.receive_message(connection) == "here"

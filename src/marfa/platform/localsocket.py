"""Two processes of one installation talk over a socket in its folder.

Four things keep others out: the mode of the socket (0600), the user whom the kernel names on the
other side (SO_PEERCRED), a key that both prove to have before either says anything, and a bound on
size and time. A message is JSON, its length in four bytes before it.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import stat
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from marfa.crypto.keys import Key
from marfa.crypto.macs import compute_mac, mac_fits

LENGTH = struct.Struct(">I")
PEER = struct.Struct("3i")
PROOF_BYTES = 32
LARGEST = 1 << 20
"""Bytes of the largest message."""
BACKLOG = 32


class NotOursError(ConnectionError):
    """The other side is another user, does not have the key, or sends what is no message."""


def listen_at(path: Path) -> socket.socket:
    """A socket that listens at a path, in the place of one that was left there.

    It is made beside its place and moved there when it listens: whoever sees it may connect.
    Raises OSError where that cannot be, FileExistsError where something else lies there.
    """
    beside = path.with_name(f"new.{path.name}")
    with _reachable(beside) as address:
        _take_away(path)
        _take_away(beside)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # The mode is there from the beginning: what is bound takes it from the socket itself.
        os.fchmod(listening.fileno(), 0o600)
        try:
            listening.bind(address)
            beside.chmod(0o600)
            listening.listen(BACKLOG)
            beside.rename(path)
        except OSError:
            listening.close()
            beside.unlink(missing_ok=True)
            raise
    return listening


def accept_connection(listening: socket.socket, key: Key, seconds: float) -> socket.socket:
    """The next connection of a process of ours; raises NotOursError, OSError."""
    connection, _address = listening.accept()
    try:
        admit_connection(connection, key, seconds)
    except BaseException:
        connection.close()
        raise
    return connection


def admit_connection(connection: socket.socket, key: Key, seconds: float) -> None:
    """Ask who it is that connected; raises NotOursError, OSError.

    seconds: for which each step may wait, now and later.
    """
    connection.settimeout(seconds)
    _check_user(connection)
    _prove(connection, key, ours=b"server", theirs=b"client")


def connect_to(path: Path, key: Key, seconds: float) -> socket.socket:
    """A connection to the process that listens at a path; raises NotOursError, OSError.

    seconds: for which each step may wait.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        with _reachable(path) as address:
            connection.connect(address)
        _check_user(connection)
        _prove(connection, key, ours=b"client", theirs=b"server")
    except BaseException:
        connection.close()
        raise
    return connection


def send_message(connection: socket.socket, message: object) -> None:
    """Send one message; raises ValueError for one that is too large, OSError."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > LARGEST:
        raise ValueError("too large a message")
    connection.sendall(LENGTH.pack(len(body)) + body)


def receive_message(connection: socket.socket) -> Any:
    """The next message; raises NotOursError for what is none, OSError."""
    (length,) = LENGTH.unpack(_read(connection, LENGTH.size))
    if length > LARGEST:
        raise NotOursError("too large a message")
    try:
        return json.loads(_read(connection, length))
    except ValueError:
        raise NotOursError("not a message") from None


def _read(connection: socket.socket, count: int) -> bytes:
    parts: list[bytes] = []
    while count:
        part = connection.recv(count)
        if not part:
            raise NotOursError("the other side has gone")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _check_user(connection: socket.socket) -> None:
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size)
    _process, user, _group = PEER.unpack(data)
    if user != os.geteuid():
        raise NotOursError("another user")


def _prove(connection: socket.socket, key: Key, *, ours: bytes, theirs: bytes) -> None:
    """Both show that they have the key: a MAC over what the other side drew, and over its own.

    The words keep a proof from being sent back to whoever made it.
    """
    drawn = secrets.token_bytes(PROOF_BYTES)
    connection.sendall(drawn)
    other = _read(connection, PROOF_BYTES)
    connection.sendall(compute_mac(key, ours + other + drawn))
    if not mac_fits(key, theirs + drawn + other, _read(connection, PROOF_BYTES)):
        raise NotOursError("another key")


def _take_away(path: Path) -> None:
    """Take the socket away that a process left which did not end well."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise FileExistsError(path)
    path.unlink()


@contextlib.contextmanager
def _reachable(path: Path) -> Iterator[str]:
    """An address that fits: the kernel takes 107 bytes, and folders lie deeper than that."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)

"""A key folder: keys, the book, and room for what is not whole yet.

One command at a time works with a folder, and whoever begins clears what a killed one left. A file
or folder gets its name by one rename, after the book says that it is about to; whether the rename
came about is seen by what is left in the room.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from marfa.crypto.passphrases import Cost
from marfa.methods.packages.book import Book, BookFile, Entry, Received, Sent
from marfa.methods.packages.keys import (
    COST,
    OwnKeys,
    PublicKeys,
    new_key_folder_text,
    read_key_folder,
    relocked_folder_text,
    rotated_folder_text,
    unlock_key_folder,
)
from marfa.methods.packages.refusals import Refusal, RefusedError

KEYS, BOOK, LOCK, ROOM = "keys.json", "book", "lock", "room"
PART, WHERE, READY = ".part", ".where", "ready"


@dataclass(frozen=True)
class KeyFolder:
    """A folder that is opened and held: nobody else works with it meanwhile."""

    path: Path
    own: OwnKeys
    file: BookFile

    @property
    def book(self) -> Book:
        return self.file.book

    @contextlib.contextmanager
    def room_for(self, target: Path) -> Iterator[Path]:
        """A name for what will be renamed to ``target``: in the folder, where one rename reaches,
        else beside the target, with a note of where. Whatever is left there at the end goes."""
        token = secrets.token_hex(8)
        room = self.path / ROOM
        part = room / f"{token}{PART}"
        where = room / f"{token}{WHERE}"
        near = _nearest(target.absolute().parent)
        if room.stat().st_dev != near.stat().st_dev:
            part = near / f".{token}{PART}"
            write_new(where, str(part).encode("utf-8", "surrogateescape"))
        try:
            yield part
        finally:
            self.settle()
            remove(part)
            where.unlink(missing_ok=True)

    def write_down(self, entry: Entry) -> None:
        self.file.add(entry)

    def part_text(self, part: Path) -> str:
        """How the book says where something lies: the folder itself may be carried elsewhere."""
        return str(part.relative_to(self.path) if part.is_relative_to(self.path) else part)

    def place(self, ready: Path, target: Path) -> None:
        """The rename by which something made or opened appears; ``settle`` writes it down.
        Raises OSError where something has the name already."""
        if not ready.is_dir() and os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        target.parent.mkdir(parents=True, exist_ok=True)
        ready.rename(target)
        sync_folder(target.parent)

    def settle(self) -> None:
        """Write down what became of everything that was begun: what lies where it was made ready
        never got its name. To be called before anything is cleared."""
        for package in sorted(self.book.begun):
            row: Sent | Received = self.book.sent.get(package) or self.book.received[package]
            left = os.path.lexists(self.path / row.part)
            what = "dropped" if left else "placed"
            # A "placed" that is lost is found out again; a "dropped" would not be.
            self.file.add({"what": what, "id": row.id}, durable=left)


def make_key_folder(
    path: Path, *, name: str, kind: str, passphrase: str, now: datetime, cost: Cost = COST
) -> PublicKeys:
    """A new folder, readable by its owner alone, there whole or not at all. Raises RefusedError
    (there) where something has the name; ValueError for what is no name or kind."""
    if os.path.lexists(path):
        raise RefusedError(Refusal.THERE)
    text, public = new_key_folder_text(
        name=name, kind=kind, passphrase=passphrase, now=now, cost=cost
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.parent / f".{secrets.token_hex(8)}{PART}"
    try:
        part.mkdir(0o700)
        (part / ROOM).mkdir(0o700)
        write_new(part / LOCK, b"")
        write_new(part / BOOK, b"")
        write_new(part / KEYS, text.encode())
        sync_folder(part)
        part.rename(path)
    finally:
        remove(part)
    sync_folder(path.parent)
    return public


def public_keys_of(path: Path) -> PublicKeys:
    """What is public of a folder, not proved. Raises RefusedError (keys)."""
    return read_key_folder(_keys_text(path))


def book_of(path: Path) -> Book:
    """What a folder remembers, not proved, and without holding the folder."""
    public_keys_of(path)
    file = BookFile(path / BOOK, None)
    file.read()
    return file.book


@contextlib.contextmanager
def open_key_folder(path: Path, passphrase: str) -> Iterator[KeyFolder]:
    """Hold a folder and work with it. Raises RefusedError: passphrase, keys."""
    path = path.absolute()
    text = _keys_text(path)
    own = unlock_key_folder(text, passphrase)
    with _held(path):
        if _keys_text(path) != text:
            own = unlock_key_folder(_keys_text(path), passphrase)
        file = BookFile(path / BOOK, own.book)
        file.read()
        folder = KeyFolder(path, own, file)
        _recover(folder)
        yield folder


def rotate_keys(path: Path, passphrase: str, now: datetime) -> PublicKeys:
    """New keys, handed over by those in use. Raises RefusedError: passphrase, keys."""
    with _held(path):
        text, public = rotated_folder_text(_keys_text(path), passphrase, now)
        _replace_keys(path, text)
    return public


def change_passphrase(path: Path, passphrase: str, fresh: str, *, cost: Cost = COST) -> None:
    """Put a folder under another passphrase. Raises RefusedError: passphrase, keys."""
    with _held(path):
        _replace_keys(path, relocked_folder_text(_keys_text(path), passphrase, fresh, cost=cost))


def sync_folder(path: Path) -> None:
    """What was renamed into a folder is there after a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """A file or a folder with all in it, if it is there; a link itself and never what it shows."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _keys_text(path: Path) -> str:
    try:
        return (path / KEYS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise RefusedError(Refusal.KEYS, "none") from None


def _replace_keys(path: Path, text: str) -> None:
    part = path / f".{secrets.token_hex(8)}{PART}"
    try:
        write_new(part, text.encode())
        part.rename(path / KEYS)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path)


@contextlib.contextmanager
def _held(path: Path) -> Iterator[None]:
    descriptor = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _recover(folder: KeyFolder) -> None:
    """Finish or drop what a killed command had begun, and clear the room."""
    folder.settle()
    room = folder.path / ROOM
    room.mkdir(0o700, exist_ok=True)
    for left in list(room.iterdir()):
        if left.suffix == WHERE:
            _clear_elsewhere(left)
        remove(left)


def _nearest(path: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    return next(each for each in (path, *path.parents) if each.is_dir())


def _clear_elsewhere(note: Path) -> None:
    """Remove what a note says was left beside a target: only what has the name that was made up."""
    part = Path(note.read_bytes().decode("utf-8", "surrogateescape"))
    if part.name == f".{note.stem}{PART}":
        remove(part)


def write_new(path: Path, data: bytes) -> None:
    """A new file that its owner alone reads, on the disk. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())

"""Writing that a power cut or a kill leaves whole: bytes on the disk before their name is.

A name is on the disk when its folder was synced. Whole trees of small files are synced at once with
``syncfs`` (Linux), which costs as much as one file.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BUFFER = 1 << 18
"""A quarter of a mebibyte stays in the cache of a core between read, digest and write: measured,
writing takes a third of what it takes with a mebibyte."""
MANY = 16
"""From so many files on, the file system is synced once instead of each file."""

OWNER_ONLY, READABLE = 0o600, 0o640


@dataclass(frozen=True)
class Digests:
    """What one read of some bytes gives; digests in hexadecimal."""

    size: int
    sha512: str
    sha256: str


def write_file(path: Path, data: bytes, *, mode: int = READABLE, sync: bool = True) -> None:
    """A new file; raises FileExistsError where there is one."""
    with new_file(path, mode) as target:
        write_whole(target, data)
        if sync:
            os.fsync(target)


@contextmanager
def new_file(path: Path, mode: int = READABLE) -> Iterator[int]:
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        yield target
    finally:
        os.close(target)


def replace_file(
    path: Path, data: bytes, *, beside: Path, mode: int = READABLE, sync: bool = True
) -> None:
    """The file with this content, or as it was before: never a part of it. beside: where it is
    made, on the same file system."""
    beside.unlink(missing_ok=True)
    write_file(beside, data, mode=mode, sync=sync)
    os.replace(beside, path)
    if sync:
        sync_folder(path.parent)


def write_whole(target: int, data: bytes | memoryview) -> None:
    """All bytes: one call writes less where a signal comes or the disk is nearly full."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(target, rest) :]


def copy_with_digests(
    source: int, target: int, look: Callable[[bytearray, int], None] | None = None
) -> Digests:
    """Copy from one descriptor to another; both digests come of the one read.

    look: sees each piece too, as the first so many bytes of a buffer.
    """
    sha512, sha256, size = hashlib.sha512(), hashlib.sha256(), 0
    data = bytearray(BUFFER)
    buffer = memoryview(data)
    while got := os.readv(source, [buffer]):
        part = buffer[:got]
        if look is not None:
            look(data, got)
        write_whole(target, part)
        sha512.update(part)
        sha256.update(part)
        size += got
    return Digests(size, sha512.hexdigest(), sha256.hexdigest())


def digests_of(data: bytes) -> Digests:
    return Digests(len(data), hashlib.sha512(data).hexdigest(), hashlib.sha256(data).hexdigest())


def digest_of_file(path: str | Path, algorithm: str) -> tuple[str, int]:
    """The digest in hexadecimal and how many bytes; links are not followed (OSError).

    A small file is read in one call, which is half of the work with many of them.
    """
    source = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = os.fstat(source)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a file", str(path))
        digest = hashlib.new(algorithm, usedforsecurity=False)
        if found.st_size < BUFFER:
            data = os.read(source, BUFFER)
            digest.update(data)
            if len(data) < BUFFER and len(data) >= found.st_size:
                return digest.hexdigest(), len(data)
            size = len(data)
        else:
            size = 0
        buffer = memoryview(bytearray(BUFFER))
        while got := os.readv(source, [buffer]):
            digest.update(buffer[:got])
            size += got
        return digest.hexdigest(), size
    finally:
        os.close(source)


@contextmanager
def open_regular(path: Path, *, follow: bool = True) -> Iterator[int]:
    """A descriptor of a file that is one. Raises OSError for a folder, a device, a pipe."""
    source = os.open(
        path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    )
    try:
        if not stat.S_ISREG(os.fstat(source).st_mode):
            raise OSError(errno.EINVAL, "not a file", str(path))
        yield source
    finally:
        os.close(source)


def sync_folder(folder: Path) -> None:
    """The names in a folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """All files and folders below and including one."""
    found = [(root, names) for root, _folders, names in os.walk(folder)]
    if sum(len(names) for _root, names in found) >= MANY and sync_file_system(folder):
        return
    for root, names in reversed(found):
        for name in names:
            with open_regular(Path(root, name), follow=False) as handle:
                os.fsync(handle)
        sync_folder(Path(root))


def make_folders(folder: Path) -> set[Path]:
    """A folder with those above it. Returns in which folders a name is new: they want a sync."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=0o750, exist_ok=True)
    return {each.parent for each in missing}


def sync_folders(folders: Iterable[Path]) -> None:
    found = sorted(set(folders))
    if len(found) >= MANY and sync_file_system(found[0]):
        return
    for folder in found:
        sync_folder(folder)


def remove_tree(folder: Path) -> None:
    """A folder and all in it; a link is removed and not followed."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def sync_file_system(folder: Path) -> bool:
    """Write everything on the file system of a folder to the disk; False where there is no such
    call."""
    try:
        call = ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError):
        return False
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if call(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(handle)
    return True

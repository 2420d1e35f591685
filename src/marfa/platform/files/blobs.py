"""The blobs: encrypted content in the folder ``files``, under names that tell nothing.

A lock on the blob itself keeps two processes from writing to it. The system releases it when
a process dies, however it dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from marfa.crypto.stream import HEADER
from marfa.platform.files.errors import BusyError, LostError


def path_of(blob: str) -> Path:
    """Where a blob lies; two letters a folder, so that no folder grows beyond use."""
    folder: Path = settings.FOLDER.files
    return folder / blob[:2] / blob


def create_blob(blob: str) -> None:
    """An empty blob that survives a power cut."""
    path = path_of(blob)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        write_all(descriptor, memoryview(HEADER))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    for folder in (path.parent, path.parent.parent):
        _sync_folder(folder)


def remove_blobs(*blobs: str) -> None:
    """Remove blobs; one that is gone already is as it should be."""
    for blob in blobs:
        path_of(blob).unlink(missing_ok=True)


@contextlib.contextmanager
def lock_blob(blob: str) -> Iterator[int]:
    """The descriptor of a blob that nobody else writes to in the block.

    Raises BusyError when somebody does, LostError where there is no such blob.
    """
    try:
        descriptor = os.open(path_of(blob), os.O_RDWR)
    except FileNotFoundError:
        raise LostError from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError from None
        yield descriptor
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: memoryview) -> None:
    """Write all of it; the system may take less at a time."""
    while data:
        data = data[os.write(descriptor, data) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

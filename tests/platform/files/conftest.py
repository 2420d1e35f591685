"""A sender, and short ways to send."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User


@pytest.fixture
def sender(db: None) -> User:
    return create_user(username="sender", display_name="Sender")


@pytest.fixture(autouse=True)
def empty_folder() -> Iterator[Path]:
    """The folder of blobs, empty before and after."""
    folder: Path = settings.FOLDER.files
    for _ in range(2):
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        if _ == 0:
            yield folder


class Generated(io.RawIOBase):
    """Content that is never in memory as a whole: a head, then a pattern."""

    def __init__(self, size: int, head: bytes = b"", start: int = 0) -> None:
        super().__init__()
        self.size, self.head, self.at = size, head, start

    def read(self, size: int = -1) -> bytes:
        count = min(size, self.size - self.at)
        piece = pattern(self.at, count, self.head)
        self.at += count
        return piece


BLOCK = bytes(range(256)) * 256


def pattern(start: int, count: int, head: bytes = b"") -> bytes:
    front = head[start : start + count]
    start, count = start + len(front), count - len(front)
    offset = start % len(BLOCK)
    repeated = BLOCK * ((offset + count) // len(BLOCK) + 1)
    return front + repeated[offset : offset + count]

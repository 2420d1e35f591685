"""Digests of a file as it goes by: SHA-256, CRC-32, how it begins, and the tree over its lines."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator

from marfa.crypto.merkle import merkle_root
from marfa.methods.packages.media_types import HEAD, LINES
from marfa.methods.packages.refusals import Refusal, RefusedError

LONGEST_LINE = 8 * 1024 * 1024
"""Bytes of a row. What has a longer one is taken as no file of lines."""


class Digests:
    """Takes a file in pieces of any length."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self.size = self.crc = 0
        self.head = b""

    def take(self, piece: bytes | memoryview, *, crc: bool = True) -> None:
        """crc: whether the check sum is wanted; it takes a quarter of the time."""
        self._sha256.update(piece)
        if crc:
            self.crc = zlib.crc32(piece, self.crc)
        if len(self.head) < HEAD:
            self.head += bytes(piece[: HEAD - len(self.head)])
        self.size += len(piece)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()


def root_of_lines(blocks: Iterator[bytes]) -> str | None:
    """The root over the lines of a file, each without its LF; None where one is too long."""
    try:
        return merkle_root(_lines(blocks)).hex()
    except ValueError:
        return None


def check_root(blocks: Iterator[bytes], media_type: str, root: str | None) -> None:
    """Raises RefusedError (changed) for a root that is not the one of the lines."""
    if root is not None and (media_type not in LINES or root_of_lines(blocks) != root):
        raise RefusedError(Refusal.CHANGED, "root")


def _lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\n")
        yield from whole
        if len(rest) > LONGEST_LINE:
            raise ValueError("a row is too long")
    if rest:
        yield rest

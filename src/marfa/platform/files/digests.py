"""Digests of uploads under way: continued from request to request while this process lives.

A digest cannot be written down half-way, so after a restart the content is read once more when
the upload is complete. That costs time and never correctness.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from uuid import UUID

HIGHEST = 256


class RunningDigests:
    """SHA-256 of what came so far, by upload; the ones longest unused go first."""

    def __init__(self, highest: int = HIGHEST) -> None:
        self._highest = highest
        self._lock = Lock()
        self._kept: OrderedDict[UUID, tuple[int, hashlib._Hash]] = OrderedDict()

    def take(self, upload: UUID, offset: int) -> hashlib._Hash | None:
        """The digest of the first ``offset`` bytes, if it is known; it is not kept any longer."""
        with self._lock:
            kept = self._kept.pop(upload, None)
        if offset == 0:
            return hashlib.sha256()
        return kept[1] if kept is not None and kept[0] == offset else None

    def keep(self, upload: UUID, offset: int, digest: hashlib._Hash) -> None:
        """Remember the digest of the first ``offset`` bytes."""
        with self._lock:
            self._kept[upload] = (offset, digest)
            while len(self._kept) > self._highest:
                self._kept.popitem(last=False)


running = RunningDigests()

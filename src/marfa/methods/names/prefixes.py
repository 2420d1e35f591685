"""Numbers under texts, found by how the texts begin."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator


class Beginnings:
    """Texts in their order, each with a number; finding is a binary search."""

    def __init__(self, entries: Iterable[tuple[str, int]] = ()) -> None:
        self._held = sorted(entries)

    def add(self, text: str, number: int) -> None:
        insort(self._held, (text, number))

    def discard(self, text: str, number: int) -> None:
        """Take an entry away; nothing happens where it is not there."""
        place = bisect_left(self._held, (text, number))
        if self._held[place : place + 1] == [(text, number)]:
            del self._held[place]

    def with_prefix(self, prefix: str) -> Iterator[int]:
        """The numbers of all texts that begin so."""
        for place in range(bisect_left(self._held, (prefix, -1)), len(self._held)):
            text, number = self._held[place]
            if not text.startswith(prefix):
                return
            yield number

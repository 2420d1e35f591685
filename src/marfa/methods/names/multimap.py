"""Numbers filed under keys, small in memory: most keys have one number alone."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Multimap(Generic[K]):
    """Key -> numbers. A key whose last number is taken away is gone."""

    def __init__(self) -> None:
        self._held: dict[K, int | array[int]] = {}

    def __contains__(self, key: K) -> bool:
        return key in self._held

    def get(self, key: K) -> Sequence[int]:
        """The numbers under a key; none where there is no such key."""
        held = self._held.get(key)
        if held is None:
            return ()
        return (held,) if isinstance(held, int) else held

    def add(self, key: K, number: int) -> None:
        held = self._held.get(key)
        if held is None:
            self._held[key] = number
        elif isinstance(held, int):
            self._held[key] = array("I", (held, number))
        else:
            held.append(number)

    def discard(self, key: K, number: int) -> None:
        """Take a number away. Raises KeyError or ValueError where it is not there."""
        held = self._held[key]
        if isinstance(held, int):
            if held != number:
                raise ValueError(number)
            del self._held[key]
            return
        held.remove(number)
        if len(held) == 1:
            self._held[key] = held[0]

    def pop(self, key: K) -> Sequence[int]:
        """Take a key away with its numbers. Raises KeyError."""
        numbers = self.get(key)
        del self._held[key]
        return numbers

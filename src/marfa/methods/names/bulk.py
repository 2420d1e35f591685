"""Two lists against one another: every pair of names that scores at least a floor.

Each list's names are taken apart once, and two distinct parts are compared once, however many names
have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from marfa.methods.names.compare import VERSION
from marfa.methods.names.index import NameIndex

BATCH = 500


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two keys, one of each list, and the best score of their names."""

    left: str
    right: str
    score: float
    version: str = VERSION


def pairs(
    a: Iterable[tuple[str, str]],
    b: Iterable[tuple[str, str]],
    floor: float,
    *,
    cores: int = 1,
) -> Iterator[NamePair]:
    """Pairs of keys whose names score at least the floor, in the order of ``a``, then by key.

    a, b: keys with names; a key may have several. cores: how many processes share the work; the
    result is the same. For a floor below 0.6 every pair is compared in full. Raises ValueError for
    a floor outside (0.3, 1], or fewer than one core.
    """
    if not 0.3 < floor <= 1.0:
        raise ValueError("the floor lies above 0.3, up to 1")
    if cores < 1:
        raise ValueError("at least one core")
    grouped: dict[str, dict[str, None]] = {}
    for key, name in a:
        grouped.setdefault(key, {})[name] = None
    asked = [(key, tuple(names)) for key, names in grouped.items()]
    listed = tuple(b)
    if cores == 1 or len(asked) <= BATCH:
        yield from _Task(listed, floor).pairs_of(asked)
        return
    with ProcessPoolExecutor(
        cores, mp_context=get_context("spawn"), initializer=_begin, initargs=(listed, floor)
    ) as pool:
        for found in pool.map(_work, _batches(asked)):
            yield from found


Asked = Sequence[tuple[str, tuple[str, ...]]]


def _batches(asked: Asked) -> Iterator[Asked]:
    for start in range(0, len(asked), BATCH):
        yield asked[start : start + BATCH]


class _Task:
    """One list held ready."""

    def __init__(self, listed: Sequence[tuple[str, str]], floor: float) -> None:
        self._floor = floor
        self._index = NameIndex()
        for key, name in listed:
            self._index.add(key, name)

    def pairs_of(self, asked: Asked) -> Iterator[NamePair]:
        for left, names in asked:
            best: dict[str, float] = {}
            for name in names:
                for right, score in self._index.search_all(name, self._floor):
                    best[right] = max(score, best.get(right, 0.0))
            for right in sorted(best):
                yield NamePair(left, right, best[right])


_task: _Task | None = None


def _begin(listed: Sequence[tuple[str, str]], floor: float) -> None:
    global _task
    _task = _Task(listed, floor)


def _work(asked: Asked) -> list[NamePair]:
    if _task is None:
        raise RuntimeError("the process was not begun")
    return list(_task.pairs_of(asked))

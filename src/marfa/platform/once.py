"""Answers that one page asks for several times, found once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_found: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers_found", default=None)


@contextlib.contextmanager
def answers_kept() -> Iterator[None]:
    """Within the block ``find_once`` finds each answer once: for pages that only show things. What
    changes something asks anew."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def find_once(key: Hashable, find: Callable[[], T]) -> T:
    """An answer, found by ``find`` unless it was found in this block before."""
    kept = _found.get()
    if kept is None:
        return find()
    if key not in kept:
        kept[key] = find()
    answer: T = kept[key]
    return answer

"""Long answers of the database, read as far as somebody takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
R = TypeVar("R")


def in_slices(rows: QuerySet[M, R], size: int) -> Iterator[R]:
    """The rows of an ordered query; of those that nobody takes at most ``size`` are read.

    Outside a transaction ``QuerySet.iterator`` does not do that on PostgreSQL: its cursor outlives
    the statement, and the server first puts every row aside.
    """
    start = 0
    while True:
        some = list(rows[start : start + size])
        yield from some
        if len(some) < size:
            return
        start += size

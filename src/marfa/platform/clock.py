"""The one clock. Everything that asks for the time asks here, so that tests can travel.

Times are aware and in UTC, inside and in the database; a site's zone is put on at the edge.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Source = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one place that may


_source: Source = _system


def now() -> datetime:
    """The present, aware, in UTC."""
    return _source()


def today(zone: str) -> date:
    """The date at a place now. zone: a name such as ``"Africa/Tripoli"``."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextlib.contextmanager
def set_to(moment: datetime | Source) -> Iterator[None]:
    """For tests: the clock stands at a moment, or shows what a function says, for the block.

    Raises ValueError for a naive moment: which instant it means would depend on the machine.
    """
    global _source
    before = _source
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        fixed = moment.astimezone(UTC)
        _source = lambda: fixed  # noqa: E731
    else:
        _source = moment
    try:
        yield
    finally:
        _source = before


def advance(moment: datetime, **parts: float) -> datetime:
    """``moment`` moved on by exact elapsed time (``hours=72``), across any change of clocks."""
    return moment.astimezone(UTC) + timedelta(**parts)

"""Taking attempts: the generic cell rate algorithm, a token bucket that is one number.

Source: ITU-T I.371 (03/2004), annex A; the "virtual scheduling" form. A bucket of ``burst``
tokens that gains one every ``interval`` is described by the time at which it is full again, so
one conditional UPDATE asks and takes, and no two processes can take the same token.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac

from marfa.platform import clock
from marfa.platform.limits.models import Counter

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Limit:
    """``burst`` attempts at once, and one more after every ``interval``.

    name: a constant of the program; two limits never share a counter.
    Raises ValueError for a limit that would never or always let through.
    """

    name: str
    burst: int
    interval: timedelta

    def __post_init__(self) -> None:
        if self.burst < 1 or self.interval < MICROSECOND or not self.name:
            raise ValueError("a limit has a name, a burst from 1 and an interval above 0")


def spend_attempt(limit: Limit, *parts: str) -> bool:
    """Take one attempt for what the parts name together; False where none is left.

    Commits at once: what fails afterwards does not give the attempt back. Raises RuntimeError
    inside an open transaction, whose end would decide over it.
    """
    key, now = _key(limit, parts), _now()
    interval = limit.interval // MICROSECOND
    latest = now + (limit.burst - 1) * interval
    with transaction.atomic(durable=True):
        Counter.objects.bulk_create([Counter(key=key, full_at=now)], ignore_conflicts=True)
        # The condition names this row alone, so PostgreSQL asks it again after waiting.
        taken = Counter.objects.filter(key=key, full_at__lte=latest).update(
            full_at=Greatest(F("full_at"), Value(now)) + interval
        )
    return taken == 1


def attempts_left(limit: Limit, *parts: str) -> int:
    """How many attempts are there now; asking takes none."""
    now, interval = _now(), limit.interval // MICROSECOND
    full_at = Counter.objects.filter(key=_key(limit, parts)).values_list("full_at", flat=True)
    ahead = max((max(full_at.first() or 0, now)) - now, 0)
    return max(limit.burst - -(-ahead // interval), 0)


def give_attempts_back(limit: Limit, *parts: str) -> None:
    """Give all attempts back, after one that succeeded."""
    Counter.objects.filter(key=_key(limit, parts)).delete()


def forget_full() -> int:
    """Delete counters whose attempts are all there again: they say nothing any more. How many."""
    return Counter.objects.filter(full_at__lte=_now()).delete()[0]


def _key(limit: Limit, parts: tuple[str, ...]) -> str:
    framed = "".join(f"{len(part)}:{part}" for part in (limit.name, *parts))
    return salted_hmac("marfa.platform.limits", framed, algorithm="sha256").hexdigest()


def _now() -> int:
    return round(clock.now().timestamp() * 1_000_000)

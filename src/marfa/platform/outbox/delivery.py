"""The pass over what waits for one destination."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, Min, OuterRef, QuerySet

from marfa.platform import clock
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.states import describe_error
from marfa.platform.outbox.destinations import Destination, all_destinations
from marfa.platform.outbox.models import Parcel

log = logging.getLogger("marfa.outbox")

KEPT = timedelta(days=30)
WAITING, SENT = Parcel.State.WAITING, Parcel.State.SENT


def lane_heads(name: str) -> QuerySet[Parcel]:
    """The first waiting parcel of each lane of a destination.

    Found among what waits, not behind a mark of how far one was: a transaction that took
    longer may commit a parcel with an older key.
    """
    before = Parcel.objects.filter(
        destination=OuterRef("destination"),
        lane=OuterRef("lane"),
        state=WAITING,
        id__lt=OuterRef("id"),
    )
    waiting = Parcel.objects.filter(destination=name, state=WAITING)
    return waiting.exclude(Exists(before)).order_by("id")


def deliver_due(where: Destination, run: Run) -> None:
    """Deliver all that is due; come back for what has to be tried again later.

    A lane whose first parcel has to wait is passed by, and holds up no other.
    """
    if not where.carrier.ready():
        return
    for count, identifier in enumerate(_due(where.name), start=1):
        run.check()
        run.beat()
        run.check()
        _deliver(where, identifier)
        run.progress(count)
    with run.effect():
        later = lane_heads(where.name).aggregate(first=Min("run_at"))["first"]
        if later is not None:
            where.job.using(run_at=later).enqueue()


def _due(name: str) -> Iterator[uuid.UUID]:
    """Parcels to deliver, one after the other, until nothing is due any more."""
    while True:
        due = lane_heads(name).filter(run_at__lte=clock.now())
        found = list(due.values_list("id", flat=True)[:100])
        if not found:
            return
        yield from found


def _deliver(where: Destination, identifier: uuid.UUID) -> None:
    parcel = Parcel.objects.filter(pk=identifier, state=WAITING).first()
    if parcel is None:
        return
    row = Parcel.objects.filter(pk=identifier, state=WAITING)
    try:
        arguments = where.kinds[parcel.kind].load(parcel.arguments)
        needed = where.carrier.deliver(parcel, arguments)
    except Exception as error:
        _failed(where, parcel, error)
        return
    state = SENT if needed else Parcel.State.NEEDLESS
    row.update(state=state, ended_at=clock.now(), error="")


def _failed(where: Destination, parcel: Parcel, error: Exception) -> None:
    what = describe_error(error)
    log.error("%s failed: %s", parcel, what)
    attempts = parcel.attempts + 1
    row = Parcel.objects.filter(pk=parcel.pk, state=WAITING)
    now = clock.now()
    if attempts >= where.retry.attempts:
        row.update(state=Parcel.State.DEAD, attempts=attempts, ended_at=now, error=what)
    else:
        run_at = now + where.retry.rest(attempts)
        row.update(attempts=attempts, run_at=run_at, error=what)


def sweep_destinations() -> int:
    """Enqueue the delivery of every destination for which something is due.

    Posting does this already; this finds what waits although its job was lost, cancelled, or
    failed for good. Returns how many destinations there were.
    """
    found = 0
    for where in all_destinations():
        if where.carrier.ready() and _is_due(where.name, clock.now()):
            where.job.enqueue()
            found += 1
    return found


def _is_due(name: str, now: datetime) -> bool:
    return Parcel.objects.filter(destination=name, state=WAITING, run_at__lte=now).exists()


def prune_parcels() -> int:
    """Delete what was sent, or no longer needed, 30 days ago."""
    old = Parcel.objects.filter(
        state__in=[SENT, Parcel.State.NEEDLESS], ended_at__lt=clock.now() - KEPT
    )
    return old.delete()[0]


def dead_parcels() -> QuerySet[Parcel]:
    """What could not be delivered, the latest first."""
    return Parcel.objects.filter(state=Parcel.State.DEAD).order_by("-ended_at", "-id")


def retry_parcel(*, parcel: uuid.UUID) -> bool:
    """Let what could not be delivered be tried again from now on; False where it is not dead."""
    row = Parcel.objects.filter(pk=parcel, state=Parcel.State.DEAD)
    return bool(row.update(state=WAITING, attempts=0, run_at=clock.now(), ended_at=None))
